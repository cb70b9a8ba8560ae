import { spawnSync } from 'node:child_process';
import { createHash } from 'node:crypto';
import { readdirSync, readFileSync, writeFileSync } from 'node:fs';
import { join } from 'node:path';
import process from 'node:process';
import type { Driven } from '../drive.ts';
import type { RunOptions } from '../options.ts';
import type { Scenario } from '../scenario/index.ts';
import type { FlowTruth } from './truth.ts';

export interface RunCounts {
  readonly succeeded: number;
  readonly failed: number;
  readonly abandoned: number;
}

/** Writes `truth.jsonl` and `run.json` beside the logs and traces. */
export function writeRun(
  folder: string,
  run: { readonly scenario: Scenario; readonly options: RunOptions; readonly driven: Driven },
): { readonly counts: RunCounts; readonly leaks: readonly Leak[] } {
  const { scenario, options, driven } = run;
  const { truths, skipped } = driven;
  writeFileSync(
    join(folder, 'truth.jsonl'),
    truths.map((truth) => `${JSON.stringify(truth)}\n`).join(''),
  );
  const counts: RunCounts = {
    succeeded: truths.filter(({ outcome }) => outcome === 'succeeded').length,
    failed: truths.filter(({ outcome }) => outcome === 'failed').length,
    abandoned: truths.filter(({ outcome }) => outcome === 'abandoned').length,
  };
  const { seed, flows, instances, timeScale } = options;
  const leaks = leaksIn(folder, driven);
  const summary = {
    schema: 'qr-login-run/1',
    scenario: scenario.name,
    seed,
    commit: commitOf(),
    versions: { node: process.version },
    settings: { flows, instances, timeScale, ...scenario },
    counts,
    faults: faultCounts(truths, scenario),
    skipped,
    secrets: { known: driven.secrets.size, leaks },
    files: hashesOf(folder),
  };
  writeFileSync(join(folder, 'run.json'), `${JSON.stringify(summary, null, 2)}\n`);
  return { counts, leaks };
}

/** What code ran, where that can be told. */
function commitOf(): string | null {
  const { stdout, status } = spawnSync('git', ['rev-parse', 'HEAD'], { encoding: 'utf8' });
  return status === 0 ? stdout.trim() : null;
}

/** Of each fault of the scenario: how many logins met it, and how many failed by it. */
function faultCounts(truths: readonly FlowTruth[], { faults }: Scenario) {
  return Object.fromEntries(
    Object.keys(faults).map((id) => [
      id,
      {
        met: truths.filter(({ injected }) => injected.some(({ fault }) => fault === id)).length,
        failed: truths.filter(({ cause }) => cause === id).length,
      },
    ]),
  );
}

/** Secrets that stand in an output in clear. */
export interface Leak {
  readonly place: string;
  /** The beginnings of some of them. */
  readonly beginnings: readonly string[];
}

/** Looks for every secret of the run in all its logs, spans, metrics and truths. */
function leaksIn(folder: string, { secrets, metrics }: Driven): Leak[] {
  const texts = [
    ...[...filesOf(folder), 'truth.jsonl'].map(
      (name) => [name, readFileSync(join(folder, name), 'utf8')] as const,
    ),
    ...metrics.map((text, i) => [`/metrics of instance ${i + 1}`, text] as const),
  ];
  return texts.flatMap(([place, text]): Leak[] => {
    const beginnings = secrets.findIn(text);
    return beginnings.length === 0 ? [] : [{ place, beginnings }];
  });
}

function filesOf(folder: string): string[] {
  return ['logs', 'traces'].flatMap((part) =>
    readdirSync(join(folder, part))
      .sort()
      .map((name) => `${part}/${name}`),
  );
}

/** SHA-256 of every log and trace file. */
function hashesOf(folder: string): Record<string, string> {
  return Object.fromEntries(
    filesOf(folder).map((name) => [
      name,
      createHash('sha256')
        .update(readFileSync(join(folder, name)))
        .digest('hex'),
    ]),
  );
}
