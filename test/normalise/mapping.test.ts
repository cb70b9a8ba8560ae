import { describe, expect, test } from 'vitest';
import { parseMapping } from '../../src/normalise/index.ts';

function problemsOf(text: string): string[] {
  return parseMapping('my.yaml', text).problems.map(
    ({ file, line, column, code, message, hint }) =>
      `${file}:${line}:${column} ${code} ${message}${hint === undefined ? '' : ` (${hint})`}`,
  );
}

test('a mapping is read', () => {
  const { mapping, problems } = parseMapping(
    'my.yaml',
    `description: ours
fields:
  login.qrcode_id: [loginKey, ctx.key]
  time: happened_at
stages:
  - name: done
    stage: session
    outcome: ok
    kind: password
    certain: true
    detection:
      selection: {step: done}
      condition: selection
  - name: noise
    stage: none
    detection:
      selection: {step: tick}
      condition: selection
`,
  );
  expect(problems).toEqual([]);
  expect(mapping.fields).toEqual([
    { field: 'login.qrcode_id', names: ['loginKey', 'ctx.key'] },
    { field: 'time', names: ['happened_at'] },
  ]);
  expect(mapping.stages).toMatchObject([
    { name: 'done', stage: 'session', outcome: 'ok', kind: 'password', certain: true, line: 6 },
    { name: 'noise', stage: undefined, outcome: 'seen', kind: 'qr', certain: false, line: 14 },
  ]);
});

test('an empty file maps nothing', () => {
  expect(parseMapping('my.yaml', '')).toEqual({
    mapping: { file: 'my.yaml', fields: [], stages: [] },
    problems: [],
  });
});

describe('everything that is wrong is told with its place', () => {
  test('at once', () => {
    expect(
      problemsOf(`stages:
  - name: a
    stage: sesion
    detection: {s: {message: x}, condition: s}
  - stage: session
    detection: {s: {message: x}, condition: t}
stagez: []
fields:
  login.qrcodeid: x
  login.state: {a: b}
`),
    ).toEqual([
      'my.yaml:7:1 unknown-key unknown key "stagez" (did you mean "stages"?)',
      'my.yaml:10:16 wrong-type "login.state" must be a name or a list of names',
      'my.yaml:3:12 unknown-value "stage" cannot be "sesion" (did you mean "session"?)',
      'my.yaml:5:5 missing-key the stage rule lacks "name"',
      'my.yaml:9:3 unknown-field unknown field "login.qrcodeid" (did you mean "login.qrcode_id"?)',
      expect.stringContaining('my.yaml:6:'),
    ]);
  });

  test.each([
    ['stages: [', 'yaml-syntax'],
    ['- a', 'wrong-type'],
    ['a: 1\n---\nb: 2', 'many-documents'],
    [
      'stages: [{name: a, stage: session, detection: {s: {message: x}, condition: not s}}]',
      'matches-everything',
    ],
    ['stages: [{name: a, stage: session, detection: {s: [x], condition: s}}]', 'keywords'],
    [
      'stages: [{name: a, stage: session, detection: {s: {message|contians: x}, condition: s}}]',
      'unknown-modifier',
    ],
    [
      'stages: [{name: a, stage: session, outcome: good, detection: {s: {message: x}, condition: s}}]',
      'unknown-value',
    ],
    [
      'stages: [{name: a, stage: none, detection: {s: {m: x}, condition: s}}, {name: a, stage: none, detection: {s: {m: y}, condition: s}}]',
      'duplicate-name',
    ],
    ['fields: {message: ""}', 'wrong-type'],
  ])('%s', (text, code) => {
    expect(parseMapping('my.yaml', text).problems.map((problem) => problem.code)).toContain(code);
  });

  test('a broken rule leaves the others', () => {
    const { mapping, problems } = parseMapping(
      'my.yaml',
      `stages:
  - {name: a, stage: session, detection: {s: {message: x}, condition: t}}
  - {name: b, stage: session, detection: {s: {message: x}, condition: s}}
`,
    );
    expect(problems).not.toEqual([]);
    expect(mapping.stages.map(({ name }) => name)).toEqual(['b']);
  });
});
