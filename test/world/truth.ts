import type { AbandonReason, IdNamespace, OutcomeKind, Stage } from '../../src/model/index.ts';
import { FIRST_CARRIER_NAMESPACE, ID_NAMESPACES } from '../../src/model/index.ts';
import type { CarriedId, Printed } from './narrate.ts';
import type { Plot } from './plots/index.ts';
import type { Scheduled } from './scene.ts';
import type { LoginKind } from './stack.ts';

/** What really became of one login, as far as the data's window shows it. */
export interface FlowTruth {
  /** Its number in the schedule, and a letter where the window's edge cut it into parts. */
  readonly id: string;
  readonly plot: string;
  readonly stack: string;
  readonly kind: LoginKind;
  readonly outcome: OutcomeKind;
  /**
   * Label of the failure: the class of the rules for it, or the name of the one rule where the
   * classes are coarser. Null for a failure that no rule can know. Only for failed logins.
   */
  readonly class?: string | null;
  readonly stage?: Stage;
  /** Only for abandoned logins. */
  readonly reason?: AbandonReason;
  /** Cut by the window's beginning or end. */
  readonly cut: boolean;
  readonly ids: { readonly [N in IdNamespace]?: readonly string[] };
  readonly startedAtMs: number;
  readonly endedAtMs: number;
  readonly lines: number;
}

/**
 * The truths of one login: one, unless the window's beginning cuts away the line that tied two
 * of its ids together; none when no line with an id of the login's own is left.
 */
export function truthsOf(login: {
  number: number;
  plot: Plot;
  stack: string;
  kind: LoginKind;
  visible: readonly Printed[];
  cutAtStart: boolean;
  cutAtEnd: boolean;
  /** Lines that settle how it ended; none when only lasting silence does. */
  settledBy: ReadonlySet<Scheduled>;
}): FlowTruth[] {
  const parts = connectedParts(login.visible).filter((part) => part.some(isLoginLine));
  const isSettled = (part: readonly Printed[]): boolean =>
    login.settledBy.size === 0
      ? !login.cutAtStart && !login.cutAtEnd
      : part.some(({ tells }) => tells !== undefined && login.settledBy.has(tells));
  return parts.map((part, index) => {
    const { ending } = login.plot;
    const times = part.map((line) => line.atMs);
    return {
      id: parts.length === 1 ? String(login.number) : `${login.number}${'abcdefgh'[index]}`,
      plot: login.plot.name,
      stack: login.stack,
      kind: login.kind,
      ...(isSettled(part) ? ending : { outcome: 'open' as const }),
      cut: login.cutAtStart || login.cutAtEnd,
      ids: idsOf(part),
      startedAtMs: Math.min(...times),
      endedAtMs: Math.max(...times),
      lines: part.length,
    };
  });
}

/** A value that stands for no single login, such as a state that is always the same. */
export const CONSTANT_STATE = 'STATE';

function joins({ namespace, id }: CarriedId): boolean {
  return !(namespace === 'login.state' && id === CONSTANT_STATE);
}

function isLoginLine(line: Printed): boolean {
  return line.carried.some(
    (carried) =>
      joins(carried) && ID_NAMESPACES.indexOf(carried.namespace) < FIRST_CARRIER_NAMESPACE,
  );
}

/** Lines grouped by the ids they share, directly or through others. */
export function connectedParts(lines: readonly Printed[]): Printed[][] {
  const parts: { keys: Set<string>; lines: Printed[] }[] = [];
  for (const line of lines) {
    const keys = line.carried.filter(joins).map(({ namespace, id }) => `${namespace} ${id}`);
    const [first, ...others] = parts.filter((part) => keys.some((key) => part.keys.has(key)));
    if (first === undefined) {
      parts.push({ keys: new Set(keys), lines: [line] });
      continue;
    }
    for (const key of keys) first.keys.add(key);
    first.lines.push(line);
    for (const other of others) {
      for (const key of other.keys) first.keys.add(key);
      first.lines.push(...other.lines);
      parts.splice(parts.indexOf(other), 1);
    }
  }
  return parts.map((part) => part.lines);
}

function idsOf(lines: readonly Printed[]): FlowTruth['ids'] {
  const ids: Partial<Record<IdNamespace, string[]>> = {};
  for (const line of lines) {
    for (const carried of line.carried) {
      if (!joins(carried)) continue;
      ids[carried.namespace] ??= [];
      const known = ids[carried.namespace] as string[];
      if (!known.includes(carried.id)) known.push(carried.id);
    }
  }
  return ids;
}
