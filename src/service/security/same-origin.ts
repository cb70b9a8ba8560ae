import type { IncomingHttpHeaders } from 'node:http';

/**
 * Whether a request that changes something comes from the service's own pages. Browsers say so in
 * `Sec-Fetch-Site`, older ones in `Origin`; what sends neither is no browser, and carries no
 * cookies it was not given on purpose.
 */
export function isSameOrigin(headers: IncomingHttpHeaders, origin: string): boolean {
  const site = headers['sec-fetch-site'];
  if (site !== undefined) return site === 'same-origin' || site === 'none';
  return headers.origin === undefined || headers.origin === origin;
}
