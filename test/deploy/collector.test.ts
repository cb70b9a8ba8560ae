import { readFileSync } from 'node:fs';
import { expect, test } from 'vitest';
import { parse } from 'yaml';
import { DEPLOY } from './promtool.ts';

type Components = Readonly<Record<string, unknown>>;

interface Pipeline {
  readonly receivers: readonly string[];
  readonly processors: readonly string[];
  readonly exporters: readonly string[];
}

const config = parse(readFileSync(`${DEPLOY}/collector/config.yaml`, 'utf8')) as {
  receivers: Components;
  processors: Components;
  exporters: Components;
  connectors: Components;
  extensions: Components;
  service: {
    extensions: readonly string[];
    pipelines: Readonly<Record<'traces' | 'metrics', Pipeline>>;
  };
};
const pipelines = Object.values(config.service.pipelines);
const named = (part: keyof Pipeline) => new Set(pipelines.flatMap((pipeline) => pipeline[part]));

test('every component is defined where it is used, and used where it is defined', () => {
  const connectors = Object.keys(config.connectors);
  expect([...named('receivers')].sort()).toEqual(
    [...Object.keys(config.receivers), ...connectors].sort(),
  );
  expect([...named('exporters')].sort()).toEqual(
    [...Object.keys(config.exporters), ...connectors].sort(),
  );
  expect([...named('processors')].sort()).toEqual(Object.keys(config.processors).sort());
  expect(config.service.extensions).toEqual(Object.keys(config.extensions));
});

test('OTLP comes in; a file, Jaeger and Prometheus are fed', () => {
  const { traces, metrics } = config.service.pipelines;
  expect(traces.receivers).toEqual(['otlp']);
  expect(traces.exporters).toEqual(['file', 'otlp/jaeger', 'spanmetrics']);
  expect(metrics).toMatchObject({ receivers: ['spanmetrics'], exporters: ['prometheus'] });
});

test('memory is guarded first and batches are made last', () => {
  for (const { processors } of pipelines) {
    expect(processors[0]).toBe('memory_limiter');
    expect(processors.at(-1)).toBe('batch');
  }
});
