import { parse } from 'yaml';
import { seeded } from '../../src/gate/index.ts';

/** Logs of a time, as a person would tell them. */
export interface TrafficRecipe {
  readonly from: string;
  readonly hours: number;
  /** Whether the confirmation on the phone is logged; else fewer lines say the same. */
  readonly confirms?: boolean;
  readonly groups: readonly {
    /** Further fields of every line, such as `region`. */
    readonly fields?: Readonly<Record<string, string>>;
    readonly flows: number;
    /** Failures by WeChat errcode, by `timeout`, or `unexplained`. */
    readonly failed?: Readonly<Record<string, number>>;
    /** Codes that nobody scanned; besides `flows`. */
    readonly unscanned?: number;
    /** Middle of the time that the exchange takes. */
    readonly exchangeMs?: number;
  }[];
}

/** Lines of two sides, by the names of their files. */
export function logsOf(yaml: string): ReadonlyMap<string, string> {
  const recipes = parse(yaml) as Readonly<Record<string, TrafficRecipe>>;
  return new Map(
    Object.entries(recipes).map(([name, recipe], i) => [`${name}.log`, logOf(recipe, i + 1)]),
  );
}

interface Line {
  readonly timeMs: number;
  readonly text: string;
}

function logOf({ from, hours, groups, confirms = false }: TrafficRecipe, seed: number): string {
  const startMs = Date.parse(from);
  const random = seeded(seed);
  const lines: Line[] = [];
  let number = 0;
  // The last ten minutes bring no new flow, so that none is cut off.
  const lengthMs = hours * 3_600_000 - 600_000;
  for (const group of groups) {
    const endings = [
      ...Object.entries(group.failed ?? {}).flatMap(([cause, n]) => Array<string>(n).fill(cause)),
    ];
    const all = group.flows + (group.unscanned ?? 0);
    const order = shuffled(all, random);
    for (let i = 0; i < all; i++) {
      const place = order[i];
      const beginMs = startMs + Math.floor(((place + random()) / all) * lengthMs);
      const ending = i < endings.length ? endings[i] : i < group.flows ? 'ok' : 'unscanned';
      const id = `${seed}${String(number++).padStart(7, '0')}`;
      const exchangeMs = (group.exchangeMs ?? 120) * Math.exp(0.5 * normal(random));
      lines.push(
        ...flowLines(
          { id, beginMs, ending, exchangeMs, confirms, fields: group.fields ?? {} },
          random,
        ),
      );
    }
  }
  lines.push({
    timeMs: startMs + hours * 3_600_000,
    text: line(startMs + hours * 3_600_000, 'heartbeat', {}),
  });
  lines.sort((a, b) => a.timeMs - b.timeMs || (a.text < b.text ? -1 : 1));
  return `${lines.map(({ text }) => text).join('\n')}\n`;
}

function flowLines(
  {
    id,
    beginMs,
    ending,
    exchangeMs,
    confirms,
    fields,
  }: {
    readonly id: string;
    readonly beginMs: number;
    readonly ending: string;
    readonly exchangeMs: number;
    readonly confirms: boolean;
    readonly fields: Readonly<Record<string, string>>;
  },
  random: () => number,
): Line[] {
  const lines: Line[] = [];
  let timeMs = beginMs;
  const say = (event: string, afterMs: number, more: Readonly<Record<string, unknown>> = {}) => {
    timeMs += Math.round(afterMs);
    const named = { 'login.flow.id': id, ...fields, ...more };
    lines.push({ timeMs, text: line(timeMs, `wechat.login.${event}`, named) });
  };
  say('qr.issued', 0);
  if (ending === 'unscanned') {
    say('qr.expired', 60_000);
    return lines;
  }
  const waitMs = 4000 + 6000 * random();
  if (confirms) say('qr.confirmed', waitMs);
  else timeMs += Math.round(waitMs);
  switch (ending) {
    case 'ok':
      say('token.exchanged', exchangeMs);
      say('session.created', 20);
      break;
    case 'timeout':
      say('token.failed', 5000, { 'error.type': 'timeout', message: 'exchange timed out' });
      break;
    case 'unexplained':
      say('token.failed', exchangeMs, { message: 'exchange failed' });
      break;
    default:
      say('token.failed', exchangeMs, { 'wechat.errcode': Number(ending) });
  }
  return lines;
}

function line(timeMs: number, event: string, fields: Readonly<Record<string, unknown>>): string {
  return JSON.stringify({
    timestamp: new Date(timeMs).toISOString(),
    'event.name': event,
    ...fields,
  });
}

/** Failures are spread over the time, and over the order of flows. */
function shuffled(count: number, random: () => number): number[] {
  const places = Array.from({ length: count }, (_, i) => i);
  for (let i = count - 1; i > 0; i--) {
    const j = Math.floor(random() * (i + 1));
    [places[i], places[j]] = [places[j], places[i]];
  }
  return places;
}

function normal(random: () => number): number {
  return Math.sqrt(-2 * Math.log(1 - random())) * Math.cos(2 * Math.PI * random());
}
