export { DEFAULT_WORLD, type Incident, type WorldOptions } from './options.ts';
export type { FlowTruth } from './truth.ts';
export { generateWorld, playWorld, type World, type WorldItem } from './world.ts';
