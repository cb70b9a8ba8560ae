import type { Fields } from './json.ts';
import type { Failure } from './trouble.ts';

export type EntryLevel = 'debug' | 'info' | 'warn' | 'error';

/** What a service says in one line, before its logger prints it. */
export interface Entry {
  readonly level: EntryLevel;
  readonly message: string;
  /** Ids and payload under the service's own names, in the order they are printed. */
  readonly fields?: Fields;
  readonly error?: Failure;
  /** Class, module or channel that speaks. */
  readonly logger?: string;
}

/** The process that printed a line. */
export interface Place {
  readonly service: string;
  readonly version: string;
  readonly region: string;
  readonly pod: string;
  readonly processId: number;
}

/** Prints one JSON line the way a logging library does. No newline at its end. */
export type Logger = (entry: Entry, place: Place, atMs: number) => string;
