import { isoTime } from '../clock.ts';
import type { Logger } from '../entry.ts';
import { writeJson } from '../json.ts';

const LEVEL = { debug: 'Debug', info: undefined, warn: 'Warning', error: 'Error' } as const;

/** Serilog `RenderedCompactJsonFormatter` (CLEF): no `@l` means Information. */
export const serilog: Logger = (entry, place, atMs) =>
  writeJson({
    '@t': isoTime(atMs, 7),
    '@m': entry.message,
    '@i': fingerprint(entry.message.replace(/[0-9a-f]{6,}|\d+/g, '')),
    '@l': LEVEL[entry.level],
    '@x': entry.error && (entry.error.stack ?? `${entry.error.type}: ${entry.error.message}`),
    ...entry.fields,
    SourceContext: entry.logger ?? 'Clinic.Auth.WeChatController',
    Application: place.service,
    Version: place.version,
    Region: place.region,
    MachineName: place.pod,
  });

/** Serilog's event id: a 32-bit hash of the message template (Jenkins one-at-a-time). */
function fingerprint(template: string): string {
  let hash = 0;
  for (let i = 0; i < template.length; i++) {
    hash = (hash + template.charCodeAt(i)) | 0;
    hash = (hash + (hash << 10)) | 0;
    hash ^= hash >>> 6;
  }
  hash = (hash + (hash << 3)) | 0;
  hash ^= hash >>> 11;
  hash = (hash + (hash << 15)) >>> 0;
  return hash.toString(16).padStart(8, '0');
}
