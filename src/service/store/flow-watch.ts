import type { LoginFlow } from '../login-flow/index.ts';
import type { FlowStore } from './flow-store.ts';

export interface Patience {
  /** Fires when nobody waits any more. */
  readonly signal: AbortSignal;
  readonly timeoutMs: number;
}

/** Lets status requests sleep until their flow moves. */
export interface FlowWatch {
  /**
   * The flow as soon as its version exceeds `version`, else as it stands when patience ends or the
   * watch closes. `undefined` if there is no such flow.
   */
  next(id: string, version: number, patience: Patience): Promise<LoginFlow | undefined>;
  /** Wakes all sleepers. */
  close(): Promise<void>;
}

/** One subscription serves all sleepers of this instance. */
export async function createFlowWatch(flows: FlowStore): Promise<FlowWatch> {
  const sleepers = new Map<string, Set<() => void>>();
  let closed = false;
  const unsubscribe = await flows.onChange((id) => {
    for (const wake of sleepers.get(id) ?? []) wake();
  });

  /** Resolves at the next change of the flow or when patience ends. */
  function sleep(id: string, { signal, timeoutMs }: Patience) {
    let wake = () => {};
    const woken = new Promise<void>((resolve) => {
      wake = resolve;
    });
    const timer = setTimeout(wake, timeoutMs);
    signal.addEventListener('abort', wake);
    const waiting = sleepers.get(id) ?? new Set();
    sleepers.set(id, waiting.add(wake));
    return {
      woken,
      forget() {
        clearTimeout(timer);
        signal.removeEventListener('abort', wake);
        waiting.delete(wake);
        if (waiting.size === 0 && sleepers.get(id) === waiting) sleepers.delete(id);
      },
    };
  }

  return {
    async next(id, version, { signal, timeoutMs }) {
      const until = performance.now() + timeoutMs;
      for (;;) {
        const leftMs = until - performance.now();
        // Listen before looking: a change between the two would be slept through.
        const { woken, forget } = sleep(id, { signal, timeoutMs: Math.max(leftMs, 0) });
        try {
          const flow = await flows.read(id);
          const enough = leftMs <= 0 || signal.aborted || closed;
          if (flow === undefined || flow.version > version || enough) return flow;
          await woken;
        } finally {
          forget();
        }
      }
    },
    async close() {
      closed = true;
      await unsubscribe();
      for (const waiting of sleepers.values()) for (const wake of waiting) wake();
    },
  };
}
