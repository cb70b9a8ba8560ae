import { readdirSync, readFileSync } from 'node:fs';
import { createDecoder, PathTree } from '../../src/decode/index.ts';
import {
  FLOW_KINDS,
  type FlowKind,
  ID_NAMESPACES,
  SEVERITIES,
  type Severity,
  STAGES,
  STEP_OUTCOMES,
  type Stage,
  type StepOutcome,
} from '../../src/model/index.ts';
import {
  createNormaliser,
  type Mapping,
  type NormaliseOptions,
  parseMapping,
} from '../../src/normalise/index.ts';

const MAPPINGS = new URL('../../mappings/', import.meta.url);

/** The mappings that come with the program, in the order of their names. */
export const builtIn: readonly Mapping[] = readdirSync(MAPPINGS)
  .sort()
  .map((file) => parseMapping(file, readFileSync(new URL(file, MAPPINGS), 'utf8')).mapping);

/** An event, copied out of its batch. */
export interface ReadEvent {
  line: number;
  timeMs: number | undefined;
  severity: Severity;
  stage: Stage | undefined;
  outcome: StepOutcome;
  kind: FlowKind;
  hash: string;
  /** `namespace=text`, in their order. */
  ids: string[];
  idHashes: string[];
  /** Texts by field, in their order. */
  values: Record<string, string[]>;
}

export interface ReadResult {
  events: ReadEvent[];
  schemas: Record<string, number>;
  minTimeMs: number;
  maxTimeMs: number;
}

const utf8 = new TextEncoder();

/** Decodes and normalises lines; objects are written as JSON first. */
export function readEvents(
  lines: readonly (string | object)[],
  options: Partial<NormaliseOptions> = {},
): ReadResult {
  const normaliser = createNormaliser({
    mappings: builtIn,
    library: undefined,
    keep: [],
    showIds: true,
    ...options,
  });
  const paths = new PathTree(normaliser.wants);
  const decoder = createDecoder('auto', paths, {
    maxLineBytes: 1 << 24,
    kernel: options.kernel,
    form: 'lines',
  });
  const events: ReadEvent[] = [];
  const sink = {
    records(batch: Parameters<typeof normaliser.normalise>[0]) {
      const read = normaliser.normalise(batch, paths);
      for (let i = 0; i < read.count; i += 1) {
        const event: ReadEvent = {
          line: read.line[i],
          timeMs: Number.isNaN(read.timeMs[i]) ? undefined : read.timeMs[i],
          severity: SEVERITIES[read.severity[i]],
          stage: STAGES[read.stage[i] - 1],
          outcome: STEP_OUTCOMES[read.outcome[i]],
          kind: FLOW_KINDS[read.kind[i]],
          hash: `${read.hashHigh[i].toString(16)}:${read.hashLow[i].toString(16)}`,
          ids: [],
          idHashes: [],
          values: {},
        };
        for (let k = read.idStart[i]; k < read.idStart[i + 1]; k += 1) {
          const name = ID_NAMESPACES[read.idNamespace[k]];
          event.ids.push(`${name}=${read.idText[k] ?? ''}`);
          event.idHashes.push(
            `${name} ${read.idHigh[k].toString(16)}:${read.idLow[k].toString(16)}`,
          );
        }
        for (const { field, text } of read.templates[read.template[i]].values) {
          event.values[field] ??= [];
          event.values[field].push(text);
        }
        events.push(event);
      }
    },
    rejected() {},
  };
  const text = lines.map((line) => (typeof line === 'string' ? line : JSON.stringify(line)));
  decoder.feed(utf8.encode(`${text.join('\n')}\n`), sink);
  decoder.end(sink);
  return {
    events,
    schemas: normaliser.schemas(),
    minTimeMs: normaliser.minTimeMs,
    maxTimeMs: normaliser.maxTimeMs,
  };
}

/** The only event of one line. */
export function readEvent(
  line: string | object,
  options: Partial<NormaliseOptions> = {},
): ReadEvent {
  const { events } = readEvents([line], options);
  if (events.length !== 1) throw new Error(`expected one event, got ${events.length}`);
  return events[0];
}
