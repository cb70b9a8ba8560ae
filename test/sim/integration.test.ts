import { execFile } from 'node:child_process';
import { mkdtempSync, readdirSync, readFileSync, rmSync } from 'node:fs';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import { fileURLToPath } from 'node:url';
import { promisify } from 'node:util';
import { afterAll, beforeAll, describe, expect, test } from 'vitest';
import type { FlowTruth } from '../../src/sim/truth/truth.ts';
import { createOwnDatabase, type OwnDatabase } from '../service/own-database.ts';

const { DATABASE_URL, REDIS_URL } = process.env;

type Facts = Readonly<Record<string, unknown>>;

/** What a fault leaves in the logs, and in spans or their events, of each login that it befell. */
const TRACKS: Readonly<Record<string, { readonly log: Facts; readonly span: Facts }>> = {
  'db.deadlock': alike({ 'login.stage': 'persist', 'db.response.status_code': '40P01' }),
  'db.lock_wait': alike({ 'login.stage': 'persist', 'db.response.status_code': '55P03' }),
  'db.slow': alike({ 'login.stage': 'persist', 'db.response.status_code': '57014' }),
  'db.pool': alike({ 'error.type': 'PoolTimeout' }),
  'wx.stall': alike({ 'error.type': 'TimeoutError' }),
  'wx.reset': alike({ 'error.type': 'ECONNRESET' }),
  'rpc.deadline': alike({ 'login.stage': 'session', 'error.type': 'DEADLINE_EXCEEDED' }),
  'pods.state': alike({ 'error.type': 'state_not_found' }),
  'client.forged_state': alike({ 'error.type': 'state_mismatch' }),
  'client.double_callback': alike({ 'error.type': 'state_reused' }),
  // Who is killed says nothing: the proxy in front does, and the spans end.
  'pods.kill': { log: { 'http.response.status_code': 502 }, span: { 'login.stage': 'issued' } },
};

/** Harmless all the same. */
const SURVIVED = ['client.double_callback'];

/** A process that is killed takes along the spans it had not sent: those of others tell of it. */
const TAKES_SPANS_ALONG = ['pods.kill'];

function alike(facts: Facts) {
  return { log: facts, span: facts };
}

interface Span {
  readonly traceId: string;
  /** `service.instance.id` */
  readonly instance: unknown;
  readonly facts: readonly Facts[];
}

interface Run {
  readonly truths: readonly FlowTruth[];
  readonly logs: readonly Facts[];
  readonly spans: readonly Span[];
  readonly score: string;
}

const script = (path: string) => fileURLToPath(new URL(`../../${path}`, import.meta.url));

/** `npm run sim` and `npm run score`, as a person runs them. */
async function makeRun(out: string, env: NodeJS.ProcessEnv): Promise<Run> {
  const node = (...args: string[]) =>
    promisify(execFile)(process.execPath, ['--import', 'tsx', ...args], {
      env: { ...process.env, ...env },
      maxBuffer: 64 * 1024 * 1024,
    });
  const options = { scenario: 'integration', flows: 200, seed: 7, instances: 2, 'time-scale': 0.4 };
  const given = Object.entries(options).flatMap(([name, value]) => [`--${name}`, String(value)]);
  await node(script('src/sim/run.ts'), ...given, '--out', out);
  const { stdout } = await node(script('bench/run-score.ts'), out, '--max-false', '0');
  return {
    truths: linesOf(join(out, 'truth.jsonl')) as unknown as FlowTruth[],
    logs: filesIn(join(out, 'logs')).flatMap(linesOf),
    spans: filesIn(join(out, 'traces')).flatMap(linesOf).flatMap(spansOf),
    score: stdout,
  };
}

const filesIn = (folder: string) => readdirSync(folder).map((name) => join(folder, name));

function linesOf(file: string): Facts[] {
  const lines = readFileSync(file, 'utf8').split('\n');
  return lines.filter((line) => line !== '').map((line) => JSON.parse(line) as Facts);
}

