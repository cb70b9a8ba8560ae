import { defineConfig } from 'vitest/config';

export default defineConfig({
  test: {
    include: ['test/**/*.test.ts'],
    reporters: ['default', './test/skipped-reporter.ts'],
    testTimeout: 60_000,
    hookTimeout: 60_000,
    // All cores: the default leaves one out, which on two of them doubles the time.
    maxWorkers: '100%',
  },
});
