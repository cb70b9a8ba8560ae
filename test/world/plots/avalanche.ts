import { canSuffer } from '../stack.ts';
import { callback } from '../website.ts';
import { breakAt, type Plot, upTo } from './plot.ts';

/**
 * One pod has run out of database connections: some logins meet the empty pool, most only wait
 * behind it until the proxy gives up. It strikes through an incident, never by itself.
 */
export const avalanche: Plot = {
  name: 'avalanche',
  weight: 0,
  ending: { outcome: 'failed', stage: 'persist', class: 'db_pool_exhausted' },
  fits: (stack, kind) =>
    kind === 'website' && stack.proxy !== 'none' && canSuffer(stack, 'persist', 'db_pool'),
  play(scene) {
    if (scene.rng.chance(0.4)) {
      upTo(scene, 'persist');
      breakAt(scene, 'persist', { kind: 'db_pool' });
      return;
    }
    upTo(scene, 'callback');
    callback(scene);
    scene.nowMs += scene.rng.between(30_000, 30_020);
    scene.respond(504, 'silent');
    scene.settle();
  },
};
