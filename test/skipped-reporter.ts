import type { Reporter, TestCase, TestModule } from 'vitest/node';

/** Says at the end which tests did not run. Their titles name what they want, as `(DATABASE_URL)`. */
export default class SkippedReporter implements Reporter {
  onTestRunEnd(modules: readonly TestModule[]): void {
    const counts = new Map<string, number>();
    for (const module of modules) {
      for (const test of module.children.allTests('skipped')) {
        const suite = outermost(test);
        counts.set(suite, (counts.get(suite) ?? 0) + 1);
      }
    }
    for (const [suite, count] of counts) {
      process.stdout.write(`skipped  ${suite} · ${count} ${count === 1 ? 'test' : 'tests'}\n`);
    }
  }
}

function outermost(test: TestCase): string {
  const [title] = test.fullName.split(' > ');
  return `${test.module.relativeModuleId}: ${title}`;
}
