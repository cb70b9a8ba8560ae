import type { Place } from './entry.ts';
import { Rng } from './rng.ts';
import type { Role, Service } from './service.ts';
import type { Stack } from './stack.ts';

export const REGIONS = ['ap-guangzhou', 'ap-shanghai', 'ap-beijing'] as const;

export type Region = (typeof REGIONS)[number];

/** Where the processes of a world run. */
export interface Deployment {
  /** The pod that serves a role of a stack in a region at a time; `lot`, below the pods per region, chooses among equals. */
  readonly placeOf: (stack: Stack, role: Role, region: Region, atMs: number, lot: number) => Place;
}

export function deploy(options: {
  seed: number;
  regions: readonly Region[];
  podsPerRegion: number;
  /** From here on the second version of every stack runs. */
  rolloutMs: number;
}): Deployment {
  const makePlace = (service: Service, version: string, region: Region, index: number): Place => {
    const key = `${service.name} ${version} ${region} ${index}`;
    const replicaSet = new Rng(options.seed, ...codePoints(`${service.name} ${version}`));
    const own = new Rng(options.seed, ...codePoints(key));
    return {
      service: service.name,
      version,
      region,
      pod: `${service.name}-${replicaSet.text(POD_LETTERS, 9)}-${own.text(POD_LETTERS, 5)}`,
      processId: own.whole(1, 400),
    };
  };
  const places = new Map<Service, Map<string, Place[]>>();
  return {
    placeOf(stack, role, region, atMs, lot) {
      const service = stack.services[role];
      if (service === undefined) throw new Error(`${stack.name} has no ${role}`);
      const version = stack.versions[atMs < options.rolloutMs ? 0 : 1];
      const byVersion = places.get(service) ?? new Map<string, Place[]>();
      places.set(service, byVersion);
      const pods = byVersion.get(version) ?? [];
      byVersion.set(version, pods);
      const index = options.regions.indexOf(region) * options.podsPerRegion + lot;
      pods[index] ??= makePlace(service, version, region, lot);
      return pods[index];
    },
  };
}

/** Kubernetes leaves vowels and look-alikes out of generated names. */
const POD_LETTERS = 'bcdfghjklmnpqrstvwxz2456789';

function codePoints(text: string): number[] {
  return Array.from(text, (letter) => letter.codePointAt(0) as number);
}
