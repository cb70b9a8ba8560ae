import {
  createDecoder,
  DEFAULT_MAX_LINE_BYTES,
  PathTree,
  type RecordSink,
} from '../decode/index.ts';
import {
  type EventBatch,
  type Flow,
  type FlowLine,
  type RecordBatch,
  type RecordKind,
  SEVERITIES,
  STAGES,
  STEP_OUTCOMES,
} from '../model/index.ts';
import { createNormaliser } from '../normalise/index.ts';
import { createSignalFinder } from '../ruleset/index.ts';
import type { AnalysisOptions, SourceReader } from './analysis.ts';
import { rowText } from './row-text.ts';

/** More lines than this are not kept: nobody reads them, and a hostile log must not fill memory. */
export const MAX_FLOW_LINES = 10_000;

/** Reads the input a second time and keeps the lines of one flow. */
export interface FlowLineSearch {
  source(name: string): SourceReader;
  /** The lines by time, then place; those without a time last. */
  lines(): FlowLine[];
}

/** Searches for every line that carries one of the flow's ids. */
export function startFlowLineSearch(options: AnalysisOptions, flow: Flow): FlowLineSearch {
  const { ruleSet } = options;
  const normaliser = createNormaliser({
    mappings: options.mappings,
    library: ruleSet.events,
    keep: [DURATION],
    showIds: true,
    zone: options.zone ?? 'UTC',
  });
  const paths = new PathTree(normaliser.wants);
  const signalsOf = createSignalFinder(ruleSet);
  const wanted = new Set(flow.identities.map((identity) => identity.hash));
  const found: FlowLine[] = [];

  function collect(file: string, records: RecordBatch): void {
    const events = normaliser.normalise(records, paths);
    for (let i = 0; i < events.count && found.length < MAX_FLOW_LINES; i += 1) {
      if (!carriesOneOf(wanted, events, i)) continue;
      found.push({
        place: { file, line: events.line[i]! },
        kind: records.rowKind[events.row[i]!] as RecordKind,
        timeMs: Number.isNaN(events.timeMs[i]) ? undefined : events.timeMs[i],
        severity: SEVERITIES[events.severity[i]!]!,
        stage: STAGES[events.stage[i]! - 1],
        outcome: STEP_OUTCOMES[events.outcome[i]!]!,
        durationMs: durationOf(events, i),
        rules: signalsOf(events, i).map((rule) => ruleSet.rules[rule]!.name),
        ids: idTexts(events, i),
        text: rowText(records, events.row[i]!, paths),
      });
    }
  }

  return {
    source(name) {
      const decoder = createDecoder(options.inputFormat ?? 'auto', paths, {
        maxLineBytes: options.maxLineBytes ?? DEFAULT_MAX_LINE_BYTES,
      });
      const sink: RecordSink = {
        records: (batch) => collect(name, batch),
        rejected() {},
      };
      return {
        chunk: (bytes) => decoder.feed(bytes, sink),
        broken: () => decoder.end(sink),
        end: () => decoder.end(sink),
      };
    },
    lines: () => found.sort(byTime),
  };
}

const DURATION = 'duration_ms';

function durationOf(events: EventBatch, i: number): number | undefined {
  for (const { field, text } of events.templates[events.template[i]].values) {
    if (field !== DURATION || text.trim() === '') continue;
    const ms = Number(text);
    return ms >= 0 && Number.isFinite(ms) ? ms : undefined;
  }
  return undefined;
}

/** The ids of an event, in clear; empty where the run hides ids. */
export function idTexts(events: EventBatch, i: number): string[] {
  const texts = events.idText.slice(events.idStart[i], events.idStart[i + 1]);
  return [...new Set(texts)].filter((text) => text !== '');
}

function carriesOneOf(hashes: ReadonlySet<string>, events: EventBatch, i: number): boolean {
  for (let id = events.idStart[i]!; id < events.idStart[i + 1]!; id += 1) {
    if (hashes.has(hex(events.idHigh[id]!) + hex(events.idLow[id]!))) return true;
  }
  return false;
}

const hex = (word: number): string => word.toString(16).padStart(8, '0');

function byTime(a: FlowLine, b: FlowLine): number {
  const x = a.timeMs ?? Number.POSITIVE_INFINITY;
  const y = b.timeMs ?? Number.POSITIVE_INFINITY;
  if (x !== y) return x - y;
  if (a.place.file !== b.place.file) return a.place.file < b.place.file ? -1 : 1;
  return a.place.line - b.place.line;
}
