import { spawnSync } from 'node:child_process';
import { fileURLToPath } from 'node:url';
import { Ajv } from 'ajv';
import { describe, expect, test } from 'vitest';
import {
  type Check,
  compare,
  DEFAULT_CHECKS,
  DEFAULT_CONFIG,
  decide,
  parseShorthand,
} from '../../src/gate/index.ts';
import { parseZone } from '../../src/normalise/index.ts';
import {
  baselineText,
  buildGateReport,
  GATE_SCHEMA,
  type GateReport,
  gateAnnotations,
  gateJson,
  gateJunit,
  gateMarkdown,
  gateText,
  openMetrics,
} from '../../src/report/index.ts';
import { reportOf, rule } from '../report/some-day.ts';
import { baselineOf, snapshotOf } from './traffic.ts';
import { junitProblems, readXml, skeletonOf } from './xml.ts';

const XSD = fileURLToPath(new URL('junit.xsd', import.meta.url));
const has = (program: string) => spawnSync(program, ['--version']).error === undefined;

const OPTIONS = {
  language: 'en',
  colorLevel: 0,
  ascii: false,
  width: 100,
  zone: parseZone('UTC'),
  top: 10,
} as const;

/** A decision in which `text` stands wherever logs, files and people may put it. */
function reportWith(text: string): GateReport {
  const strata = [text === '' ? 'region' : text];
  const groups = (failed: number) => [
    { values: [text], decided: 5000, failed: { odd_rule: failed, calm_rule: 40 } },
    { values: [undefined], decided: 5000, failed: { calm_rule: 60, 'odd_rule@userinfo': 3 } },
  ];
  const checks: Check[] = [
    ...DEFAULT_CHECKS,
    { ...DEFAULT_CHECKS[0], id: text, level: 'warn' },
    { ...DEFAULT_CHECKS[0], id: `${text} 2`, limits: [{ kind: 'max', value: 0.0253 }] },
    parseShorthand('p95(exchange) > baseline * 1.25', {
      flag: '--fail-if',
      id: 'slow',
      rules: [],
    }),
  ];
  const decision = decide({
    config: { ...DEFAULT_CONFIG, strata, checks },
    candidate: snapshotOf({ groups: groups(150), open: 3 }),
    rulesDigest: 'r1',
    baseline: baselineOf({ groups: groups(30) }, { strata }),
  });
  return buildGateReport(decision, {
    kind: 'gate',
    tool: { version: '0.1.0', rulesDigest: 'r1' },
    rules: [
      rule('odd_rule', {
        title: { en: text, zh: text },
        remediation: { en: text, zh: text },
      }),
    ],
    candidateName: text,
    baselineName: text,
  });
}

const HOSTILE: Readonly<Record<string, string>> = {
  'ANSI colour': '\u001b[31mred\u001b[0m',
  'ANSI that clears the screen': '\u001b[2J\u001b[H',
  'a C1 control': '\u009b31m',
  'GitHub command': '::set-output name=x::y',
  'GitHub command on a new line': 'x\n::error::pwned',
  'GitHub command after a carriage return': 'x\r::stop-commands::tok',
  'old GitHub command': '##[error]pwned',
  'Azure command': '##vso[task.setvariable variable=x]y',
  'TeamCity command': "##teamcity[buildStatus status='SUCCESS']",
  'encoded line feed': '%0A::error::x',
  'Markdown table': 'a | b |\n| - | - |',
  'Markdown link': '[click](javascript:alert(1))',
  'Markdown code': '`code` ``` more',
  'Markdown heading': '# Title\n## Title',
  'Markdown emphasis': '**bold** _it_ ~~gone~~',
  'HTML element': '<script>alert(1)</script>',
  'HTML image': '<img src=x onerror=alert(1)>',
  'HTML entity': '&lt;b&gt; &#60;',
  'XML section end': ']]> --> <!-- <![CDATA[',
  'XML attribute end': '"/><failure message="x',
  'spreadsheet formula': "=cmd|' /C calc'!A0",
  'spreadsheet sums': '+1+1 @SUM(A1) -2',
  'right-to-left override': 'abc\u202egpj.exe',
  'right-to-left isolate': '\u2067abc\u2069',
  'zero width': 'a\u200bb\u200dc\ufeffd',
  'lone surrogate': 'a\ud800b',
  'not a character': 'a\ufffeb\uffffc',
  'NUL and bell': 'a\u0000b\u0007c',
  'line and paragraph separators': 'a\u2028b\u2029c',
  'a metric of its own': 'x"} 1\nscanlens_failure_ratio 0\nx{a="',
  backslashes: 'a\\b\\"c\\n',
  'a very long word': 'x'.repeat(5000),
};

