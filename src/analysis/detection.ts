import {
  createDecoder,
  DEFAULT_MAX_LINE_BYTES,
  PathTree,
  type RecordSink,
} from '../decode/index.ts';
import {
  EntryKind,
  type EventBatch,
  ID_NAMESPACES,
  type IdNamespace,
  type InputFormat,
  type Place,
  type RecordBatch,
  type RejectCode,
  type RejectedSample,
  STAGES,
  STEP_OUTCOMES,
  type Stage,
  type StepOutcome,
} from '../model/index.ts';
import type { LeafSource } from '../normalise/index.ts';
import { aliasesOf, createNormaliser, type Mapping, understoodAs } from '../normalise/index.ts';
import type { SourceReader } from './analysis.ts';
import { idTexts } from './flow-lines.ts';

export interface DetectionOptions {
  readonly mappings: readonly Mapping[];
  /** Rules see values of lines, too: what they match is understood. */
  readonly library: LeafSource;
  readonly zone?: string;
  readonly inputFormat?: InputFormat;
  readonly maxLineBytes?: number;
}

/** Lines that differ in their numbers and ids only. */
export interface LineGroup {
  /** The text of the first of them: hostile, to be redacted. */
  readonly text: string;
  readonly place: Place;
  readonly lines: number;
  /** Ids that these lines carry. */
  readonly ids: readonly IdNamespace[];
  /** Those of the first line, in clear: they have to be taken out of its text. */
  readonly idTexts: readonly string[];
}

export interface DetectedField {
  /** Segments joined by dots. */
  readonly path: string;
  /** Canonical field, or a word such as `time`; undefined when the name says nothing. */
  readonly meaning: string | undefined;
  readonly lines: number;
}

/** What one source is. */
export interface DetectedSource {
  readonly name: string;
  readonly lines: number;
  /** Records by form. */
  readonly forms: Readonly<Record<string, number>>;
}

/** What of an input was understood. */
export interface Detection {
  readonly sources: readonly DetectedSource[];
  readonly lines: number;
  readonly blank: number;
  readonly joined: number;
  readonly rejected: Readonly<Partial<Record<RejectCode, number>>>;
  readonly damaged: Readonly<Partial<Record<RejectCode, number>>>;
  readonly samples: readonly RejectedSample[];
  /** Lines that say something about a login: a stage, an id, or something a rule knows. */
  readonly events: number;
  /** Lines of other matters. */
  readonly other: number;
  /** Lines without a readable time, of `events`. */
  readonly timeless: number;
  readonly fromMs: number | undefined;
  readonly toMs: number | undefined;
  /** Lines by logger schema. */
  readonly schemas: Readonly<Record<string, number>>;
  /** Lines by stage and outcome. */
  readonly stages: Readonly<Record<Stage, Readonly<Record<StepOutcome, number>>>>;
  /** Lines that carry an id of the namespace. */
  readonly ids: Readonly<Record<IdNamespace, number>>;
  /** Most frequent first. */
  readonly fields: readonly DetectedField[];
  /** Lines in which no stage was recognised: those with ids first, then the most frequent. */
  readonly unrecognised: readonly LineGroup[];
  /** Fields or groups of lines beyond the caps were not told apart. */
  readonly capped: boolean;
}

export interface DetectionRun {
  source(name: string): SourceReader;
  finish(): Detection;
}

/** Caps, so that a log of endlessly many names or wordings cannot fill the memory. */
const MAX_FIELDS = 5000;
const MAX_GROUPS = 5000;
const SAMPLES_PER_CODE = 3;
/** So much of a text decides its group, and is shown. */
const TEXT_BYTES = 400;

/** Fields whose text tells what a line is about, the most telling first. */
const TELLING = ['message', 'event.name', 'text', 'http.route', 'url.path'];

interface GrowingGroup {
  readonly text: string;
  readonly place: Place;
  lines: number;
  readonly ids: Set<IdNamespace>;
  readonly idTexts: readonly string[];
}

