import { DEFAULT_FLOW_TIMEOUT_MS } from '../classify/index.ts';
import type { Problem } from '../model/index.ts';
import { createShapeCheck, durationMs } from '../ruleset/index.ts';
import {
  createReporter,
  entryOf,
  plainOf,
  type Reporter,
  readYaml,
  type Span,
  type YamlNode,
} from '../sigma/index.ts';
import { type Check, DEFAULT_CHECKS, DEFAULT_DISCOVERY_RATE } from './check.ts';
import { CONFIG_SCHEMA } from './config-schema.ts';
import { LIMIT_KINDS, type Limit, parseLimit } from './limit.ts';
import { dimensionOf, parseMetric, TextMistake } from './metric.ts';
import type { RetryRule } from './retries.ts';
import { unfitAttribute } from './strata.ts';

/** What the gate does. */
export interface GateConfig {
  /** As written: a path from the configuration file on. */
  readonly baseline: string | undefined;
  /** One-sided, 0.5 to 1. */
  readonly confidence: number;
  /** With fewer flows nothing passes. */
  readonly minFlows: number;
  readonly onInconclusive: 'warn' | 'fail';
  readonly flowTimeoutMs: number;
  readonly strata: readonly string[];
  readonly retries: RetryRule | undefined;
  /** Of the bootstrap. */
  readonly seed: number;
  readonly checks: readonly Check[];
}

export const DEFAULT_CONFIG: GateConfig = {
  baseline: undefined,
  confidence: 0.95,
  minFlows: 400,
  onInconclusive: 'warn',
  flowTimeoutMs: DEFAULT_FLOW_TIMEOUT_MS,
  strata: [],
  retries: undefined,
  seed: 1,
  checks: DEFAULT_CHECKS,
};

/** No file at all. */
export const UNWRITTEN_CONFIG: WrittenConfig = { ...DEFAULT_CONFIG, checks: undefined };

/** A configuration as its file has it; `checks` is undefined where it names none. */
export type WrittenConfig = Omit<GateConfig, 'checks'> & {
  readonly checks: readonly Check[] | undefined;
};

/** What is written, and what is asked for besides; the usual checks when that is nothing. */
export function settledConfig(written: WrittenConfig, asked: readonly Check[]): GateConfig {
  const checks = [...(written.checks ?? []), ...asked];
  return { ...written, checks: checks.length > 0 ? checks : DEFAULT_CHECKS };
}

interface ConfigFile {
  readonly gate?: {
    readonly baseline?: string;
    readonly confidence?: number | string;
    readonly min_flows?: number;
    readonly on_inconclusive?: 'warn' | 'fail';
    readonly flow_timeout?: string;
    readonly strata?: readonly string[];
    readonly collapse_retries?: { readonly by: string; readonly within: string };
    readonly seed?: number;
    readonly checks?: readonly CheckFile[];
  };
}

interface CheckFile extends Partial<Record<(typeof LIMIT_KINDS)[number], string | number>> {
  readonly id: string;
  readonly metric: string;
  readonly per?: 'rule' | 'stage';
  readonly fdr?: number | string;
  readonly dependence?: 'independent' | 'any';
  readonly level?: 'error' | 'warn';
}

const checkShape = createShapeCheck(CONFIG_SCHEMA);

/**
 * Reads `scanlens.yaml`. Everything that is wrong with it is told, each with its place; with an
 * error `config` is undefined: what is not understood must not pass.
 * @param rules names of the rules that a check may speak of.
 */
export function parseConfig(
  file: string,
  text: string,
  rules: readonly string[],
): { readonly config: WrittenConfig | undefined; readonly problems: readonly Problem[] } {
  const problems: Problem[] = [];
  const report = createReporter(file, text, problems);
  const documents = readYaml(text, report);
  if (documents.length > 1)
    report.error(documents[1], 'many-documents', 'a configuration is one document');
  const root = documents[0];
  if (root === undefined || problems.length > 0 || !checkShape(root, report)) {
    if (root === undefined && problems.length === 0) return { config: UNWRITTEN_CONFIG, problems };
    return { config: undefined, problems };
  }
  const { gate = {} } = plainOf(root) as ConfigFile;
  const node = entryOf(root, 'gate')?.value;
  const config: WrittenConfig = {
    baseline: gate.baseline,
    confidence: confidenceOf(gate.confidence, node, report),
    minFlows: gate.min_flows ?? DEFAULT_CONFIG.minFlows,
    onInconclusive: gate.on_inconclusive ?? DEFAULT_CONFIG.onInconclusive,
    flowTimeoutMs:
      gate.flow_timeout === undefined
        ? DEFAULT_CONFIG.flowTimeoutMs
        : durationMs(gate.flow_timeout)!,
    strata: gate.strata ?? [],
    retries: gate.collapse_retries && {
      by: gate.collapse_retries.by,
      withinMs: durationMs(gate.collapse_retries.within)!,
    },
    seed: gate.seed ?? DEFAULT_CONFIG.seed,
    checks: checksOf(gate.checks, node && entryOf(node, 'checks')?.value, rules, report),
  };
  checkStrata(config.strata, node && entryOf(node, 'strata')?.value, report);
  return { config: problems.length > 0 ? undefined : config, problems };
}

