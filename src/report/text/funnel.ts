import type { Report } from '../../model/index.ts';
import { countText, durationText } from '../figures.ts';
import { bar } from '../glyphs.ts';
import { columns } from '../layout.ts';
import type { Page } from './page.ts';

/** Where settled logins got to, and where they were lost. */
export function funnelSection({ funnel, flows }: Report, page: Page): string[] {
  const settled = flows.succeeded + flows.failed + flows.abandoned;
  if (settled === 0 || funnel.length === 0) return [];
  const { wording, glyphs, paint } = page;
  const count = (n: number, colour: (text: string) => string) =>
    n === 0 ? paint.faint(glyphs.dash) : colour(countText(n));
  const duration = (ms: number | null) =>
    ms === null ? paint.faint(glyphs.dash) : durationText(ms);
  const names = wording.columns;
  const head = [names.reached, '', names.failed, names.abandoned, 'p50', 'p95', 'p99'];
  const rows = funnel.map((row) => [
    wording.stage[row.stage],
    countText(row.reached),
    paint.graph(bar(row.reached / settled, page.width < 100 ? 10 : 20, glyphs)),
    count(row.failed, paint.bad),
    count(row.abandoned, paint.warning),
    duration(row.p50Ms),
    duration(row.p95Ms),
    duration(row.p99Ms),
  ]);
  return [
    ...columns([paint.heading(wording.funnel), ...head.map((name) => paint.faint(name))], rows, {
      aligns: ['left', 'right', 'left', 'right', 'right', 'right', 'right', 'right'],
    }),
  ];
}
