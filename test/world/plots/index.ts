import { avalanche } from './avalanche.ts';
import { callFaults } from './call-faults.ts';
import { departures } from './departures.ts';
import { gatewayFaults } from './gateway-faults.ts';
import type { Plot } from './plot.ts';
import { silences } from './silences.ts';
import { stateFaults } from './state-faults.ts';
import { successes } from './successes.ts';
import { wechatRefusals } from './wechat-refusals.ts';

export type { Ending, Plot } from './plot.ts';

export const PLOTS: readonly Plot[] = [
  ...successes,
  ...departures,
  ...stateFaults,
  ...silences,
  ...wechatRefusals,
  ...callFaults,
  ...gatewayFaults,
  avalanche,
];