/** Reads an input for what can be understood of it: every path, not only those that are used. */
export function startDetection(options: DetectionOptions): DetectionRun {
  const normaliser = createNormaliser({
    mappings: options.mappings,
    library: options.library,
    keep: [],
    showIds: true,
    zone: options.zone ?? 'UTC',
  });
  const aliases = aliasesOf(options.mappings);
  const paths = new PathTree(() => true);
  const fields = new Map<string, { readonly meaning: string | undefined; lines: number }>();
  const groups = new Map<string, GrowingGroup>();
  const sources: DetectedSource[] = [];
  const samples: RejectedSample[] = [];
  const rejected: Partial<Record<RejectCode, number>> = {};
  const damaged: Partial<Record<RejectCode, number>> = {};
  const stages = recordOf(STAGES, () => recordOf(STEP_OUTCOMES, () => 0));
  const ids = recordOf(ID_NAMESPACES, () => 0);
  let lines = 0;
  let blank = 0;
  let joined = 0;
  let events = 0;
  let records = 0;
  let timeless = 0;
  let capped = false;

  function countFields(batch: RecordBatch, row: number): void {
    const seen = new Set<number>();
    for (let entry = batch.entryStart[row]; entry < batch.entryStart[row + 1]; entry += 1) {
      seen.add(batch.path[entry]);
    }
    for (const node of seen) {
      const segments = paths.segments(node);
      const path = segments.join('.');
      const field = fields.get(path);
      if (field !== undefined) field.lines += 1;
      else if (fields.size < MAX_FIELDS) {
        fields.set(path, { meaning: understoodAs(segments, aliases), lines: 1 });
      } else capped = true;
    }
  }

  /** @param event its number in the batch of events; undefined for a line of other matters. */
  function countLine(
    file: string,
    batch: RecordBatch,
    row: number,
    found: EventBatch,
    event: number | undefined,
  ): void {
    const carried = new Set<IdNamespace>();
    if (event !== undefined) {
      if (Number.isNaN(found.timeMs[event])) timeless += 1;
      for (let id = found.idStart[event]; id < found.idStart[event + 1]; id += 1) {
        carried.add(ID_NAMESPACES[found.idNamespace[id]]);
      }
      for (const namespace of carried) ids[namespace] += 1;
      const stage = STAGES[found.stage[event] - 1];
      if (stage !== undefined) {
        stages[stage][STEP_OUTCOMES[found.outcome[event]]] += 1;
        return;
      }
    }
    const text = tellingText(batch, row);
    const template = templateOf(text);
    const group = groups.get(template);
    if (group !== undefined) {
      group.lines += 1;
      for (const namespace of carried) group.ids.add(namespace);
    } else if (groups.size < MAX_GROUPS) {
      groups.set(template, {
        text,
        place: { file, line: batch.line[row] },
        lines: 1,
        ids: carried,
        idTexts: event === undefined ? [] : idTexts(found, event),
      });
    } else capped = true;
  }

  /** The text that says what the line is about; the whole line where no field does. */
  function tellingText(batch: RecordBatch, row: number): string {
    let best = TELLING.length;
    let found = -1;
    for (let entry = batch.entryStart[row]; entry < batch.entryStart[row + 1]; entry += 1) {
      if (batch.kind[entry] !== EntryKind.string) continue;
      const meaning = understoodAs(paths.segments(batch.path[entry]), aliases);
      const rank = meaning === undefined ? -1 : TELLING.indexOf(meaning);
      if (rank < 0 || rank >= best) continue;
      best = rank;
      found = entry;
    }
    if (found < 0) {
      const rowBytes = batch.rowInScratch[row] === 1 ? batch.scratch : batch.bytes;
      return textOf(rowBytes, batch.rowStart[row], batch.rowEnd[row]);
    }
    const bytes = batch.inScratch[found] === 1 ? batch.scratch : batch.bytes;
    return textOf(bytes, batch.start[found], batch.end[found]);
  }

  function read(file: string, batch: RecordBatch): void {
    records += batch.rows;
    const found = normaliser.normalise(batch, paths);
    events += found.count;
    let event = 0;
    for (let row = 0; row < batch.rows; row += 1) {
      const isEvent = event < found.count && found.row[event] === row;
      countFields(batch, row);
      countLine(file, batch, row, found, isEvent ? event : undefined);
      if (isEvent) event += 1;
    }
  }

  return {
    source(name) {
      const decoder = createDecoder(options.inputFormat ?? 'auto', paths, {
        maxLineBytes: options.maxLineBytes ?? DEFAULT_MAX_LINE_BYTES,
      });
      const sink: RecordSink = {
        records: (batch) => read(name, batch),
        rejected({ line, code, reason, within }) {
          const counts = within === true ? damaged : rejected;
          const count = (counts[code] ?? 0) + 1;
          counts[code] = count;
          if (count <= SAMPLES_PER_CODE) samples.push({ file: name, line, code, reason });
        },
      };
      const end = (): void => {
        decoder.end(sink);
        lines += decoder.lines;
        blank += decoder.blank;
        joined += decoder.joined;
        sources.push({ name, lines: decoder.lines, forms: decoder.forms() });
      };
      return {
        chunk: (bytes) => decoder.feed(bytes, sink),
        broken(code, reason) {
          end();
          lines += 1;
          sink.rejected({ line: decoder.lines + 1, code, reason });
        },
        end,
      };
    },
    finish: () => ({
      sources,
      lines,
      blank,
      joined,
      rejected,
      damaged,
      samples,
      events,
      other: records - events,
      timeless,
      fromMs: finite(normaliser.minTimeMs),
      toMs: finite(normaliser.maxTimeMs),
      schemas: normaliser.schemas(),
      stages,
      ids,
      fields: [...fields]
        .map(([path, field]) => ({ path, ...field }))
        .sort((a, b) => b.lines - a.lines || (a.path < b.path ? -1 : 1)),
      unrecognised: [...groups.values()]
        .map((group) => ({ ...group, ids: ID_NAMESPACES.filter((name) => group.ids.has(name)) }))
        .sort(byInterest),
      capped,
    }),
  };
}

/** What carries a login's own id and shows no stage is what a mapping should learn first. */
function byInterest(a: LineGroup, b: LineGroup): number {
  const own = (group: LineGroup) => Number(group.ids.some((name) => name.startsWith('login.')));
  return (
    own(b) - own(a) ||
    b.lines - a.lines ||
    (a.place.file === b.place.file
      ? a.place.line - b.place.line
      : a.place.file < b.place.file
        ? -1
        : 1)
  );
}

const utf8 = new TextDecoder();

function textOf(bytes: Uint8Array, start: number, end: number): string {
  return utf8.decode(bytes.subarray(start, Math.min(end, start + TEXT_BYTES)));
}

/** Texts that differ in ids and numbers only are one wording. */
function templateOf(text: string): string {
  return text.replace(/[A-Za-z0-9_-]*\d[A-Za-z0-9_-]*/g, '#');
}

function recordOf<K extends string, V>(keys: readonly K[], make: () => V): Record<K, V> {
  return Object.fromEntries(keys.map((key) => [key, make()])) as Record<K, V>;
}

const finite = (time: number): number | undefined => (Number.isFinite(time) ? time : undefined);
