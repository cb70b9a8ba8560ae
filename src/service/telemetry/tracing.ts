import {
  type Attributes,
  context,
  INVALID_SPAN_CONTEXT,
  isSpanContextValid,
  type Span,
  type SpanContext,
  SpanKind,
  SpanStatusCode,
  type TracerProvider,
  trace,
} from '@opentelemetry/api';
import { W3CTraceContextPropagator } from '@opentelemetry/core';
import { OTLPTraceExporter } from '@opentelemetry/exporter-trace-otlp-proto';
import { UndiciInstrumentation } from '@opentelemetry/instrumentation-undici';
import { resourceFromAttributes } from '@opentelemetry/resources';
import {
  AlwaysOffSampler,
  BatchSpanProcessor,
  NodeTracerProvider,
  ParentBasedSampler,
  type SpanExporter,
  TraceIdRatioBasedSampler,
} from '@opentelemetry/sdk-trace-node';
import type { LoginFlow } from '../login-flow/index.ts';
import { factsOf } from './error-facts.ts';
import { createFileExporter, redacting } from './span-exporters.ts';

export interface TracingOptions {
  readonly service: Readonly<Record<string, string>>;
  readonly file: string | undefined;
  /** A collector's base address; `/v1/traces` is added. */
  readonly endpoint: URL | undefined;
  readonly sampleRatio: number;
}

export interface Tracing {
  readonly provider: TracerProvider;
  /** Runs work in a span of its own that fails if the work does. */
  inSpan<T>(
    name: string,
    options: { readonly kind?: SpanKind; readonly attributes: Attributes },
    work: () => Promise<T>,
  ): Promise<T>;
  shutdown(): Promise<void>;
}

/** Spans wait at most this long for company; a killed process loses no more. */
const BATCH_MS = 500;

export function createTracing(options: TracingOptions): Tracing {
  const exporters: SpanExporter[] = [];
  if (options.file !== undefined) exporters.push(createFileExporter(options.file));
  if (options.endpoint !== undefined) {
    exporters.push(
      new OTLPTraceExporter({ url: new URL('/v1/traces', options.endpoint).toString() }),
    );
  }
  const provider = new NodeTracerProvider({
    resource: resourceFromAttributes(options.service),
    // Without an exporter there still are trace ids, for the log lines.
    sampler:
      exporters.length === 0
        ? new AlwaysOffSampler()
        : new ParentBasedSampler({ root: new TraceIdRatioBasedSampler(options.sampleRatio) }),
    spanProcessors: exporters.map(
      (exporter) =>
        new BatchSpanProcessor(redacting(exporter), {
          scheduledDelayMillis: BATCH_MS,
          maxQueueSize: 16_384,
          maxExportBatchSize: 1024,
        }),
    ),
  });
  // Context and propagation are the process's; a second service in it shares them.
  // Nobody here reads baggage, and what a stranger puts into it goes no further.
  provider.register({ propagator: new W3CTraceContextPropagator() });
  const outgoing = new UndiciInstrumentation({ requireParentforSpans: true });
  outgoing.setTracerProvider(provider);
  const tracer = provider.getTracer('scan-login');

  return {
    provider,
    inSpan: (name, { kind = SpanKind.INTERNAL, attributes }, work) =>
      tracer.startActiveSpan(name, { kind, attributes }, async (span) => {
        try {
          return await work();
        } catch (error) {
          failSpan(span, error);
          throw error;
        } finally {
          span.end();
        }
      }),
    async shutdown() {
      outgoing.disable();
      await provider.shutdown();
    },
  };
}

function failSpan(span: Span, error: unknown): void {
  const facts = factsOf(error);
  span.setAttributes(facts);
  span.setStatus({ code: SpanStatusCode.ERROR, message: String(facts['error.message']) });
}

/** The active span as a W3C `traceparent`. */
export function activeTraceparent(): string {
  const { traceId, spanId, traceFlags } =
    trace.getSpan(context.active())?.spanContext() ?? INVALID_SPAN_CONTEXT;
  return `00-${traceId}-${spanId}-${traceFlags.toString(16).padStart(2, '0')}`;
}

/**
 * Ties the active span to its flow. One login is several traces (page, polls, push, callback):
 * each names the flow and links to the one in which it began.
 */
export function joinFlow(flow: LoginFlow): void {
  const span = trace.getSpan(context.active());
  if (span === undefined || !span.isRecording()) return;
  span.setAttributes({ 'login.flow.id': flow.id, 'login.kind': flow.kind });
  const first = parseTraceparent(flow.traceparent);
  if (first !== undefined && first.traceId !== span.spanContext().traceId) {
    span.addLink({ context: first });
  }
}

function parseTraceparent(traceparent: string): SpanContext | undefined {
  const [, traceId, spanId, flags] = traceparent.split('-');
  const parsed = { traceId, spanId, traceFlags: Number.parseInt(flags, 16), isRemote: true };
  return isSpanContextValid(parsed) ? parsed : undefined;
}
