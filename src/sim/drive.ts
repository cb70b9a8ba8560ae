import { mkdirSync } from 'node:fs';
import { join } from 'node:path';
import { Agent } from 'undici';
import {
  betweenServiceAndWechat,
  createMishap,
  type FaultId,
  type Need,
  openSaboteur,
  type RiskAnswer,
  type Saboteur,
  type SiteName,
  startRiskService,
} from './faults/index.ts';
import { openLogFile } from './fleet/log-file.ts';
import { type Site, startSite } from './fleet/site.ts';
import { type Door, openDoor } from './load.ts';
import { findMeans, missingFor, type Skipped } from './needs.ts';
import type { RunOptions } from './options.ts';
import { loginByAccount } from './people/account-login.ts';
import { type FlowPlan, planFlows } from './people/plan.ts';
import { openVisit } from './people/visit.ts';
import { loginByWebsite } from './people/website-login.ts';
import type { Scenario } from './scenario/index.ts';
import { createJournal, type FlowRecord, type Journal } from './truth/journal.ts';
import type { Secrets } from './truth/secrets.ts';
import { type FlowTruth, truthOf } from './truth/truth.ts';

export interface Driven {
  readonly truths: readonly FlowTruth[];
  readonly skipped: readonly Skipped[];
  /** Values that none of the outputs may hold. */
  readonly secrets: Secrets;
  /** The text of each instance's `/metrics`, at the end. */
  readonly metrics: readonly string[];
}

/** Everything that the logins of one run share. */
interface World {
  readonly options: RunOptions;
  readonly sites: ReadonlyMap<SiteName, Site>;
  readonly journal: Journal;
  /** Each site has tables of its own, so that one's trouble is no other's. */
  readonly saboteurs: ReadonlyMap<SiteName, Saboteur>;
  readonly dispatcher: Agent;
  readonly enterAlone: (site: Site) => Promise<() => void>;
  readonly door: Door;
}

/**
 * Drives one run: starts what the scenario needs, lets people log in, and stops everything.
 * @param say told of what is under way
 */
export async function drive(
  scenario: Scenario,
  options: RunOptions,
  env: Readonly<Record<string, string | undefined>>,
  say: (text: string) => void,
): Promise<Driven> {
  const means = await findMeans(env);
  const skipped = skippedFaults(scenario, means);
  for (const { fault, why } of skipped) say(`skipped ${fault}: ${why}`);
  const plans = planFlows({ ...options, scenario }).map((plan) =>
    skipped.some(({ fault }) => fault === plan.fault?.id) ? withoutFault(plan) : plan,
  );
  for (const part of ['logs', 'traces']) mkdirSync(join(options.out, part), { recursive: true });

  const journal = createJournal();
  const dispatcher = new Agent({ connect: { timeout: 60_000 }, headersTimeout: 0, bodyTimeout: 0 });
  const supervisorLog = openLogFile(join(options.out, 'logs', 'supervisor.ndjson'));
  const saboteurs = new Map<SiteName, Saboteur>();
  const risk = await startRiskService(riskAnswers(journal));
  const sites = new Map<SiteName, Site>();
  const door = openDoor(() => [...sites.values()].reduce((sum, site) => sum + site.busy(), 0));
  const stop = () => Promise.all([...sites.values()].map((site) => site.stop()));
  try {
    const names = new Set(plans.map(({ site }) => site));
    say(`starting ${[...names].join(', ')}`);
    for (const name of names) {
      if (means.has('postgresql')) {
        saboteurs.set(name, await openSaboteur(env.DATABASE_URL as string));
      }
      const site = await startSite({
        ...options,
        name,
        folder: options.out,
        databaseUrl: saboteurs.get(name)?.url,
        redisUrl: env.REDIS_URL || undefined,
        riskAddress: risk.address,
        service: scenario.service,
        between: (own) => betweenServiceAndWechat(own, { journal, ...options }),
        supervisorLog,
      });
      sites.set(name, site);
      for (const secret of site.secrets) journal.secrets.add(secret);
    }
    // Now that the service has made its tables, and nobody is in the way.
    for (const saboteur of saboteurs.values()) await saboteur.prepare();
    const enterAlone = oneAtATime();
    await everybodyLogsIn(
      { options, sites, journal, saboteurs, dispatcher, enterAlone, door },
      plans,
      say,
    );
    say('waiting for the codes of those who left to run out');
    await sleep(lastEndMs(journal, sites) - Date.now());
    const metrics = await Promise.all([...sites.values()].map((site) => site.metrics()));
    say('stopping');
    await stop();
    return {
      truths: journal.records.map((record) =>
        truthOf(record, sites.get(record.plan.site) as Site, journal.refusals),
      ),
      skipped,
      secrets: journal.secrets,
      metrics: metrics.flat(),
    };
  } catch (error) {
    await stop().catch(() => {});
    throw error;
  } finally {
    door.close();
    risk.close();
    for (const saboteur of saboteurs.values()) await saboteur.close();
    await supervisorLog.close();
    await dispatcher.destroy();
  }
}

