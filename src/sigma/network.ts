/** An address as 16-bit groups: two for IPv4, eight for IPv6. */
export type Address = readonly number[];

export interface Network {
  readonly address: Address;
  /** Leading bits that count. */
  readonly prefix: number;
}

/**
 * An IPv4 or IPv6 address. IPv4 wants four decimal parts without leading zeros. An IPv6 zone
 * (`%eth0`) is ignored, and an IPv4 address mapped into IPv6 (`::ffff:10.0.0.1`), the form in
 * which dual-stack servers print their IPv4 peers, is that IPv4 address.
 */
export function addressOf(text: string): Address | undefined {
  if (text.length > 64) return undefined;
  if (!text.includes(':')) return ipv4(text);
  const zone = text.indexOf('%');
  const groups = ipv6(zone === -1 ? text : text.slice(0, zone));
  if (groups === undefined) return undefined;
  const mapped = groups[5] === 0xffff && groups.slice(0, 5).every((group) => group === 0);
  return mapped ? groups.slice(6) : groups;
}

/** `10.0.0.0/8`, `2001:db8::/32`; an address alone is the network of itself. */
export function networkOf(text: string): Network | undefined {
  const slash = text.indexOf('/');
  const address = addressOf(slash === -1 ? text : text.slice(0, slash));
  if (address === undefined) return undefined;
  const bits = address.length * 16;
  if (slash === -1) return { address, prefix: bits };
  const digits = text.slice(slash + 1);
  if (!/^\d{1,3}$/.test(digits)) return undefined;
  const prefix = Number(digits) - (bits === 32 && text.includes(':') ? 96 : 0);
  return prefix < 0 || prefix > bits ? undefined : { address, prefix };
}

/** The network that an address with this prefix stands in: bits behind the prefix are cleared. */
export function maskedAddress(address: Address, prefix: number): Address {
  return address.map((group, i) => {
    const kept = Math.min(16, Math.max(0, prefix - i * 16));
    return group & ((0xffff << (16 - kept)) & 0xffff);
  });
}

/** A key that is equal for equal addresses. */
export function addressKey(address: Address): string {
  return address.map((group) => group.toString(16)).join(address.length === 2 ? '.' : ':');
}

export function contains(network: Network, address: Address): boolean {
  return (
    network.address.length === address.length &&
    addressKey(maskedAddress(address, network.prefix)) ===
      addressKey(maskedAddress(network.address, network.prefix))
  );
}

function ipv4(text: string): Address | undefined {
  const parts = text.split('.');
  if (parts.length !== 4) return undefined;
  if (!parts.every((part) => /^(0|[1-9]\d{0,2})$/.test(part) && Number(part) <= 255)) {
    return undefined;
  }
  const [a, b, c, d] = parts.map(Number);
  return [a * 256 + b, c * 256 + d];
}

function ipv6(text: string): Address | undefined {
  const halves = text.split('::');
  if (halves.length > 2) return undefined;
  const head = groupsOf(halves[0], halves.length === 1);
  const tail = halves.length === 2 ? groupsOf(halves[1], true) : [];
  if (head === undefined || tail === undefined) return undefined;
  const missing = 8 - head.length - tail.length;
  if (halves.length === 1 ? missing !== 0 : missing < 1) return undefined;
  return [...head, ...new Array<number>(missing).fill(0), ...tail];
}

/** Groups between colons; the last may be an IPv4 address when the text ends here. */
function groupsOf(text: string, ends: boolean): number[] | undefined {
  if (text === '') return [];
  const groups: number[] = [];
  const parts = text.split(':');
  for (const [i, part] of parts.entries()) {
    if (ends && i === parts.length - 1 && part.includes('.')) {
      const v4 = ipv4(part);
      if (v4 === undefined) return undefined;
      groups.push(...v4);
    } else if (/^[0-9a-fA-F]{1,4}$/.test(part)) {
      groups.push(Number.parseInt(part, 16));
    } else {
      return undefined;
    }
  }
  return groups;
}
