import { type Language, WORDINGS } from '../wording/index.ts';
import { ciText } from './ci-text.ts';
import { gateGlyphs } from './gate-glyphs.ts';
import type { GateCheck, GateReport } from './gate-report.ts';
import { figureName, linesOf, sentenceOf } from './gate-sentences.ts';
import { GATE_WORDINGS } from './gate-wording.ts';
import { type GateVoice, markOf, tallyTexts } from './gate-words.ts';

/**
 * The decision as JUnit XML, a test case for each check: one that failed is a `failure`, one that
 * could not be decided is `skipped`. A failure that only warns stands in `system-out`. Its time
 * stamp is the end of the candidate's data: nothing here reads a clock.
 */
export function gateJunit(
  report: GateReport,
  { language }: { readonly language: Language },
): string {
  const voice: GateVoice = {
    wording: WORDINGS[language],
    gate: GATE_WORDINGS[language],
    glyphs: gateGlyphs(false),
  };
  const marks = report.checks.map(markOf);
  const count = (mark: (typeof marks)[number]) => marks.filter((one) => one === mark).length;
  const totals =
    attribute('tests', String(marks.length)) +
    attribute('failures', String(count('fail'))) +
    attribute('errors', '0') +
    attribute('skipped', String(count('inconclusive'))) +
    attribute('time', '0');
  const head = `${voice.gate.gate} ${voice.gate.verdict[report.verdict]}: ${tallyTexts(report, voice).join(', ')}`;
  const warnings = report.checks
    .filter((check) => markOf(check) === 'warn')
    .map((check) => `${voice.gate.row.warn} ${check.id}: ${messageOf(check, report, voice)}`);
  return [
    '<?xml version="1.0" encoding="UTF-8"?>',
    '<testsuites>',
    `  <testsuite${attribute('name', 'scanlens.gate')}${attribute('package', 'scanlens')}${attribute('id', '0')}${attribute('hostname', 'localhost')}${attribute('timestamp', timestampOf(report))}${totals}>`,
    '    <properties>',
    ...propertiesOf(report).map(
      ([name, value]) => `      <property${attribute('name', name)}${attribute('value', value)}/>`,
    ),
    '    </properties>',
    ...report.checks.flatMap((check) => testCase(check, report, voice)),
    `    <system-out>${xmlText([head, ...warnings].join('\n'))}</system-out>`,
    '    <system-err></system-err>',
    '  </testsuite>',
    '</testsuites>',
    '',
  ].join('\n');
}

function propertiesOf({
  tool,
  verdict,
  candidate,
  baseline,
}: GateReport): readonly [string, string][] {
  return [
    ['verdict', verdict],
    ['version', tool.version],
    ['rules', tool.rulesDigest],
    ['candidate.decided', String(candidate.decided)],
    ['candidate.failed', String(candidate.failed)],
    ...(baseline === null
      ? []
      : ([
          ['baseline.decided', String(baseline.decided)],
          ['baseline.failed', String(baseline.failed)],
        ] as [string, string][])),
  ];
}

/** Without a zone, as the schema has it. */
function timestampOf({ candidate }: GateReport): string {
  return (candidate.to ?? '1970-01-01T00:00:00.000Z').slice(0, 19);
}

function testCase(check: GateCheck, report: GateReport, voice: GateVoice): readonly string[] {
  const per = check.per === null ? '' : ` ${voice.gate.per[check.per]}`;
  const open = `    <testcase${attribute('classname', 'scanlens.gate')}${attribute('name', `${check.id}: ${check.metric}${per}`)}${attribute('time', '0')}`;
  const mark = markOf(check);
  if (mark === 'pass' || mark === 'warn') return [`${open}/>`];
  const message = messageOf(check, report, voice);
  if (mark === 'inconclusive')
    return [`${open}>`, `      <skipped${attribute('message', message)}/>`, '    </testcase>'];
  return [
    `${open}>`,
    `      <failure${attribute('message', message.split('\n')[0])}${attribute('type', 'regression')}>${xmlText(message)}</failure>`,
    '    </testcase>',
  ];
}

/** What did not pass, a line each. */
function messageOf(check: GateCheck, report: GateReport, voice: GateVoice): string {
  return linesOf({ checks: [check] })
    .filter(({ limit }) => limit.verdict === check.verdict)
    .map((line) => `${figureName(line)}: ${sentenceOf(line, report, voice)}`)
    .join('\n');
}

function attribute(name: string, value: string): string {
  return ` ${name}="${xmlText(value).replaceAll('"', '&quot;').replaceAll('\n', '&#10;')}"`;
}

/** Line breaks are ours; all other text is made visible first. */
function xmlText(text: string): string {
  return text
    .split('\n')
    .map((line) =>
      ciText(line)
        .replace(/[\ufffe\uffff]/g, '\ufffd')
        .replaceAll('&', '&amp;')
        .replaceAll('<', '&lt;')
        .replaceAll('>', '&gt;'),
    )
    .join('\n');
}
