import type { IdNamespace } from '../../src/model/index.ts';
import type { Entry, Logger } from './entry.ts';
import type { HappeningKind, Telling } from './happening.ts';
import type { Json } from './json.ts';
import type { Tongue } from './trouble.ts';

/** How a service calls an id, and how it prints it when that is not simply the id. */
export type IdName = string | { readonly name: string; readonly print: (id: string) => Json };

/** What a service says of each kind of happening; nothing for what it does not log. */
export type Words = {
  readonly [K in HappeningKind]?: (telling: Telling<K>) => Entry | readonly Entry[] | undefined;
};

/** A program of one team: its language, its logger, its names and its wording. */
export interface Service {
  readonly name: string;
  readonly tongue: Tongue;
  readonly logger: Logger;
  readonly idNames: { readonly [N in IdNamespace]?: IdName };
  /** Ids that stand in its lines, by what the line tells; those the login does not have drop out. */
  readonly carries: { readonly [K in HappeningKind]?: readonly IdNamespace[] };
  readonly words: Words;
}

export type Role = 'gateway' | 'login' | 'callback' | 'account';
