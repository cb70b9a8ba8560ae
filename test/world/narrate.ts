import type { IdNamespace } from '../../src/model/index.ts';
import type { Entry, Place } from './entry.ts';
import type { HappeningKind, Telling } from './happening.ts';
import type { Json } from './json.ts';
import type { Scene, Scheduled } from './scene.ts';
import type { IdName, Service } from './service.ts';
import { word } from './trouble.ts';

/** An id in a printed line. */
export interface CarriedId {
  readonly namespace: IdNamespace;
  readonly id: string;
}

export interface Printed {
  readonly text: string;
  readonly atMs: number;
  readonly place: Place;
  readonly carried: readonly CarriedId[];
  /** What it tells; undefined for lines that belong to no login. */
  readonly tells: Scheduled | undefined;
}

/** The lines by which a service tells of a happening; none when it keeps quiet about it. */
export function narrate(
  scene: Scene,
  scheduled: Scheduled,
  service: Service,
  place: Place,
): Printed[] {
  const { what, request, ids } = scheduled;
  const words = service.words[what.kind] as
    | ((telling: Telling<HappeningKind>) => Entry | readonly Entry[] | undefined)
    | undefined;
  if (words === undefined) return [];
  const told = words({
    what: what as never,
    atMs: scheduled.atMs,
    rng: scene.rng,
    ids,
    request,
    person: scene.person,
    appId: scene.appId,
    failure:
      'trouble' in what && !('terse' in what && what.terse)
        ? word(service.tongue, what.trouble, {
            rng: scene.rng,
            atMs: scheduled.atMs,
            appId: scene.appId,
            code: ids['login.code'],
          })
        : undefined,
  });
  if (told === undefined) return [];
  const entries = Array.isArray(told) ? (told as readonly Entry[]) : [told as Entry];
  const carried = carriedIds(scheduled, service);
  const names = fieldsOf(carried, service);
  return entries.map((entry, index) => {
    const atMs = scheduled.atMs + index * 0.05;
    const fields = { ...names, ...entry.fields };
    return {
      text: service.logger({ ...entry, fields }, place, atMs),
      atMs,
      place,
      carried,
      tells: scheduled,
    };
  });
}

function carriedIds({ what, request, ids, also }: Scheduled, service: Service): CarriedId[] {
  const own = what.kind === 'access' && logsQueries(service) ? request.query : ids;
  const carried: CarriedId[] = [];
  const carry = (namespace: IdNamespace): void => {
    const id =
      namespace === 'trace_id'
        ? request.traceId
        : namespace === 'request_id'
          ? request.requestId
          : own[namespace];
    if (id !== undefined) carried.push({ namespace, id });
  };
  const habit = service.carries[what.kind] ?? [];
  for (const namespace of habit) carry(namespace);
  for (const namespace of also) {
    if (!habit.includes(namespace) && service.idNames[namespace] !== undefined) carry(namespace);
  }
  return carried;
}

/** A proxy has no names of its own for ids: it knows them from the request line only. */
function logsQueries(service: Service): boolean {
  return service.idNames['login.flow.id'] === undefined && service.idNames.trace_id === undefined;
}

function fieldsOf(carried: readonly CarriedId[], service: Service): Record<string, Json> {
  const fields: Record<string, Json> = {};
  for (const { namespace, id } of carried) {
    const name: IdName | undefined = service.idNames[namespace];
    if (name === undefined) continue;
    if (typeof name === 'string') fields[name] = id;
    else fields[name.name] = name.print(id);
  }
  return fields;
}
