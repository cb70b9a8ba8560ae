// failed-tests.mjs RESULTS: from vitest's JSON, the name of each failed test and the first lines of
// what it said; last `N N`, the tests that passed and that failed. A file that could not even load
// counts as one failure.
import { readFileSync } from 'node:fs';
import { relative } from 'node:path';

const { numPassedTests, testResults } = JSON.parse(readFileSync(process.argv[2], 'utf8'));
const failures = testResults.flatMap(({ name, status, message, assertionResults }) => {
  const file = relative('', name);
  const failed = assertionResults.filter((test) => test.status === 'failed');
  if (status === 'failed' && failed.length === 0) return [{ title: file, message }];
  return failed.map((test) => ({
    title: `${file} > ${[...test.ancestorTitles, test.title].join(' > ')}`,
    message: test.failureMessages.join('\n'),
  }));
});

for (const { title, message } of failures) {
  const lines = message.split('\n').slice(0, 25);
  console.log(
    ['', `FAILED ${title}`, ...lines.map((line) => `  ${line.slice(0, 400)}`)].join('\n'),
  );
}
console.log(`${numPassedTests} ${failures.length}`);
