import type { EventHome } from '../decode/index.ts';
import type { EventBatch, EventTemplate } from '../model/index.ts';
import { type IdHash, MAX_TEMPLATES } from './template-table.ts';

/** More ids than this in one event tie no one login together. */
export const MAX_IDS = 64;

const NO_TEMPLATE: EventTemplate = { values: [] };

/** An id and the entry it was read from. */
export interface OfferedId extends IdHash {
  readonly origin: number;
}

function newHome(): EventHome {
  const [events, ids] = [1 << 10, 1 << 12];
  return {
    row: new Uint32Array(events),
    line: new Uint32Array(events),
    timeMs: new Float64Array(events),
    severity: new Uint8Array(events),
    stage: new Uint8Array(events),
    outcome: new Uint8Array(events),
    kind: new Uint8Array(events),
    hashHigh: new Uint32Array(events),
    hashLow: new Uint32Array(events),
    idStart: new Uint32Array(events + 1),
    template: new Uint32Array(events),
    idNamespace: new Uint8Array(ids),
    idHigh: new Uint32Array(ids),
    idLow: new Uint32Array(ids),
  };
}

/** The growing columns behind an {@link EventBatch}. */
export class EventColumns implements EventBatch {
  count = 0;
  row: Uint32Array;
  line: Uint32Array;
  timeMs: Float64Array;
  severity: Uint8Array;
  stage: Uint8Array;
  outcome: Uint8Array;
  kind: Uint8Array;
  hashHigh: Uint32Array;
  hashLow: Uint32Array;
  idStart: Uint32Array;
  template: Uint32Array;
  idNamespace: Uint8Array;
  idHigh: Uint32Array;
  idLow: Uint32Array;
  readonly idText: string[] = [];
  /** Those that last come first; behind them, those of this batch alone. */
  readonly templates: EventTemplate[] = new Array(MAX_TEMPLATES).fill(NO_TEMPLATE);
  ids = 0;
  /** Entry of the record that the next ids come from. */
  origin = -1;
  /** The ids that the open event was offered, repeated ones too. */
  readonly offered: OfferedId[] = [];

  readonly #home: EventHome;

  /** @param home the arrays to begin with */
  constructor(home: EventHome = newHome()) {
    this.#home = home;
    this.row = home.row;
    this.line = home.line;
    this.timeMs = home.timeMs;
    this.severity = home.severity;
    this.stage = home.stage;
    this.outcome = home.outcome;
    this.kind = home.kind;
    this.hashHigh = home.hashHigh;
    this.hashLow = home.hashLow;
    this.idStart = home.idStart;
    this.template = home.template;
    this.idNamespace = home.idNamespace;
    this.idHigh = home.idHigh;
    this.idLow = home.idLow;
  }

  /** True while none of the arrays had to grow. */
  get isAtHome(): boolean {
    return this.row === this.#home.row && this.idHigh === this.#home.idHigh;
  }

  clear(): void {
    if (!this.isAtHome) Object.assign(this, this.#home);
    this.count = 0;
    this.ids = 0;
    this.idStart[0] = 0;
    this.idText.length = 0;
    this.templates.length = MAX_TEMPLATES;
  }

  /** The first id of the open event. */
  get firstId(): number {
    return this.idStart[this.count];
  }

  /** Opens an event; one that was opened and not ended is forgotten. */
  beginEvent(): void {
    this.#reserveEvent();
    this.ids = this.idStart[this.count];
    this.origin = -1;
    if (this.offered.length > 0) this.offered.length = 0;
  }

  endEvent(): void {
    this.count += 1;
    this.idStart[this.count] = this.ids;
  }

  hasId(namespace: number): boolean {
    for (let i = this.firstId; i < this.ids; i += 1) {
      if (this.idNamespace[i] === namespace) return true;
    }
    return false;
  }

  #reserveEvent(): void {
    if (this.count < this.line.length) return;
    this.row = grown(this.row, Uint32Array);
    this.line = grown(this.line, Uint32Array);
    this.timeMs = grown(this.timeMs, Float64Array);
    this.severity = grown(this.severity, Uint8Array);
    this.stage = grown(this.stage, Uint8Array);
    this.outcome = grown(this.outcome, Uint8Array);
    this.kind = grown(this.kind, Uint8Array);
    this.hashHigh = grown(this.hashHigh, Uint32Array);
    this.hashLow = grown(this.hashLow, Uint32Array);
    this.idStart = grown(this.idStart, Uint32Array);
    this.template = grown(this.template, Uint32Array);
  }

  /** Adds an id that a reader found, and notes where. */
  addId(namespace: number, high: number, low: number, text: string): void {
    this.offered.push({ namespace, high, low, origin: this.origin });
    this.insertId(namespace, high, low, text);
  }

  /** Adds an id to the open event, unless it stands there already; ids stay in ascending order. */
  insertId(namespace: number, signedHigh: number, signedLow: number, text: string): void {
    const high = signedHigh >>> 0;
    const low = signedLow >>> 0;
    const from = this.idStart[this.count];
    let at = this.ids;
    if (at - from === MAX_IDS) return;
    for (let i = from; i < this.ids; i += 1) {
      if (this.idLow[i] === low && this.idHigh[i] === high && this.idNamespace[i] === namespace) {
        return;
      }
    }
    if (at === this.idNamespace.length) {
      this.idNamespace = grown(this.idNamespace, Uint8Array);
      this.idHigh = grown(this.idHigh, Uint32Array);
      this.idLow = grown(this.idLow, Uint32Array);
    }
    while (at > from && this.#comesBefore(namespace, high, low, at - 1)) {
      this.idNamespace[at] = this.idNamespace[at - 1];
      this.idHigh[at] = this.idHigh[at - 1];
      this.idLow[at] = this.idLow[at - 1];
      if (text !== '') this.idText[at] = this.idText[at - 1];
      at -= 1;
    }
    this.idNamespace[at] = namespace;
    this.idHigh[at] = high;
    this.idLow[at] = low;
    if (text !== '') this.idText[at] = text;
    this.ids += 1;
  }

  #comesBefore(namespace: number, high: number, low: number, other: number): boolean {
    if (namespace !== this.idNamespace[other]) return namespace < this.idNamespace[other];
    if (high !== this.idHigh[other]) return high < this.idHigh[other];
    return low < this.idLow[other];
  }
}

function grown<T extends Uint8Array | Uint32Array | Float64Array>(
  column: T,
  Column: new (length: number) => T,
): T {
  const larger = new Column(column.length * 2 + (column.length & 1 ? -1 : 0));
  larger.set(column as never);
  return larger;
}
