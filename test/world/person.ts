import type { Person } from './happening.ts';
import { base62, openid } from './ids.ts';
import type { Rng } from './rng.ts';

export function somebody(rng: Rng): Person {
  const client = rng.weighted(['8.0.49', '8.0.50', '8.0.47', '8.0.44'], (version) =>
    version === '8.0.49' ? 5 : 2,
  );
  return {
    client,
    address: `10.${rng.whole(64, 127)}.${rng.below(256)}.${rng.below(256)}`,
    userAgent: rng.pick([
      'Mozilla/5.0 (Windows NT 10.0; Win64; x64) AppleWebKit/537.36 Chrome/142.0 Safari/537.36',
      'Mozilla/5.0 (Macintosh; Intel Mac OS X 14_6) AppleWebKit/605.1.15 Version/18.1 Safari/605.1.15',
      `Mozilla/5.0 (Linux; Android 15) AppleWebKit/537.36 MicroMessenger/${client}`,
    ]),
    openid: openid(rng),
    pseudonym: `u_${base62(rng, 12)}`,
  };
}
