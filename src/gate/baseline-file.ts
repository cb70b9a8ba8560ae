import { Ajv, type ValidateFunction } from 'ajv';
import type { Histogram, Problem, Stage } from '../model/index.ts';
import { createShapeCheck } from '../ruleset/index.ts';
import { createReporter, entryOf, readYaml, type YamlNode } from '../sigma/index.ts';
import type { Baseline, BaselineWindow } from './baseline.ts';
import { BASELINE_SCHEMA } from './baseline-schema.ts';
import { type Group, groupKey, type Minute, type Snapshot } from './snapshot.ts';

/** A baseline as its file holds it. */
interface BaselineFile {
  readonly schema: 'scanlens.baseline/1';
  readonly tool: { readonly version: string };
  readonly strata: readonly string[];
  readonly population: {
    readonly flowTimeoutMs: number;
    readonly retries: { readonly by: string; readonly withinMs: number } | null;
  };
  readonly windows: readonly WindowFile[];
}

interface WindowFile {
  readonly from: string | null;
  readonly to: string | null;
  readonly rulesDigest: string;
  readonly open: number;
  readonly cut: number;
  readonly groups: readonly {
    readonly values: readonly (string | null)[];
    readonly succeeded: number;
    readonly failed: Readonly<Partial<Record<Stage, Readonly<Record<string, number>>>>>;
    readonly abandoned: number;
  }[];
  readonly minutes: readonly (readonly [number, number, number, number])[];
  readonly latencies: Readonly<
    Record<
      string,
      {
        readonly count: number;
        readonly minMs: number;
        readonly maxMs: number;
        readonly buckets: readonly (readonly [number, number])[];
      }
    >
  >;
}

/** The file's text: the same baseline gives the same bytes, a group or a histogram a line. */
export function encodeBaseline(baseline: Baseline): string {
  const { toolVersion, strata, population, windows } = baseline;
  const head = {
    schema: 'scanlens.baseline/1',
    tool: { version: toolVersion },
    strata,
    population: {
      flowTimeoutMs: population.flowTimeoutMs,
      retries: population.retries ?? null,
    },
  };
  const lines = Object.entries(head).map(([key, value]) => ` "${key}": ${JSON.stringify(value)}`);
  return `{\n${lines.join(',\n')},\n "windows": [${windows.map(encodeWindow).join(',')}]\n}\n`;
}

function encodeWindow({ rulesDigest, snapshot }: BaselineWindow): string {
  const { fromMs, toMs, open, cut, groups, minutes, latencies } = snapshot;
  const groupLines = sortedBy([...groups.values()], ({ values }) => groupKey(values)).map((group) =>
    JSON.stringify({
      values: group.values.map((value) => value ?? null),
      succeeded: group.succeeded,
      failed: sortedRecord(group.failed, (causes) => sortedRecord(causes, (flows) => flows)),
      abandoned: group.abandoned,
    }),
  );
  const minuteRows = [...minutes]
    .sort(([a], [b]) => a - b)
    .map(([index, { begun, decided, failed }]) => [index, begun, decided, failed]);
  const latencyLines = [...latencies.keys()].sort().map((name) => {
    const { count, minMs, maxMs, buckets } = latencies.get(name)!;
    const rows = [...buckets].sort(([a], [b]) => a - b);
    return `${JSON.stringify(name)}: ${JSON.stringify({ count, minMs, maxMs, buckets: rows })}`;
  });
  return [
    '\n  {',
    `   "from": ${JSON.stringify(isoTime(fromMs))},`,
    `   "to": ${JSON.stringify(isoTime(toMs))},`,
    `   "rulesDigest": ${JSON.stringify(rulesDigest)},`,
    `   "open": ${open},`,
    `   "cut": ${cut},`,
    `   "groups": [${lineList(groupLines)}],`,
    `   "minutes": ${JSON.stringify(minuteRows)},`,
    `   "latencies": {${lineList(latencyLines)}}`,
    '  }',
  ].join('\n');
}

