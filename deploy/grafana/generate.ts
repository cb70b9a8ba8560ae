/**
 * Writes the dashboards that stand in `dashboards/`:  npm run dashboards
 * They are edited in logins.ts and service.ts, never in Grafana.
 */

import { writeFileSync } from 'node:fs';
import { DASHBOARDS, textOf } from './dashboards.ts';

for (const [file, dashboard] of Object.entries(DASHBOARDS)) {
  writeFileSync(new URL(`dashboards/${file}`, import.meta.url), textOf(dashboard));
}
