import { EVENT_FIELDS, type Judged } from '../model/index.ts';

/** Names that speak of the flow's end instead of its fields. */
export const OUTCOME_FACETS = [
  'outcome',
  'kind',
  'stage',
  'cause',
  'symptom',
  'reason',
  'flow.id',
] as const;

type OutcomeFacet = (typeof OUTCOME_FACETS)[number];

/** Short names that people use, for the field that logs are mapped to. */
const SHORT_NAMES: Readonly<Record<string, string>> = {
  appid: 'wechat.appid',
  container: 'k8s.container.name',
  env: 'deployment.environment.name',
  errcode: 'wechat.errcode',
  host: 'host.name',
  instance: 'service.instance.id',
  method: 'http.request.method',
  namespace: 'k8s.namespace.name',
  pod: 'k8s.pod.name',
  region: 'cloud.region',
  route: 'http.route',
  service: 'service.name',
  status: 'http.response.status_code',
  version: 'service.version',
};

/**
 * The fields that a name may stand for, the likeliest first: the name itself, since logs have
 * fields of their own, then the field it is short for. None for a name of the flow's end.
 */
export function fieldsNamed(name: string): readonly string[] {
  if (isOutcomeFacet(name)) return [];
  const long = Object.hasOwn(SHORT_NAMES, name) ? SHORT_NAMES[name] : undefined;
  return long === undefined ? [name] : [name, long];
}

/** Every name that is understood whatever the logs hold, for suggestions. */
export function knownNames(): readonly string[] {
  return [...OUTCOME_FACETS, ...Object.keys(SHORT_NAMES), ...EVENT_FIELDS];
}

/**
 * What a flow says under a name of `--by` or `--where`.
 * `symptom` is every rule that matched, cause or not: the view beside the one by root cause.
 */
export function facetValues(judged: Judged, name: string): readonly string[] {
  if (isOutcomeFacet(name)) return outcomeValues(judged, name);
  for (const field of fieldsNamed(name)) {
    const value = judged.flow.values.get(field);
    if (value !== undefined) return [value];
  }
  return [];
}

function isOutcomeFacet(name: string): name is OutcomeFacet {
  return (OUTCOME_FACETS as readonly string[]).includes(name);
}

function outcomeValues({ flow, verdict: { outcome } }: Judged, name: OutcomeFacet): string[] {
  switch (name) {
    case 'outcome':
      return [outcome.kind];
    case 'kind':
      return [flow.kind];
    case 'flow.id':
      return [flow.id];
    case 'stage':
      return outcome.kind === 'succeeded' ? [] : [outcome.stage];
    case 'cause':
      return outcome.kind === 'failed' ? [outcome.cause ?? 'unclassified'] : [];
    case 'reason':
      return outcome.kind === 'abandoned' ? [outcome.reason] : [];
    case 'symptom':
      if (outcome.kind === 'succeeded') return [...new Set(outcome.recovered)];
      if (outcome.kind !== 'failed') return [];
      return [...new Set([...(outcome.cause ? [outcome.cause] : []), ...outcome.symptoms])];
  }
}