interface Attribute {
  readonly key: string;
  readonly value: Readonly<Record<string, unknown>>;
}

interface OtlpSpan {
  readonly traceId: string;
  readonly attributes: readonly Attribute[];
  readonly events: readonly { readonly attributes: readonly Attribute[] }[];
}

function spansOf(request: Facts): Span[] {
  const { resourceSpans } = request as unknown as {
    resourceSpans: readonly {
      resource: { readonly attributes: readonly Attribute[] };
      scopeSpans: readonly { spans: readonly OtlpSpan[] }[];
    }[];
  };
  return resourceSpans.flatMap(({ resource, scopeSpans }) => {
    const instance = factsOf(resource.attributes)['service.instance.id'];
    return scopeSpans
      .flatMap(({ spans }) => spans)
      .map(({ traceId, attributes, events }) => ({
        traceId,
        instance,
        facts: [attributes, ...events.map((event) => event.attributes)].map(factsOf),
      }));
  });
}

function factsOf(attributes: readonly Attribute[]): Facts {
  return Object.fromEntries(attributes.map(({ key, value }) => [key, Object.values(value)[0]]));
}

const holds = (facts: Facts, wanted: Facts) =>
  Object.entries(wanted).every(([name, value]) => facts[name] === value);

describe.skipIf(!DATABASE_URL || !REDIS_URL)(
  'faults between two instances, PostgreSQL and Redis (DATABASE_URL, REDIS_URL)',
  () => {
    const out = mkdtempSync(join(tmpdir(), 'sim-'));
    let database: OwnDatabase;
    let run: Run;
    beforeAll(async () => {
      database = await createOwnDatabase(DATABASE_URL as string);
      run = await makeRun(out, { DATABASE_URL: database.url });
    }, 900_000);
    afterAll(async () => {
      await database?.drop();
      rmSync(out, { recursive: true, force: true });
    });

    describe.each(Object.entries(TRACKS))('%s', (fault, { log, span }) => {
      /** The logins of which the truth says that this befell them. */
      const befallen = () => {
        const truths = run.truths.filter(({ cause, injected }) =>
          SURVIVED.includes(fault)
            ? cause === null && injected.some((one) => one.fault === fault)
            : cause === fault,
        );
        expect(truths.length).toBeGreaterThan(0);
        return truths;
      };

      test('is what the truth names', () => {
        for (const truth of befallen()) {
          expect(truth.outcome).toBe(SURVIVED.includes(fault) ? 'succeeded' : 'failed');
          expect(truth.seen.driver).toMatch(/./);
        }
      });

      test('is seen in the logs', () => {
        for (const { flowId, ids } of befallen()) {
          const mine = new Set(Object.values(ids).flat());
          const told = run.logs.filter(
            (line) =>
              holds(line, log) &&
              (mine.has(line['login.flow.id'] as string) || mine.has(line.trace_id as string)),
          );
          expect(told.length, flowId).toBeGreaterThan(0);
        }
      });

      test('is seen in the traces', () => {
        for (const { flowId, ids, instances } of befallen()) {
          const mine = new Set(ids.trace_id);
          const isOfIt = ({ traceId, instance }: Span) =>
            TAKES_SPANS_ALONG.includes(fault)
              ? instances.some((name) => name === instance)
              : mine.has(traceId);
          const told = run.spans.filter(
            (one) => isOfIt(one) && one.facts.some((some) => holds(some, span)),
          );
          expect(told.length, flowId).toBeGreaterThan(0);
        }
      });
    });

    test('a killed instance is missed by who looks after it', () => {
      expect(run.logs).toContainEqual(
        expect.objectContaining({ 'event.name': 'process.exited', 'process.exit.code': 137 }),
      );
    });

    test('scanlens reads it all, and calls none failed that did not fail', () => {
      for (const view of ['LOGS', 'TRACES', 'BOTH']) {
        expect(run.score).toContain(`${view}  200 logins`);
      }
    });
  },
);
