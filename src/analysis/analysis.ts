import { DEFAULT_FLOW_TIMEOUT_MS } from '../classify/index.ts';
import { type FlowsOrder, type GuardLimits, resolveFlows } from '../correlate/index.ts';
import type { Finding, InputSummary, Judged, RejectCode } from '../model/index.ts';
import { type JudgingFacts, startJudging } from './judging.ts';
import { type LocalFlows, startLocalFlows } from './local-flows.ts';
import {
  keptFields,
  type Part,
  type PartReader,
  type ReaderOptions,
  type Reading,
  startReading,
} from './reading.ts';
import { closeBroken, samplesOf, sorted, summaryOf } from './source-counts.ts';
import type { AnalysisWindow } from './window.ts';

export interface AnalysisOptions extends ReaderOptions {
  /** A silent flow stays open for this long. */
  readonly flowTimeoutMs?: number;
  readonly guard?: GuardLimits;
}

export interface Analysis {
  readonly input: InputSummary;
  readonly window: AnalysisWindow;
  readonly findings: readonly Finding[];
  /** Number of flows of every kind. */
  readonly size: number;
  /** Every flow with its verdict; each is built when it is asked for. */
  flows(order?: FlowsOrder): Iterable<Judged>;
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
  /** Begins a source that is read whole, here. */
  source(name: string): SourceReader;
  /** Begins a part of a source; see {@link Part}. */
  part(part: Part): PartReader;
  /** Notes that a source of which parts were read ended badly. */
  broken(source: Pick<Part, 'source' | 'name'>, code: RejectCode, reason: string): void;
  /** Adds what was read in another thread; see {@link Reading}. */
  readonly absorb: Reading['absorb'];
  /** The flows that nobody else has met. Once they are taken out, the run is about the rest. */
  readonly local: LocalFlows;
  /** What all flows are judged by, wherever they are, once everything is absorbed. */
  facts(): JudgingFacts;
  /** @param partial reading stopped before the end of the input */
  finish(partial?: boolean): Analysis;
}

/** Wires the rooms from bytes to judged flows. Reads no clock and does no input or output. */
export function startAnalysis(options: AnalysisOptions): AnalysisRun {
  const { ruleSet } = options;
  const reading = startReading(options);

  function facts(): JudgingFacts {
    const { causes, ruleHits } = reading.table;
    return {
      causes: causes.pack(),
      ruleHits: ruleHits.pack(),
      window: { fromMs: finite(reading.minTimeMs), toMs: finite(reading.maxTimeMs) },
      flowTimeoutMs: options.flowTimeoutMs ?? DEFAULT_FLOW_TIMEOUT_MS,
    };
  }

  return {
    source(name) {
      const source = reading.sources.length;
      const { chunk, end } = reading.part({ source, name, linesBefore: 0 });
      return {
        chunk,
        end,
        broken(code, reason) {
          end();
          reading.broken({ source, name }, code, reason);
        },
      };
    },
    part: reading.part,
    broken: reading.broken,
    absorb: reading.absorb,
    local: startLocalFlows(reading, options),
    facts,

    finish(partial = false) {
      const { table, timeless, schemas } = reading;
      const sources = reading.sources.filter((counts) => counts !== undefined);
      for (const counts of sources) closeBroken(counts);
      const guard = options.guard === undefined ? {} : { guard: options.guard };
      const graph = resolveFlows(table, { keep: keptFields(options), ...guard });
      const all = facts();
      const judging = startJudging(ruleSet, all, () => graph.flows('any'));
      return {
        input: {
          sources: sources.map(summaryOf),
          unlinked: graph.unlinked,
          timeless,
          samples: sources.flatMap(samplesOf),
          schemas: sorted(schemas),
          partial,
        },
        window: all.window,
        findings: [...graph.findings, ...judging.findings],
        size: graph.size,
        *flows(order) {
          for (const flow of graph.flows(order)) yield judging.judged(flow);
        },
        flowOf(high, low) {
          const flow = graph.flowOf(high, low);
          return flow === undefined ? undefined : judging.judged(flow);
        },
      };
    },
  };
}

const finite = (time: number): number | undefined => (Number.isFinite(time) ? time : undefined);
