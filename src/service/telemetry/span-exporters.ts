import { createWriteStream, mkdirSync } from 'node:fs';
import { dirname } from 'node:path';
import type { Attributes } from '@opentelemetry/api';
import { JsonTraceSerializer } from '@opentelemetry/otlp-transformer';
import type { ReadableSpan, SpanExporter } from '@opentelemetry/sdk-trace-node';
import { redactAttribute, redactText } from './redaction.ts';

/** Appends each batch to a file as one OTLP/JSON request a line, as the Collector's file exporter does. */
export function createFileExporter(file: string): SpanExporter {
  mkdirSync(dirname(file), { recursive: true });
  const stream = createWriteStream(file, { flags: 'a' });
  return {
    export(spans, done) {
      const request = JsonTraceSerializer.serializeRequest(spans);
      stream.write(Buffer.concat([request ?? Buffer.alloc(0), Buffer.from('\n')]), (error) =>
        done(error ? { code: 1, error } : { code: 0 }),
      );
    },
    shutdown: () =>
      new Promise((resolve) => {
        stream.end(resolve);
      }),
  };
}

/**
 * The last gate before spans leave: instrumentations put whole URLs into them, and WeChat wants
 * the app's secret in the query.
 */
export function redacting(exporter: SpanExporter): SpanExporter {
  return {
    export: (spans, done) => exporter.export(spans.map(redactSpan), done),
    shutdown: () => exporter.shutdown(),
    forceFlush: () => exporter.forceFlush?.() ?? Promise.resolve(),
  };
}

function redactSpan(span: ReadableSpan): ReadableSpan {
  const { status } = span;
  return Object.create(span, {
    attributes: { value: redactAttributes(span.attributes) },
    events: {
      value: span.events.map((event) => ({
        ...event,
        attributes: redactAttributes(event.attributes ?? {}),
      })),
    },
    status: {
      value: { ...status, ...(status.message && { message: redactText(status.message) }) },
    },
  }) as ReadableSpan;
}

function redactAttributes(attributes: Attributes): Attributes {
  return Object.fromEntries(
    Object.entries(attributes).map(([name, value]) => [name, redactAttribute(name, value)]),
  );
}
