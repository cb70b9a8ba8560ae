import {
  type FlowEvent,
  isRefusal,
  type LoginFlow,
  type RefusalReason,
  transition,
} from '../login-flow/index.ts';
import type { StateStore } from './state-store.ts';

export type Applied =
  /** The flow stands at `flow`; `moved` is false when the event changed nothing. */
  | { readonly kind: 'applied'; readonly flow: LoginFlow; readonly moved: boolean }
  | { readonly kind: 'refused'; readonly flow: LoginFlow; readonly reason: RefusalReason }
  | { readonly kind: 'unknown' };

/** The flows in the state store: every transition is one atomic compare-and-set. */
export interface FlowStore {
  create(flow: LoginFlow): Promise<void>;
  read(id: string): Promise<LoginFlow | undefined>;
  apply(id: string, event: FlowEvent): Promise<Applied>;
  /** Calls back whenever a flow moved, on whatever instance. @returns the end of it. */
  onChange(listener: (flowId: string) => void): Promise<() => Promise<void>>;
}

const CHANGES = 'flow-changes';

/** An ended flow stays readable: late polls and repeated callbacks deserve a true answer. */
const AFTERLIFE_MS = 10 * 60_000;

export function createFlowStore(store: StateStore, now: () => number): FlowStore {
  const keyOf = (id: string) => `flow:${id}`;
  const ttlOf = (flow: LoginFlow) => Math.max(flow.expiresAtMs - now(), 0) + AFTERLIFE_MS;

  return {
    async create(flow) {
      await store.put(keyOf(flow.id), JSON.stringify(flow), ttlOf(flow));
    },
    async read(id) {
      const text = await store.get(keyOf(id));
      return text === undefined ? undefined : (JSON.parse(text) as LoginFlow);
    },
    async apply(id, event) {
      for (;;) {
        const text = await store.get(keyOf(id));
        if (text === undefined) return { kind: 'unknown' };
        const flow = JSON.parse(text) as LoginFlow;
        const next = transition(flow, event, now());
        if (isRefusal(next)) return { kind: 'refused', flow, reason: next.refused };
        if (next === flow) return { kind: 'applied', flow, moved: false };
        // Losing the race means that somebody moved the flow: look again at where it stands now.
        // Versions only grow and every flow ends, so this does too.
        if (await store.compareAndSet(keyOf(id), text, JSON.stringify(next), ttlOf(next))) {
          await store.publish(CHANGES, id);
          return { kind: 'applied', flow: next, moved: true };
        }
      }
    },
    onChange: (listener) => store.subscribe(CHANGES, listener),
  };
}