const INVISIBLE =
  /[\u0000-\u0009\u000b-\u001f\u007f-\u009f\u200b-\u200f\u2028-\u202e\u2060-\u206f\ufeff]|\p{Surrogate}/u;

const OUTPUTS = {
  text: (report: GateReport, inputs: readonly string[]) => gateText(report, { ...OPTIONS, inputs }),
  markdown: (report: GateReport, inputs: readonly string[]) =>
    gateMarkdown(report, { ...OPTIONS, inputs }),
  json: (report: GateReport) => gateJson(report),
  junit: (report: GateReport) => gateJunit(report, OPTIONS),
  annotations: (report: GateReport) => gateAnnotations(report, OPTIONS),
} as const;

describe.each(Object.entries(HOSTILE))('%s', (_, hostile) => {
  const calm = reportWith('calm');
  const report = reportWith(hostile);

  test.each(Object.entries(OUTPUTS))('shows in no way in %s', (name, output) => {
    const shown = output(report, [hostile]);
    expect(INVISIBLE.exec(shown)?.index).toBeUndefined();
    for (const line of shown.split('\n')) {
      expect(line).not.toMatch(/##(\[|vso|teamcity)/);
      if (name !== 'annotations') expect(line.trimStart()).not.toMatch(/^::/);
    }
  });

  test('leaves text with as many lines, none much wider than asked for', () => {
    const lines = gateText(report, { ...OPTIONS, inputs: ['app.log'] }).split('\n');
    for (const line of lines) expect(line.length).toBeLessThan(200);
    const sections = (text: string) =>
      text.split('\n').filter((line) => /^[A-Z]/.test(line)).length;
    expect(sections(lines.join('\n'))).toBe(
      sections(gateText(calm, { ...OPTIONS, inputs: ['app.log'] })),
    );
  });

  test('leaves Markdown its structure', () => {
    const structure = (text: string) =>
      text.split('\n').map((line) => ({
        start: /^(#+ |- |\||$)?/.exec(line)?.[0],
        cells: line.startsWith('|') ? line.replaceAll('\\|', '').split('|').length : 0,
      }));
    const shown = gateMarkdown(report, { ...OPTIONS, inputs: ['app.log'] });
    expect(structure(shown)).toEqual(
      structure(gateMarkdown(calm, { ...OPTIONS, inputs: ['app.log'] })),
    );
    // Outside of code, nothing that HTML or a link could begin with.
    const outside = shown.replace(/`[^`\n]*`/g, '');
    expect(outside).not.toMatch(/<|(?<!\\)\]\(|(?<!\\)\[/);
  });

  test('leaves JUnit its elements, and valid', () => {
    const xml = gateJunit(report, OPTIONS);
    const root = readXml(xml);
    expect(skeletonOf(root)).toEqual(skeletonOf(readXml(gateJunit(calm, OPTIONS))));
    expect(junitProblems(root)).toEqual([]);
  });

  test('leaves annotations one line each', () => {
    const lines = gateAnnotations(report, OPTIONS).split('\n').slice(0, -1);
    expect(lines.length).toBe(gateAnnotations(calm, OPTIONS).split('\n').length - 1);
    for (const line of lines)
      expect(line).toMatch(
        /^::(error|warning) title=scanlens gate%3A [^:,\r\n]*::[^\r\n]{1,3100}$/,
      );
  });

  test('leaves JSON what it was', () => {
    const parsed = JSON.parse(gateJson(report)) as GateReport;
    expect(parsed).toEqual(JSON.parse(JSON.stringify(report)));
    expect(parsed.candidate.name).toBe(hostile);
  });

  test('leaves metrics their lines, and valid', () => {
    const metrics = openMetrics(metricsWith(hostile));
    const calmMetrics = openMetrics(metricsWith('calm'));
    expect(INVISIBLE.exec(metrics)?.index).toBeUndefined();
    expect(metrics.split('\n').length).toBe(calmMetrics.split('\n').length);
    expect(metricProblems(metrics)).toEqual([]);
  });

  test('leaves a baseline shown as many lines', () => {
    const lines = (text: string) =>
      baselineText(baselineOf({ groups: [{ decided: 9 }] }), text, { ...OPTIONS, inputs: [] });
    expect(INVISIBLE.exec(lines(hostile))?.index).toBeUndefined();
    expect(lines(hostile).split('\n').length).toBe(lines('calm').split('\n').length);
  });
});

/** A report whose breakdown, rule and finding say `text`. */
function metricsWith(text: string) {
  const report = reportOf();
  return {
    ...report,
    tool: { ...report.tool, version: text },
    breakdowns: {
      [text]: [
        { value: text, folded: false, decided: 10, failed: 1, rate: 0.1, low: 0, high: 0.4 },
        { value: null, folded: false, decided: 5, failed: 1, rate: 0.2, low: 0, high: 0.5 },
      ],
    },
  };
}

/** What Prometheus's text format and OpenMetrics both ask for. */
function metricProblems(text: string): readonly string[] {
  const problems: string[] = [];
  const series = new Set<string>();
  const typed = new Set<string>();
  const lines = text.split('\n');
  if (lines.pop() !== '' || lines.pop() !== '# EOF') problems.push('no EOF');
  for (const line of lines) {
    const [, keyword, name] = /^# (HELP|TYPE) ([a-z_]+) \S.*$/.exec(line) ?? [];
    if (keyword === 'TYPE' && typed.has(name)) problems.push(`${name} stands twice`);
    if (keyword === 'TYPE') typed.add(name);
    if (keyword !== undefined) continue;
    const sample =
      /^([a-z_]+)(\{(?:[a-z_]+="(?:[^"\\\n]|\\\\|\\"|\\n)*",?)*\})? (-?[\d.e+-]+)$/.exec(line);
    if (sample === null || !typed.has(sample[1])) problems.push(line);
    else if (series.has(sample[1] + sample[2])) problems.push(`twice: ${line}`);
    else series.add(sample[1] + sample[2]);
  }
  return problems;
}

describe('metrics', () => {
  test('hold the figures of the report, once each', () => {
    const report = metricsWith('calm');
    const metrics = openMetrics(report);
    expect(metricProblems(metrics)).toEqual([]);
    expect(metrics).toContain(`scanlens_logins{outcome="failed"} ${report.flows.failed}\n`);
    expect(metrics).toContain(`scanlens_failure_ratio ${report.failureRate?.value}\n`);
    expect(metrics).toContain('scanlens_field_decided_logins{field="calm",value="(none)"} 5\n');
  });

  test('fold values beyond the cap', () => {
    const rows = Array.from({ length: 500 }, (_, i) => ({
      value: `v${i}`,
      folded: false,
      decided: 2,
      failed: 1,
      rate: 0.5,
      low: 0,
      high: 1,
    }));
    const metrics = openMetrics({ ...metricsWith('x'), breakdowns: { version: rows } });
    expect(metrics.match(/scanlens_field_decided_logins\{/g)).toHaveLength(21);
    expect(metrics).toContain('value="(others)"} 960\n');
    expect(metricProblems(metrics)).toEqual([]);
  });

  test('leave out what is unknown', () => {
    const metrics = openMetrics({ ...metricsWith('x'), failureRate: null });
    expect(metrics).not.toContain('scanlens_failure_ratio');
  });

  test.skipIf(!has('promtool'))('pass promtool check metrics', () => {
    for (const text of Object.values(HOSTILE)) {
      const { status, stdout, stderr } = spawnSync('promtool', ['check', 'metrics'], {
        input: openMetrics(metricsWith(text)),
        encoding: 'utf8',
      });
      expect({ status, output: stdout + stderr }).toEqual({ status: 0, output: '' });
    }
  });
});

describe('schemas', () => {
  const validate = new Ajv({ strict: false }).compile(GATE_SCHEMA);

  test.each(['calm', ...Object.values(HOSTILE)])('hold the decision about %j', (text) => {
    const ok = validate(JSON.parse(gateJson(reportWith(text))));
    expect(validate.errors ?? []).toEqual([]);
    expect(ok).toBe(true);
  });

  test('hold a comparison, and one of nothing', () => {
    const some = baselineOf({ groups: [{ decided: 900, failed: { a: 3 } }] });
    const none = baselineOf({ groups: [] });
    for (const [one, two] of [
      [some, some],
      [some, none],
      [none, some],
      [none, none],
    ]) {
      const report = buildGateReport(compare(one, two, []), {
        kind: 'compare',
        tool: { version: '0.1.0', rulesDigest: 'r1' },
        rules: [],
        candidateName: undefined,
        baselineName: undefined,
      });
      validate(JSON.parse(gateJson(report)));
      expect(validate.errors ?? []).toEqual([]);
      expect(gateText(report, { ...OPTIONS, inputs: [] })).not.toMatch(/NaN|Infinity|undefined/);
      expect(gateMarkdown(report, { ...OPTIONS, inputs: [] })).not.toMatch(
        /NaN|Infinity|undefined/,
      );
    }
  });

  test.skipIf(!has('xmllint'))('hold JUnit, says xmllint', () => {
    for (const text of ['calm', ...Object.values(HOSTILE)]) {
      const { status, stderr } = spawnSync('xmllint', ['--noout', '--schema', XSD, '-'], {
        input: gateJunit(reportWith(text), OPTIONS),
        encoding: 'utf8',
      });
      expect({ status, stderr }).toEqual({ status: 0, stderr: '- validates\n' });
    }
  });
});

describe('JUnit', () => {
  test('has a case for each check: failed, skipped where undecided, passed where it only warns', () => {
    const [suite] = readXml(gateJunit(reportWith('calm'), OPTIONS)).children;
    const outcomes = suite.children
      .filter(({ name }) => name === 'testcase')
      .map(({ attributes, children }) => [attributes.name, children[0]?.name ?? 'passed']);
    expect(outcomes).toEqual([
      ['total: failure_rate', 'failure'],
      ['rules: failure_rate per rule', 'failure'],
      ['calm: failure_rate', 'passed'],
      ['calm 2: failure_rate', 'skipped'],
      ['slow: p95(exchange)', 'skipped'],
    ]);
    expect(suite.children.at(-2)?.text).toContain('warn calm');
  });
});

describe('annotations', () => {
  test('come worst first, and ten of a kind at most', () => {
    const [check] = DEFAULT_CHECKS;
    const checks = Array.from({ length: 30 }, (_, i) => ({
      ...check,
      id: `c${i}`,
      limits: [{ kind: 'max' as const, value: 0.001 * (30 - i) }],
    }));
    const decision = decide({
      config: { ...DEFAULT_CONFIG, checks },
      candidate: snapshotOf({ groups: [{ decided: 5000, failed: { a: 400 } }] }),
      rulesDigest: 'r1',
      baseline: undefined,
    });
    const report = buildGateReport(decision, {
      kind: 'gate',
      tool: { version: '0', rulesDigest: 'r1' },
      rules: [],
      candidateName: undefined,
      baselineName: undefined,
    });
    const lines = gateAnnotations(report, OPTIONS).trim().split('\n');
    expect(lines).toHaveLength(10);
    expect(lines[0]).toContain('gate%3A c29');
    expect(lines[9]).toContain('gate%3A c20');
  });
});

describe('Markdown', () => {
  test('stays below its cap, in whole lines', () => {
    const report = reportWith('calm');
    const whole = gateMarkdown(report, { ...OPTIONS, inputs: [] });
    for (const maxBytes of [whole.length * 2, 1500, 700, 300, 60, 5, 0]) {
      const text = gateMarkdown(report, { ...OPTIONS, inputs: [], maxBytes });
      expect(new TextEncoder().encode(text).length).toBeLessThanOrEqual(maxBytes);
      for (const line of text.split('\n').slice(0, -3)) expect(whole).toContain(`${line}\n`);
    }
  });
});
