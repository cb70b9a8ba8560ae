import { createJudge, DEFAULT_FLOW_TIMEOUT_MS, hitsAcrossFlows } from '../classify/index.ts';
import { FlowTable, type GuardLimits, resolveFlows } from '../correlate/index.ts';
import {
  createDecoder,
  DEFAULT_MAX_LINE_BYTES,
  type InputFormat,
  PathTree,
  type RecordSink,
} from '../decode/index.ts';
import {
  EVENT_FIELDS,
  type Finding,
  type InputSummary,
  type Judged,
  type RecordBatch,
  type RejectCode,
  type Rejected,
  type RejectedSample,
  type SourceSummary,
  STAGES,
} from '../model/index.ts';
import { createNormaliser, type Mapping } from '../normalise/index.ts';
import { createSignalFinder, evaluatedCorrelations, type RuleSet } from '../ruleset/index.ts';

export interface AnalysisOptions {
  readonly ruleSet: RuleSet;
  readonly mappings: readonly Mapping[];
  /** Fields to keep for each flow, for breakdowns and filters; those of flow rules are kept too. */
  readonly keep?: readonly string[];
  /** Keep ids in clear, for `--show-ids`. */
  readonly showIds?: boolean;
  /** Zone of times that name none: an IANA name or an offset. */
  readonly zone?: string;
  /** Form of every source; `auto` tells it by the content. */
  readonly inputFormat?: InputFormat;
  readonly maxLineBytes?: number;
  /** A silent flow stays open for this long. */
  readonly flowTimeoutMs?: number;
  readonly guard?: GuardLimits;
}

/** Rejected lines that are kept for the report, by source. */
const SAMPLES_PER_SOURCE = 5;

export interface AnalysisWindow {
  /** Earliest and latest time of any line, in Unix milliseconds; undefined when none had a time. */
  readonly fromMs: number | undefined;
  readonly toMs: number | undefined;
}

export interface Analysis {
  readonly input: InputSummary;
  readonly window: AnalysisWindow;
  readonly findings: readonly Finding[];
  /** Number of flows of every kind. */
  readonly size: number;
  /** Every flow with its verdict, by start time and id; each is built when it is asked for. */
  flows(): Iterable<Judged>;
  /** The flow that an id belongs to, by the hash of the id. */
  flowOf(high: number, low: number): Judged | undefined;
}

/** Takes the bytes of one source. */
export interface SourceReader {
  chunk(bytes: Uint8Array): void;
  /** The source broke off: what follows its last whole line is lost and counted as one rejected line. */
  broken(code: RejectCode, reason: string): void;
  end(): void;
}

export interface AnalysisRun {
  source(name: string): SourceReader;
  /** @param partial reading stopped before the end of the input */
  finish(partial?: boolean): Analysis;
}

/** Wires the rooms from bytes to judged flows. Reads no clock and does no input or output. */
export function startAnalysis(options: AnalysisOptions): AnalysisRun {
  const { ruleSet } = options;
  const asked = EVENT_FIELDS.filter((field) => ruleSet.flows.fields.has(field));
  const keep = [...new Set([...(options.keep ?? []), ...asked])];
  const normaliser = createNormaliser({
    mappings: options.mappings,
    library: ruleSet.events,
    keep,
    showIds: options.showIds ?? false,
    zone: options.zone ?? 'UTC',
  });
  const paths = new PathTree(normaliser.wants);
  const signalsOf = createSignalFinder(ruleSet);
  const table = new FlowTable({
    rules: ruleSet.rules,
    explanations: ruleSet.explanations,
    correlations: evaluatedCorrelations(ruleSet),
    podStages: STAGES.filter((stage) => ruleSet.flows.fields.has(`${stage}.pod`)),
  });
  const sources: SourceSummary[] = [];
  const samples: RejectedSample[] = [];
  let timeless = 0;

  function fold(batch: RecordBatch): number {
    const events = normaliser.normalise(batch, paths);
    for (let i = 0; i < events.count; i += 1) {
      if (Number.isNaN(events.timeMs[i])) timeless += 1;
      table.fold(events, i, signalsOf(events, i));
    }
    return events.count;
  }

  return {
    source(name) {
      const decoder = createDecoder(options.inputFormat ?? 'auto', paths, {
        maxLineBytes: options.maxLineBytes ?? DEFAULT_MAX_LINE_BYTES,
      });
      const rejected: Partial<Record<RejectCode, number>> = {};
      const damaged: Partial<Record<RejectCode, number>> = {};
      let bytes = 0;
      let events = 0;
      let records = 0;
      let lost = 0;
      let shown = 0;
      const sink: RecordSink = {
        records(batch) {
          records += batch.rows;
          events += fold(batch);
        },
        rejected(line: Rejected) {
          const { code, reason, within } = line;
          const counts = within === true ? damaged : rejected;
          counts[code] = (counts[code] ?? 0) + 1;
          if (shown === SAMPLES_PER_SOURCE) return;
          shown += 1;
          samples.push({ file: name, line: line.line, code, reason });
        },
      };
      const close = (): void => {
        sources.push({
          name,
          bytes,
          lines: decoder.lines + lost,
          blank: decoder.blank,
          joined: decoder.joined,
          records,
          events,
          other: records - events,
          rejected,
          damaged,
          forms: decoder.forms(),
        });
      };
      return {
        chunk(chunk) {
          table.enterSource(name);
          bytes += chunk.length;
          decoder.feed(chunk, sink);
        },
        broken(code, reason) {
          table.enterSource(name);
          decoder.end(sink);
          lost += 1;
          sink.rejected({ line: decoder.lines + lost, code, reason });
          close();
        },
        end() {
          table.enterSource(name);
          decoder.end(sink);
          close();
        },
      };
    },

    finish(partial = false) {
      const guard = options.guard === undefined ? {} : { guard: options.guard };
      const graph = resolveFlows(table, { keep, ...guard });
      const window = { fromMs: finite(normaliser.minTimeMs), toMs: finite(normaliser.maxTimeMs) };
      const correlations = hitsAcrossFlows(ruleSet, table, () => graph.flows(), window.toMs);
      const judge = createJudge({
        ruleSet,
        causes: table.causes,
        correlations,
        window,
        flowTimeoutMs: options.flowTimeoutMs ?? DEFAULT_FLOW_TIMEOUT_MS,
      });
      return {
        input: {
          sources,
          unlinked: graph.unlinked,
          timeless,
          samples,
          schemas: normaliser.schemas(),
          partial,
        },
        window,
        findings: [...graph.findings, ...correlations.findings],
        size: graph.size,
        *flows() {
          for (const flow of graph.flows()) yield { flow, verdict: judge(flow) };
        },
        flowOf(high, low) {
          const flow = graph.flowOf(high, low);
          return flow === undefined ? undefined : { flow, verdict: judge(flow) };
        },
      };
    },
  };
}

const finite = (time: number): number | undefined => (Number.isFinite(time) ? time : undefined);
