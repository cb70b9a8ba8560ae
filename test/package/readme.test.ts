import { describe, expect, test } from 'vitest';
import { ELLIPSIS, outputOf, readmeCommands } from './readme-commands.ts';

const commands = readmeCommands();

test('the README shows commands with their output', () => {
  expect(commands.length).toBeGreaterThan(2);
});

/** `npx tsx test/package/fill-readme.ts` writes the outputs anew. */
describe.each(commands)('$line', ({ line, expected }) => {
  test('prints what the README says', async () => {
    const output = await outputOf(line);
    if (expected.includes(ELLIPSIS)) expect(output).toMatch(patternOf(expected));
    else expect(output).toBe(expected.join('\n'));
  });
});

function patternOf(expected: readonly string[]): RegExp {
  const lines = expected.map((text) =>
    text === ELLIPSIS ? '[\\s\\S]*?' : text.replace(/[.*+?^${}()|[\]\\]/g, '\\$&'),
  );
  return new RegExp(`^${lines.join('\n')}$`);
}
