import { existsSync, readdirSync, readFileSync } from 'node:fs';
import { fileURLToPath } from 'node:url';
import { parseArgs } from 'node:util';
import { parseMapping } from '../src/normalise/index.ts';
import { loadRules } from '../src/ruleset/index.ts';
import { createEventMatcher } from '../src/workshop/index.ts';

/**
 * Measures the rule library against labelled messages of real libraries, by the path that
 * `rules match` takes. A prediction is the class of the strongest rule, or `none`.
 *
 * Ends with 1 when the goal is missed; says so and ends with 0 when there is no corpus.
 */
const GOAL = { macroF1: 0.97, falseAlarms: 0 };
const ROOT = fileURLToPath(new URL('../', import.meta.url));
const NONE = 'none';

interface LabelledLine {
  readonly text: string;
  readonly label: string;
  /** Other labels that the text alone bears as well. */
  readonly accept?: readonly string[];
  readonly lib?: string;
}

interface Prediction {
  readonly line: LabelledLine;
  readonly predicted: string;
  readonly rules: readonly string[];
}

const { values } = parseArgs({
  options: { file: { type: 'string', default: `${ROOT}../shared/corpus/messages.ndjson` } },
});

if (!existsSync(values.file)) {
  process.stdout.write(`no labelled messages at ${values.file}: nothing was measured\n`);
} else {
  report(predict(readLines(values.file)));
}

function readLines(file: string): readonly LabelledLine[] {
  return readFileSync(file, 'utf8')
    .split('\n')
    .filter((line) => line.trim() !== '')
    .map((line) => JSON.parse(line) as LabelledLine);
}

function predict(lines: readonly LabelledLine[]): readonly Prediction[] {
  const loaded = loadRules(yamlFiles('rules'));
  const mappings = yamlFiles('mappings').map(({ file, text }) => parseMapping(file, text).mapping);
  const match = createEventMatcher(loaded, mappings);
  return lines.map((line) => {
    const { rules, classes } = match(line.text);
    const said = classes[0] ?? NONE;
    const predicted = line.accept?.includes(said) === true ? line.label : said;
    return { line, predicted, rules };
  });
}

function yamlFiles(folder: string): { file: string; text: string }[] {
  return readdirSync(`${ROOT}${folder}`, { recursive: true, encoding: 'utf8' })
    .filter((path) => /\.ya?ml$/.test(path))
    .sort()
    .map((path) => ({
      file: `${folder}/${path}`,
      text: readFileSync(`${ROOT}${folder}/${path}`, 'utf8'),
    }));
}

interface LabelScore {
  readonly label: string;
  readonly lines: number;
  readonly precision: number;
  readonly recall: number;
  readonly f1: number;
}

/** Precision is 0 for a label that was never predicted, so that F1 is 0 as well. */
function scoreOf(label: string, predictions: readonly Prediction[]): LabelScore {
  const count = (test: (prediction: Prediction) => boolean): number =>
    predictions.filter(test).length;
  const lines = count(({ line }) => line.label === label);
  const predicted = count((prediction) => prediction.predicted === label);
  const right = count((one) => one.line.label === label && one.predicted === label);
  return {
    label,
    lines,
    precision: predicted === 0 ? 0 : right / predicted,
    recall: lines === 0 ? 0 : right / lines,
    f1: right === 0 ? 0 : (2 * right) / (predicted + lines),
  };
}

function report(predictions: readonly Prediction[]): void {
  const labels = [...new Set(predictions.map(({ line }) => line.label))].sort();
  const scores = labels
    .filter((label) => label !== NONE)
    .map((label) => scoreOf(label, predictions));
  const macroF1 = scores.reduce((sum, { f1 }) => sum + f1, 0) / scores.length;
  const wrong = predictions.filter(({ line, predicted }) => predicted !== line.label);
  const falseAlarms = wrong.filter(({ line }) => line.label === NONE);
  const failures = predictions.filter(({ line }) => line.label !== NONE);
  const unmatched = failures.filter(({ predicted }) => predicted === NONE);

  const percent = (share: number): string => `${(share * 100).toFixed(1)} %`;
  const rows = scores.map(({ label, lines, precision, recall, f1 }) => [
    label,
    String(lines),
    percent(precision),
    percent(recall),
    percent(f1),
  ]);
  print(columns([['label', 'lines', 'precision', 'recall', 'F1'], ...rows]));
  for (const { line, predicted, rules } of wrong) {
    const said = rules.length === 0 ? '' : ` by ${rules.join(', ')}`;
    const text = JSON.stringify(line.text).slice(0, 200);
    print(`${line.label} taken for ${predicted}${said} (${line.lib ?? '?'}): ${text}`);
  }
  print(
    columns([
      ['macro-F1', percent(macroF1), `${scores.length} labels, goal ${percent(GOAL.macroF1)}`],
      ['false alarms', String(falseAlarms.length), `goal ${GOAL.falseAlarms}`],
      ['unmatched failures', percent(unmatched.length / failures.length), ''],
    ]),
  );
  if (macroF1 < GOAL.macroF1 || falseAlarms.length > GOAL.falseAlarms) process.exitCode = 1;
}

function print(text: string): void {
  process.stdout.write(`${text}\n`);
}

function columns(rows: readonly (readonly string[])[]): string {
  const widths = rows[0].map((_, i) => Math.max(...rows.map((row) => row[i].length)));
  return rows
    .map((row) =>
      row
        .map((cell, i) => cell.padEnd(widths[i]))
        .join('  ')
        .trimEnd(),
    )
    .join('\n');
}
