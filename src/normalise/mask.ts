import { EntryKind } from '../model/index.ts';
import type { Entry } from './entry.ts';
import { FieldRole } from './field-role.ts';
import { IdReader } from './id-text.ts';
import { NAMESPACE, namespaceSalt } from './namespace.ts';
import type { PathUse } from './path-use.ts';
import { isPlatformRid, SCENE_PREFIX } from './text-ids.ts';

/**
 * What of an entry is left out of its row's template, because it is another in each line and
 * nothing but its id follows from it.
 */
export const Mask = {
  /** Nothing: the template holds the whole entry. */
  none: 0,
  /** An id. */
  id: 1,
  /** An id if the rest of the row says so; what the row says is the template's. */
  pendingUuid: 2,
  pendingState: 3,
  /** A state that is a number or the documentation's placeholder, which is believed more easily. */
  pendingPlainState: 4,
  /** An id within its process only. */
  counter: 5,
  /** An id inside a text; what else follows from the text is the template's. */
  text: 6,
} as const;

export type Mask = (typeof Mask)[keyof typeof Mask];

/** Roles of paths whose entries may be ids. */
const ID_ROLES: ReadonlySet<FieldRole> = new Set([
  FieldRole.id,
  FieldRole.traceId,
  FieldRole.requestId,
  FieldRole.weakId,
  FieldRole.state,
  FieldRole.code,
  FieldRole.rid,
]);

/** True for a path whose entries {@link IdMask} has to look at. */
export function mayHoldId({ role, alsoValue }: Pick<PathUse, 'role' | 'alsoValue'>): boolean {
  return ID_ROLES.has(role) && alsoValue === undefined;
}

/**
 * Tells by role and text which entries are ids and nothing else. The tests of a role are those by
 * which `EntryReader` reads it: where that does more with the entry than take an id, such as
 * making a value of it, the entry is not masked.
 */
export class IdMask {
  /** Index into `ID_NAMESPACES`. */
  namespace = 0;
  readonly #id = new IdReader();

  /** Hash of the id that was masked, salted by its namespace; of a counter, not yet salted. */
  get hash() {
    return this.#id.hash;
  }

  /** The entry must have been hashed. */
  of(use: PathUse, entry: Entry): Mask {
    const { kind } = entry;
    if (kind > EntryKind.number) return Mask.none;
    const isText = kind === EntryKind.string;
    switch (use.role) {
      case FieldRole.id:
        return this.#plainId(use, entry);
      case FieldRole.traceId:
        return this.#trace(use, entry);
      case FieldRole.requestId:
        return use.value === undefined ? this.#request(entry) : Mask.none;
      case FieldRole.rid:
        return isText && !isPlatformRid(entry) ? this.#request(entry) : Mask.none;
      case FieldRole.weakId:
        return isText && use.value === undefined ? this.#weakId(use.namespace, entry) : Mask.none;
      case FieldRole.state:
        return this.#state(use, entry);
      case FieldRole.code:
        return isText ? this.#code(use, entry) : Mask.none;
      default:
        return Mask.none;
    }
  }

  #plainId(use: PathUse, entry: Entry): Mask {
    if (!this.#id.read(entry.bytes, entry.start, entry.end)) return Mask.none;
    this.#take(use.namespace, entry);
    return this.#isOnlyId(use) ? Mask.id : Mask.none;
  }

  #trace(use: PathUse, entry: Entry): Mask {
    if (!this.#id.readTrace(entry.bytes, entry.start, entry.end)) return Mask.none;
    this.#take(NAMESPACE.trace_id, entry);
    return this.#isOnlyId(use) ? Mask.id : Mask.none;
  }

  #request(entry: Entry): Mask {
    const id = this.#id;
    if (!id.read(entry.bytes, entry.start, entry.end)) return Mask.none;
    this.namespace = NAMESPACE.request_id;
    if (id.isCounter()) {
      id.hashText();
      return Mask.counter;
    }
    this.#take(NAMESPACE.request_id, entry);
    return Mask.id;
  }

  #weakId(namespace: number, entry: Entry): Mask {
    const id = this.#id;
    const { bytes, start, end } = entry;
    if (namespace === NAMESPACE.trace_id) {
      if (!id.readTrace(bytes, start, end, true)) return Mask.none;
      this.#take(namespace, entry);
      return Mask.id;
    }
    if (!id.readWeakToken(namespace, bytes, start, end)) return Mask.none;
    this.#take(namespace, entry);
    return namespace === NAMESPACE['login.qrcode_id'] ? Mask.pendingUuid : Mask.id;
  }

  #state(use: PathUse, entry: Entry): Mask {
    const id = this.#id;
    const { bytes, start, end } = entry;
    if (id.isStatusWord(bytes, start, end)) return Mask.none;
    const isToken = id.readToken(bytes, start, end, 6);
    if (!isToken && !id.read(bytes, start, end)) return Mask.none;
    const isPlain = !isToken && id.isPlaceholderOrNumber();
    this.#take(NAMESPACE['login.state'], entry);
    if (!this.#isOnlyId(use)) return Mask.none;
    if (isToken) return Mask.id;
    return isPlain ? Mask.pendingPlainState : Mask.pendingState;
  }

  #code(use: PathUse, entry: Entry): Mask {
    const { bytes, start, end } = entry;
    if (!this.#id.readBareCode(bytes, start, end)) return Mask.none;
    this.#take(NAMESPACE['login.code'], entry);
    return this.#isOnlyId(use) ? Mask.id : Mask.none;
  }

  /** Random ids share one value, if any; see `EntryReader`. */
  #isOnlyId({ value }: PathUse): boolean {
    return value === undefined || (value.slot < 0 && this.#id.isRandom());
  }

  #take(namespace: number, entry: Entry): void {
    const id = this.#id;
    this.namespace = namespace;
    if (namespace === NAMESPACE['login.scene']) id.dropPrefix(SCENE_PREFIX);
    if (namespace !== NAMESPACE.trace_id) id.hashWithin(entry);
    id.hash.salt(namespaceSalt(namespace));
  }
}
