import { defineConfig } from 'vitest/config';

export default defineConfig({
  test: {
    include: ['test/**/*.test.ts'],
    globalSetup: './test/build-kernel.ts',
    setupFiles: ['./test/fuzz.ts'],
    reporters: ['default', './test/skipped-reporter.ts'],
    // For machines ten times slower than ours; whatever waits, waits for something to happen.
    testTimeout: 240_000,
    hookTimeout: 240_000,
    expect: { poll: { timeout: 60_000 } },
    // All cores: the default leaves one out, which on two of them doubles the time.
    maxWorkers: '100%',
  },
});