/** When the last code is over that nobody brought to an end. */
function lastEndMs({ records }: Journal, sites: ReadonlyMap<SiteName, Site>): number {
  const ends = records
    .filter(({ ending }) => ending !== 'logged_in')
    .map(({ plan, startedMs, endedMs }) => {
      // A refreshed code lives anew.
      const begunMs = plan.intent === 'refresh' ? endedMs : startedMs;
      return begunMs + (sites.get(plan.site) as Site).longestLifeMs + 1000;
    });
  return Math.max(0, ...ends);
}

function skippedFaults({ faults }: Scenario, means: ReadonlySet<Need>): Skipped[] {
  return (Object.keys(faults) as FaultId[]).flatMap((fault) => {
    const why = missingFor(fault, means);
    return why === undefined ? [] : [{ fault, why }];
  });
}

/** The person comes all the same, and nothing befalls them. */
function withoutFault(plan: FlowPlan): FlowPlan {
  return { ...plan, fault: undefined, site: 'main' };
}

/** What the risk service says of whoever comes from an address. */
function riskAnswers(journal: Journal): (address: string) => RiskAnswer {
  return (address) => {
    const record = journal.flowAt(address);
    switch (record?.plan.fault?.id) {
      case 'rpc.deadline':
        journal.hit(record as FlowRecord, 'the risk service did not answer');
        return 'stall';
      case 'rpc.denied':
        journal.hit(record as FlowRecord, 'the risk service said no');
        return 'deny';
      default:
        return 'allow';
    }
  };
}

async function everybodyLogsIn(
  world: World,
  plans: readonly FlowPlan[],
  say: (text: string) => void,
): Promise<void> {
  const begunMs = performance.now();
  let over = 0;
  const tick = setInterval(() => say(`${over} of ${plans.length} logins over`), 10_000);
  const visits: Promise<void>[] = [];
  for (const plan of plans.toSorted((a, b) => a.startMs - b.startMs)) {
    await sleep(plan.startMs * world.options.timeScale - (performance.now() - begunMs));
    await world.door.enter();
    visits.push(logIn(world, plan).then(() => void over++));
  }
  await Promise.all(visits);
  clearInterval(tick);
}

function sleep(ms: number): Promise<void> {
  return ms <= 0 ? Promise.resolve() : new Promise((resolve) => setTimeout(resolve, ms));
}

async function logIn(world: World, plan: FlowPlan): Promise<void> {
  const { journal, dispatcher, options, enterAlone, door } = world;
  const site = world.sites.get(plan.site) as Site;
  const record = journal.open(plan);
  const saboteur = world.saboteurs.get(plan.site);
  const mishap = createMishap({ site, journal, saboteur, record, enterAlone });
  const visit = openVisit({
    site,
    record,
    dispatcher,
    mishap,
    journal,
    door,
    timeScale: options.timeScale,
  });
  try {
    record.ending = await (plan.kind === 'website' ? loginByWebsite : loginByAccount)(visit);
  } catch (error) {
    record.ending = 'shut_out';
    record.lastAnswer = `no answer: ${(error as Error).message}`;
  }
  record.endedMs = Date.now();
}

/** Lets one in at a time, site by site. */
function oneAtATime(): World['enterAlone'] {
  const last = new Map<Site, Promise<void>>();
  return async (site) => {
    const before = last.get(site);
    let leave = () => {};
    last.set(
      site,
      new Promise((resolve) => {
        leave = resolve;
      }),
    );
    await before;
    return leave;
  };
}