function lineList(lines: readonly string[]): string {
  return lines.length === 0 ? '' : `\n    ${lines.join(',\n    ')}\n   `;
}

/** Whole milliseconds: the same whichever way a window was put together. */
function isoTime(ms: number | undefined): string | null {
  return ms === undefined ? null : new Date(Math.floor(ms)).toISOString();
}

function sortedBy<T>(values: T[], key: (value: T) => string): T[] {
  return values.sort((a, b) => (key(a) < key(b) ? -1 : key(a) > key(b) ? 1 : 0));
}

function sortedRecord<V, W>(map: ReadonlyMap<string, V>, encode: (value: V) => W) {
  return Object.fromEntries([...map.keys()].sort().map((key) => [key, encode(map.get(key)!)]));
}

let validate: ValidateFunction<BaselineFile> | undefined;
const checkShape = createShapeCheck(BASELINE_SCHEMA);

/** Whether a text means to be a baseline, however broken. */
export function looksLikeBaseline(start: string): boolean {
  return /^\s*\{\s*"schema"\s*:\s*"scanlens\.baseline\//.test(start);
}

/**
 * Reads a baseline file. Everything that is wrong with it is told, each with its place;
 * `baseline` is undefined then.
 */
export function decodeBaseline(
  file: string,
  text: string,
): { readonly baseline: Baseline | undefined; readonly problems: readonly Problem[] } {
  const problems: Problem[] = [];
  let data: unknown;
  try {
    data = JSON.parse(text);
  } catch (error) {
    reportSyntax(file, text, error, problems);
    return { baseline: undefined, problems };
  }
  validate ??= new Ajv({ strict: false }).compile<BaselineFile>(BASELINE_SCHEMA);
  if (!validate(data)) {
    // JSON is YAML, whose reader knows where each value stands.
    const report = createReporter(file, text, problems);
    const root = readYaml(text, report)[0];
    const other = otherVersion(data);
    if (other !== undefined)
      report.error(
        spanAt(root, ['schema']),
        'other-version',
        `this is a ${other}, not a scanlens.baseline/1`,
        'create it again, or use the scanlens that made it',
      );
    else if (root !== undefined) checkShape(root, report);
    if (problems.length === 0)
      report.error({ start: 0, end: 1 }, 'not-a-baseline', 'this is no scanlens.baseline/1');
    return { baseline: undefined, problems };
  }
  const contradictions = contradictionsIn(data);
  if (contradictions.length > 0) {
    const report = createReporter(file, text, problems);
    const root = readYaml(text, report)[0];
    for (const { path, message } of contradictions)
      report.error(spanAt(root, path), 'contradiction', message, 'create the baseline again');
    return { baseline: undefined, problems };
  }
  return { baseline: baselineOf(data), problems };
}

function otherVersion(data: unknown): string | undefined {
  const { schema } = (data ?? {}) as { readonly schema?: unknown };
  const isOther = typeof schema === 'string' && /^scanlens\.baseline\/(?!1$)\w{1,20}$/.test(schema);
  return isOther ? schema : undefined;
}

function reportSyntax(file: string, text: string, error: unknown, problems: Problem[]): void {
  const message = error instanceof Error ? error.message : String(error);
  const position = /at position (\d+)/.exec(message)?.[1];
  const at = position === undefined ? text.length : Math.min(Number(position), text.length);
  const report = createReporter(file, text, problems);
  report.error(
    { start: at, end: at + 1 },
    'not-json',
    text.trim() === ''
      ? 'the file is empty'
      : at >= text.trimEnd().length
        ? 'the file ends in the middle: it is no whole JSON'
        : 'this is no JSON',
    'create it again with scanlens baseline create',
  );
}

interface Contradiction {
  readonly path: readonly (string | number)[];
  readonly message: string;
}

/** What a schema cannot say: that the parts add up. */
function contradictionsIn({ strata, windows }: BaselineFile): readonly Contradiction[] {
  const found: Contradiction[] = [];
  windows.forEach((window, w) => {
    const at = (...path: (string | number)[]) => ['windows', w, ...path];
    const { from, to, groups, minutes, latencies } = window;
    if ((from === null) !== (to === null) || (from !== null && to !== null && from > to))
      found.push({ path: at('from'), message: 'the window ends before it begins' });
    const keys = new Set<string>();
    let decided = 0;
    let failed = 0;
    groups.forEach((group, g) => {
      if (group.values.length !== strata.length)
        found.push({
          path: at('groups', g),
          message: `a group has ${group.values.length} values for ${strata.length} strata`,
        });
      const key = JSON.stringify(group.values);
      if (keys.has(key)) found.push({ path: at('groups', g), message: 'a group stands twice' });
      keys.add(key);
      const failures = sum(Object.values(group.failed).flatMap((causes) => Object.values(causes)));
      decided += group.succeeded + failures;
      failed += failures;
    });
    minutes.forEach(([, begun, ofThem, failures], m) => {
      if (failures > ofThem || ofThem > begun)
        found.push({ path: at('minutes', m), message: 'more flows failed or ended than began' });
      if (m > 0 && minutes[m - 1][0] >= minutes[m][0])
        found.push({ path: at('minutes', m), message: 'minutes are out of order' });
    });
    if (sum(minutes.map((row) => row[2])) > decided || sum(minutes.map((row) => row[3])) > failed)
      found.push({ path: at('minutes'), message: 'minutes hold more flows than groups do' });
    for (const [name, { count, minMs, maxMs, buckets }] of Object.entries(latencies)) {
      if (sum(buckets.map((row) => row[1])) !== count || minMs > maxMs)
        found.push({ path: at('latencies', name), message: `buckets of "${name}" do not add up` });
      if (buckets.some((row, b) => b > 0 && buckets[b - 1][0] >= row[0]))
        found.push({
          path: at('latencies', name),
          message: `buckets of "${name}" are out of order`,
        });
    }
  });
  return found;
}

function spanAt(root: YamlNode | undefined, path: readonly (string | number)[]) {
  let node = root;
  for (const part of path) {
    if (node === undefined) break;
    node =
      node.kind === 'list'
        ? node.items[Number(part)]
        : (entryOf(node, String(part))?.value ?? node);
  }
  return { start: node?.start ?? 0, end: (node?.start ?? 0) + 1 };
}

function baselineOf({ tool, strata, population, windows }: BaselineFile): Baseline {
  return {
    toolVersion: tool.version,
    strata,
    population: {
      flowTimeoutMs: population.flowTimeoutMs,
      retries: population.retries ?? undefined,
    },
    windows: windows.map((window) => ({
      rulesDigest: window.rulesDigest,
      snapshot: snapshotOf(window),
    })),
  };
}

function snapshotOf({ from, to, open, cut, groups, minutes, latencies }: WindowFile): Snapshot {
  const group = ({
    values,
    succeeded,
    failed,
    abandoned,
  }: WindowFile['groups'][number]): Group => ({
    values: values.map((value) => value ?? undefined),
    succeeded,
    abandoned,
    failed: new Map(
      (Object.keys(failed) as Stage[]).map((stage) => [
        stage,
        new Map(Object.entries(failed[stage]!)),
      ]),
    ),
  });
  return {
    fromMs: from === null ? undefined : Date.parse(from),
    toMs: to === null ? undefined : Date.parse(to),
    open,
    cut,
    groups: new Map(
      groups.map((one) => [groupKey(one.values.map((v) => v ?? undefined)), group(one)]),
    ),
    minutes: new Map(
      minutes.map(([index, begun, decided, failed]): [number, Minute] => [
        index,
        { begun, decided, failed },
      ]),
    ),
    latencies: new Map(
      Object.entries(latencies).map(
        ([name, { count, minMs, maxMs, buckets }]): [string, Histogram] => [
          name,
          { count, minMs, maxMs, buckets: new Map(buckets) },
        ],
      ),
    ),
  };
}

function sum(values: readonly number[]): number {
  return values.reduce((total, value) => total + value, 0);
}
