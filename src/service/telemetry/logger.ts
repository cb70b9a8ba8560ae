import { trace } from '@opentelemetry/api';
import { type Logger, pino, stdTimeFunctions } from 'pino';

export interface LoggerOptions {
  readonly level: string;
  /** File to append to; standard output without. */
  readonly file: string | undefined;
  readonly service: Readonly<Record<string, string>>;
}

export interface ServiceLog {
  readonly logger: Logger;
  /** Writes out what is still in memory. */
  flush(): Promise<void>;
}

/** One JSON line an event, with the trace it happened in. */
export function createLog({ level, file, service }: LoggerOptions): ServiceLog {
  const destination = pino.destination({
    dest: file ?? 1,
    mkdir: true,
    // A slow disk must not hold the event loop.
    sync: false,
    // Each line is written at once; with 0 that would be so too, but nothing could be flushed.
    minLength: 1,
  });
  const logger = pino(
    {
      level,
      base: service,
      timestamp: stdTimeFunctions.isoTime,
      formatters: { level: (label) => ({ severity: label.toUpperCase() }) },
      mixin() {
        const span = trace.getActiveSpan()?.spanContext();
        return span === undefined ? {} : { trace_id: span.traceId, span_id: span.spanId };
      },
      redact: ['req.headers', '*.cookie', '*.authorization', '*.password'],
    },
    destination,
  );
  return {
    logger,
    flush: () =>
      new Promise((resolve) => {
        destination.flush(() => resolve());
      }),
  };
}
