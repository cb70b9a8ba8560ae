import { FlowTable, type FlowTableOptions, type PackedFlowTable } from '../correlate/index.ts';
import {
  createDecoder,
  DEFAULT_MAX_LINE_BYTES,
  type Kernel,
  PathTree,
  type RecordSink,
  type StreamForm,
} from '../decode/index.ts';
import {
  EVENT_FIELDS,
  type InputFormat,
  type RecordBatch,
  type RejectCode,
  STAGES,
} from '../model/index.ts';
import { createNormaliser, type Mapping } from '../normalise/index.ts';
import {
  createSignalFinder,
  evaluatedCorrelations,
  fieldsInFull,
  type RuleSet,
} from '../ruleset/index.ts';
import {
  absorbSource,
  addCounts,
  countRejected,
  emptySource,
  type SourceCounts,
} from './source-counts.ts';

export interface ReaderOptions {
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
  /** Other threads read as well and may look up which ids were met here. */
  readonly isOneOfSeveral?: boolean;
  /** Reads most lines, where there is one; whether makes no difference to what is read. */
  readonly kernel?: Kernel | undefined;
}

/** Some whole lines of one source, or all of it. */
export interface Part {
  /** Place of the source among all that are read. */
  readonly source: number;
  readonly name: string;
  /** Lines of the source before this part, as far as they are known; see {@link Reading.absorb}. */
  readonly linesBefore: number;
  /** Form of the source, where the part does not begin it; told by the content by default. */
  readonly form?: StreamForm | undefined;
}

export interface PartReader {
  chunk(bytes: Uint8Array): void;
  end(): PartRead;
}

/** What became of a part. */
export interface PartRead {
  readonly lines: number;
  /** It ended in the middle of a record: what follows it in the source cannot be read apart from it. */
  readonly isOpen: boolean;
}

/** What was read as plain data, for another thread. */
export interface PackedReading {
  readonly table: PackedFlowTable;
  readonly sources: readonly (SourceCounts | undefined)[];
  readonly timeless: number;
  readonly schemas: Readonly<Record<string, number>>;
  readonly minTimeMs: number;
  readonly maxTimeMs: number;
}

/**
 * Reads parts of the input, in any order, and keeps what flows are made of. What several of these
 * have read with the same options can be put together, again in any order.
 */
export interface Reading {
  /** May be replaced by another one, made with {@link flowTableOptions}. */
  table: FlowTable;
  /** By place among all sources. */
  readonly sources: readonly (SourceCounts | undefined)[];
  /** Events without a readable time. */
  readonly timeless: number;
  readonly schemas: Readonly<Record<string, number>>;
  /** Infinite when no line had a time. */
  readonly minTimeMs: number;
  readonly maxTimeMs: number;
  /** Begins a part; several may be open. */
  part(part: Part): PartReader;
  /** Notes that a source ended badly. */
  broken(source: Pick<Part, 'source' | 'name'>, code: RejectCode, reason: string): void;
  /** All of it, not a copy: nothing may be read any more. */
  pack(): PackedReading;
  /**
   * Adds what another one has read, which is used up by that.
   * @param linesBefore lines of a source before those that the other has counted; none by default
   */
  absorb(packed: PackedReading, linesBefore?: (source: number) => number): void;
}

const NOTHING_COUNTED: Pick<SourceCounts, 'lines' | 'blank' | 'joined'> & {
  readonly forms: Readonly<Record<string, number>>;
} = { lines: 0, blank: 0, joined: 0, forms: {} };

/** The fields that are kept for each flow, by slot. */
export function keptFields({ ruleSet, keep }: Pick<ReaderOptions, 'ruleSet' | 'keep'>): string[] {
  const asked = EVENT_FIELDS.filter((field) => ruleSet.flows.fields.has(field));
  return [...new Set([...(keep ?? []), ...asked])];
}

/** Tables made with these may be put together. */
export function flowTableOptions({ ruleSet, isOneOfSeveral }: ReaderOptions): FlowTableOptions {
  return {
    rules: ruleSet.rules,
    explanations: ruleSet.explanations,
    correlations: evaluatedCorrelations(ruleSet),
    podStages: STAGES.filter((stage) => ruleSet.flows.fields.has(`${stage}.pod`)),
    sharesIds: isOneOfSeveral ?? false,
  };
}

