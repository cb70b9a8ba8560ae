import { availableParallelism, totalmem } from 'node:os';
import { defineConfig } from 'vitest/config';

export default defineConfig({
  test: {
    include: ['test/**/*.test.ts'],
    globalSetup: './test/build-kernel.ts',
    setupFiles: ['./test/fuzz.ts'],
    reporters: ['default', './test/skipped-reporter.ts'],
    // For machines ten times slower than ours; whatever waits, waits for something to happen.
    testTimeout: 600_000,
    hookTimeout: 600_000,
    expect: { poll: { timeout: 120_000 } },
    maxWorkers: maxWorkers(),
  },
});

/**
 * All cores: the default leaves one out, which on two of them doubles the time. But no more than
 * there is room for: a gigabyte for each.
 */
function maxWorkers(): number {
  const bytes = Math.min(totalmem(), process.constrainedMemory() || Number.POSITIVE_INFINITY);
  return Math.max(1, Math.min(availableParallelism(), Math.floor(bytes / 2 ** 30)));
}
