import type { FaultId } from '../faults/catalogue.ts';
import type { Behaviour } from '../people/behaviour.ts';

/** How often a fault befalls logins, and when. */
export interface FaultRate {
  /** Share of all logins of the run, 0 to 1. */
  readonly rate: number;
  /** The part of the run it lasts, as shares of the logins: `[0.5, 0.6]` is the sixth tenth. */
  readonly window: readonly [from: number, until: number];
}

/** What a run is made of; times are those of a run at time scale 1. */
export interface Scenario {
  readonly name: string;
  readonly description: string;
  /** From one login to the next. */
  readonly arrivalMs: number;
  /** Share of logins through the official account, 0 to 1; the others use the website app. */
  readonly officialAccount: number;
  /** Shares of people who do something else than scan and confirm. */
  readonly people: Readonly<Partial<Record<Behaviour, number>>>;
  readonly faults: Readonly<Partial<Record<FaultId, FaultRate>>>;
  /** Settings of the service, over those of the run. */
  readonly service: Readonly<Record<string, string>>;
}