export function startReading(options: ReaderOptions): Reading {
  const { ruleSet } = options;
  const normaliser = createNormaliser({
    mappings: options.mappings,
    library: ruleSet.events,
    keep: keptFields(options),
    showIds: options.showIds ?? false,
    zone: options.zone ?? 'UTC',
    inFull: new Set([...fieldsInFull(ruleSet), ...FlowTable.readsInFull]),
    kernel: options.kernel,
  });
  const paths = new PathTree(normaliser.wants);
  const signalsOf = createSignalFinder(ruleSet);
  const tableOptions = flowTableOptions(options);
  let table = new FlowTable(tableOptions);
  const sources: SourceCounts[] = [];
  let timeless = 0;
  /** Of what was read elsewhere. */
  const schemas: Record<string, number> = {};
  let minTimeMs = Number.POSITIVE_INFINITY;
  let maxTimeMs = Number.NEGATIVE_INFINITY;

  function fold(batch: RecordBatch): number {
    const events = normaliser.normalise(batch, paths);
    for (let i = 0; i < events.count; i += 1) if (Number.isNaN(events.timeMs[i])) timeless += 1;
    table.fold(events, signalsOf);
    return events.count;
  }

  return {
    get table() {
      return table;
    },
    set table(other) {
      table = other;
    },
    sources,
    get timeless() {
      return timeless;
    },
    get schemas() {
      const all = normaliser.schemas();
      addCounts(all, schemas);
      return all;
    },
    get minTimeMs() {
      return Math.min(minTimeMs, normaliser.minTimeMs);
    },
    get maxTimeMs() {
      return Math.max(maxTimeMs, normaliser.maxTimeMs);
    },
    part({ source, name, linesBefore, form }) {
      sources[source] ??= emptySource(name);
      const counts = sources[source];
      const decoder = createDecoder(options.inputFormat ?? 'auto', paths, {
        maxLineBytes: options.maxLineBytes ?? DEFAULT_MAX_LINE_BYTES,
        ...(form === undefined ? {} : { form }),
        kernel: options.kernel,
      });
      const sink: RecordSink = {
        records(batch) {
          counts.records += batch.rows;
          counts.events += fold(batch);
        },
        rejected(rejected) {
          countRejected(counts, { ...rejected, line: linesBefore + rejected.line });
        },
      };
      let counted = NOTHING_COUNTED;
      /** Adds what the decoder has counted since it was last asked. */
      function settle(): void {
        const { lines, blank, joined } = decoder;
        const forms = decoder.forms();
        counts.lines += lines - counted.lines;
        counts.blank += blank - counted.blank;
        counts.joined += joined - counted.joined;
        for (const [form, rows] of Object.entries(forms)) {
          addCounts(counts.forms, { [form]: rows - (counted.forms[form] ?? 0) });
        }
        counted = { lines, blank, joined, forms };
      }
      return {
        chunk(bytes) {
          table.enterSource(name, linesBefore);
          counts.bytes += bytes.length;
          decoder.feed(bytes, sink);
          settle();
        },
        end() {
          table.enterSource(name, linesBefore);
          const { isOpen } = decoder;
          decoder.end(sink);
          settle();
          return { lines: decoder.lines, isOpen };
        },
      };
    },
    broken({ source, name }, code, reason) {
      sources[source] ??= emptySource(name);
      sources[source].broken = { code, reason };
    },
    pack() {
      return {
        table: table.pack(),
        sources,
        timeless,
        schemas: this.schemas,
        minTimeMs: this.minTimeMs,
        maxTimeMs: this.maxTimeMs,
      };
    },
    absorb(packed, linesBefore = () => 0) {
      table.absorb(new FlowTable(tableOptions, packed.table), {
        linesBefore: (name) =>
          linesBefore(packed.sources.findIndex((counts) => counts?.name === name)),
      });
      for (const [i, counts] of packed.sources.entries()) {
        if (counts === undefined) continue;
        sources[i] ??= emptySource(counts.name);
        absorbSource(sources[i], counts, linesBefore(i));
      }
      timeless += packed.timeless;
      addCounts(schemas, packed.schemas);
      minTimeMs = Math.min(minTimeMs, packed.minTimeMs);
      maxTimeMs = Math.max(maxTimeMs, packed.maxTimeMs);
    },
  };
}
