import type { LoginFlow } from '../login-flow/index.ts';

/** Ends the flows this instance began when their time is up, so that none stays open unseen. */
export interface Expiry {
  watch(flow: LoginFlow): void;
  close(): void;
}

export function createExpiry(
  now: () => number,
  expire: (flowId: string) => Promise<LoginFlow | undefined>,
): Expiry {
  const timers = new Set<NodeJS.Timeout>();

  function watch(flow: LoginFlow): void {
    const timer = setTimeout(
      async () => {
        timers.delete(timer);
        // Confirmation gave the flow more time: look again when that is over.
        const open = await expire(flow.id);
        if (open !== undefined) watch(open);
      },
      Math.max(flow.expiresAtMs - now(), 1),
    ).unref();
    timers.add(timer);
  }

  return {
    watch,
    close() {
      for (const timer of timers) clearTimeout(timer);
      timers.clear();
    },
  };
}
