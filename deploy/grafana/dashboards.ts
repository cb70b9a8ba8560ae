import { LOGINS } from './logins.ts';
import { type Dashboard, dashboardOf } from './panels.ts';
import { SERVICE } from './service.ts';

/** All dashboards, by the name of their file. */
export const DASHBOARDS: Readonly<Record<string, Dashboard>> = {
  'logins.json': LOGINS,
  'service.json': SERVICE,
};

export function textOf(dashboard: Dashboard): string {
  return `${JSON.stringify(dashboardOf(dashboard), undefined, 2)}\n`;
}
