import fc from 'fast-check';

/**
 * Set up before every test file. `npm test` draws the same examples everywhere, so that it fails for
 * a change and never by chance. `npm run fuzz` looks for new ones: FUZZ_SEED is a number or `random`,
 * FUZZ_RUNS says how many times as many runs as usual.
 */
const { FUZZ_SEED = '20190617', FUZZ_RUNS = '1' } = process.env;

/** How often to run a property that runs this often in `npm test`. */
export function runs(usual: number): number {
  return Math.ceil(usual * Number(FUZZ_RUNS));
}

fc.configureGlobal({
  numRuns: runs(100),
  ...(FUZZ_SEED === 'random' ? {} : { seed: Number(FUZZ_SEED) }),
});
