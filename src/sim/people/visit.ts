import type { Agent } from 'undici';
import type { Mishap } from '../faults/mishap.ts';
import type { Site } from '../fleet/site.ts';
import type { Door } from '../load.ts';
import type { FlowRecord, Journal } from '../truth/journal.ts';
import { type Answer, type Browser, createBrowser } from './browser.ts';
import type { FlowPlan } from './plan.ts';

/** One person at one browser, from opening the page to being in or giving up. */
export interface Visit {
  readonly plan: FlowPlan;
  readonly site: Site;
  readonly browser: Browser;
  readonly dispatcher: Agent;
  readonly mishap: Mishap;
  readonly record: FlowRecord;
  readonly journal: Journal;
  readonly door: Door;
  /** Multiplies every pause. */
  readonly timeScale: number;
  /** Another browser whose requests belong to this login, such as the phone's. */
  otherBrowser(): Browser;
}

export type VisitOptions = Omit<Visit, 'plan' | 'browser' | 'otherBrowser'>;

export function openVisit(options: VisitOptions): Visit {
  const { record, dispatcher, journal } = options;
  const open = (): Browser =>
    createBrowser({
      dispatcher,
      address: record.plan.address,
      onTrace: (traceId) => journal.trace(record, traceId),
      onSecret: journal.secrets.add,
    });
  return { ...options, plan: record.plan, browser: open(), otherBrowser: open };
}

/** A pause of the page's own. */
export function pause(visit: Visit, ms: number, signal?: AbortSignal): Promise<void> {
  return new Promise((resolve) => {
    const done = () => {
      clearTimeout(timer);
      signal?.removeEventListener('abort', done);
      resolve();
    };
    const timer = setTimeout(done, ms * visit.timeScale);
    signal?.addEventListener('abort', done);
  });
}

/** A person takes their time, at the run's time scale, and then does something. */
export async function takeTime(visit: Visit, ms: number): Promise<void> {
  await pause(visit, ms);
  await visit.door.pass();
}

/** What `POST /qr` answers, as far as the page needs it. */
export interface ShownCode {
  readonly id: string;
  readonly authorizeUrl?: string;
  readonly qrText?: string;
  readonly pollIntervalMs: number;
}

/** Opens the login page and asks for a code. @returns undefined when there was none to be had */
export async function askForCode(visit: Visit): Promise<ShownCode | undefined> {
  const { browser, plan, site } = visit;
  const page = await browser.page(`${site.url}/login`);
  browser.keepCsrf(/name="csrf-token" content="([^"]+)"/.exec(page.text)?.[1] ?? '');
  await visit.mishap.beforeBegin();
  visit.record.askedMs = Date.now();
  return shown(visit, await browser.send(`${site.url}/qr`, { kind: plan.kind }));
}

/** A fresh code in place of the old one: a new flow to the service, the same login to the person. */
export async function askForFreshCode(
  visit: Visit,
  old: ShownCode,
): Promise<ShownCode | undefined> {
  return shown(visit, await visit.browser.send(`${visit.site.url}/qr/${old.id}/refresh`, {}));
}

function shown(visit: Visit, answer: Answer): ShownCode | undefined {
  note(visit, answer);
  if (answer.status !== 201) return undefined;
  const code = JSON.parse(answer.text) as ShownCode;
  visit.record.serviceIds.push(code.id);
  const state = new URL(code.authorizeUrl ?? 'about:blank').searchParams.get('state');
  visit.journal.secrets.add(state ?? code.qrText ?? '');
  return code;
}

/** Keeps what the person sees last. */
export function note(visit: Visit, answer: Answer): Answer {
  visit.record.lastAnswer = `http ${answer.status}`;
  return answer;
}

/** Whether the browser is in: it got a session and is led to the profile, which it opens. */
export async function arrives(visit: Visit, answer: Answer): Promise<boolean> {
  const profile = `${visit.site.url}/profile`;
  if (answer.status !== 303 || answer.location !== profile) return false;
  if (!visit.browser.hasCookie('session')) return false;
  await visit.browser.page(profile);
  return true;
}