function shareOf(value: number | string): number {
  return typeof value === 'number' ? value : Number.parseFloat(value) / 100;
}

function confidenceOf(
  value: number | string | undefined,
  node: YamlNode | undefined,
  report: Reporter,
): number {
  if (value === undefined) return DEFAULT_CONFIG.confidence;
  const confidence = shareOf(value);
  if (confidence > 0.5 && confidence < 1) return confidence;
  report.error(
    spanOf(node && entryOf(node, 'confidence')?.value),
    'wrong-value',
    'a one-sided confidence lies between 50% and 100%',
    'like 0.95',
  );
  return DEFAULT_CONFIG.confidence;
}

function discoveryRateOf(
  value: number | string | undefined,
  node: YamlNode | undefined,
  report: Reporter,
): number {
  if (value === undefined) return DEFAULT_DISCOVERY_RATE;
  const rate = shareOf(value);
  if (rate > 0 && rate <= 0.5) return rate;
  report.error(
    valueSpan(node, 'fdr'),
    'wrong-value',
    'the share of false alarms lies between 0 and 50%',
    'like 0.05',
  );
  return DEFAULT_DISCOVERY_RATE;
}

function checkStrata(
  strata: readonly string[],
  node: YamlNode | undefined,
  report: Reporter,
): void {
  strata.forEach((attribute, i) => {
    const reason = unfitAttribute(attribute);
    if (reason !== undefined)
      report.error(itemSpan(node, i), 'unfit-attribute', `"${attribute}" ${reason}`);
  });
}

function checksOf(
  checks: readonly CheckFile[] | undefined,
  node: YamlNode | undefined,
  rules: readonly string[],
  report: Reporter,
): readonly Check[] | undefined {
  if (checks === undefined) return undefined;
  const ids = new Set<string>();
  return checks.flatMap((check, i) => {
    const own = node?.kind === 'list' ? node.items[i] : undefined;
    if (ids.has(check.id))
      report.error(valueSpan(own, 'id'), 'duplicate-check', `two checks are called "${check.id}"`);
    ids.add(check.id);
    return checkOf(check, own, rules, report);
  });
}

function checkOf(
  check: CheckFile,
  node: YamlNode | undefined,
  rules: readonly string[],
  report: Reporter,
): readonly Check[] {
  const metric = within(valueSpan(node, 'metric'), report, () => parseMetric(check.metric, rules));
  if (metric === undefined) return [];
  if (check.per !== undefined && !(metric.kind === 'failure_rate' && metric.of === undefined))
    report.error(
      valueSpan(node, 'per'),
      'wrong-value',
      `only failure_rate is taken per ${check.per}`,
    );
  const limits = LIMIT_KINDS.flatMap((kind): readonly Limit[] => {
    const value = check[kind];
    if (value === undefined) return [];
    const limit = within(valueSpan(node, kind), report, () =>
      parseLimit(kind, String(value), dimensionOf(metric)),
    );
    return limit === undefined ? [] : [limit];
  });
  if (!LIMIT_KINDS.some((kind) => check[kind] !== undefined))
    report.error(
      valueSpan(node, 'id'),
      'no-limit',
      `the check "${check.id}" has no limit`,
      `add one of ${LIMIT_KINDS.join(', ')}`,
    );
  return [
    {
      id: check.id,
      metric,
      per: check.per,
      limits,
      falseDiscoveryRate: discoveryRateOf(check.fdr, node, report),
      dependence: check.dependence ?? 'independent',
      level: check.level ?? 'error',
    },
  ];
}

/** Reads the text of a value; its mistakes are reported where they stand in the file. */
function within<T>(span: ValueSpan, report: Reporter, read: () => T): T | undefined {
  try {
    return read();
  } catch (error) {
    if (!(error instanceof TextMistake)) throw error;
    const { code, message, hint, offset } = error.mistake;
    const start = span.textStart === undefined ? span.start : span.textStart + offset;
    report.error({ start, end: Math.max(start + 1, span.end) }, code, message, hint);
    return undefined;
  }
}

interface ValueSpan extends Span {
  /** Where a one-line text begins. */
  readonly textStart: number | undefined;
}

function valueSpan(node: YamlNode | undefined, key: string): ValueSpan {
  return spanOf(node && (entryOf(node, key)?.value ?? node));
}

function itemSpan(node: YamlNode | undefined, index: number): ValueSpan {
  return spanOf(node?.kind === 'list' ? node.items[index] : node);
}

function spanOf(node: YamlNode | undefined): ValueSpan {
  return {
    start: node?.start ?? 0,
    end: node?.end ?? 1,
    textStart: node?.kind === 'scalar' ? node.textStart : undefined,
  };
}
