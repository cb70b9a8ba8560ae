export interface RetryOptions {
  /** Tries after the first. */
  readonly retries: number;
  readonly worthwhile: (error: unknown) => boolean;
  readonly onRetry: (error: unknown, attempt: number) => void;
}

const FIRST_PAUSE_MS = 50;

/** Repeats work that failed, with growing, scattered pauses; gives up with the last error. */
export async function withRetries<T>(work: () => Promise<T>, options: RetryOptions): Promise<T> {
  for (let attempt = 1; ; attempt++) {
    try {
      return await work();
    } catch (error) {
      if (attempt > options.retries || !options.worthwhile(error)) throw error;
      options.onRetry(error, attempt);
      const pauseMs = FIRST_PAUSE_MS * 2 ** (attempt - 1) * (0.5 + Math.random());
      await new Promise((resolve) => setTimeout(resolve, pauseMs));
    }
  }
}
