import { type Finding, STAGES, type Stage, type Tally } from '../model/index.ts';

/** Fewer logins may all have been left alone by chance. */
const MIN_LOGINS = 20;

/** What a login shows before anybody has picked up a phone. */
const BEFORE_PEOPLE: ReadonlySet<Stage> = new Set<Stage>(['issued', 'polled']);

/**
 * Not one of many logins got beyond its QR code. So it looks when WeChat shows an error in the place
 * of the code, which no log of the service can tell, and when the logs of what follows are missing.
 */
export function noReturn({ seen, outcomes }: Tally): Finding | undefined {
  if (STAGES.some((stage) => !BEFORE_PEOPLE.has(stage) && seen.stages[stage] > 0)) return undefined;
  // Of those still open, nobody can know.
  const count = seen.stages.issued - outcomes.open;
  if (count < MIN_LOGINS) return undefined;
  return { kind: 'no_return', severity: 'warning', subject: 'wx_redirect_uri_mismatch', count };
}
