import { type Html, html } from './html.ts';

export interface RateColumn {
  /** Failures over decided logins, 0–1; undefined when none was decided. */
  readonly rate: number | undefined;
  /** Said when the pointer rests on the column, and by screen readers. */
  readonly label: string;
}

const COLUMN = 10;
const GAP = 2;

/**
 * Columns of a rate through time, scaled to the highest. Widths are in a coordinate system of the
 * drawing's own: the page stretches it to the room there is.
 * @param height pixels
 * @param title what the whole shows, for those who do not see it
 */
export function rateChart(columns: readonly RateColumn[], height: number, title: string): Html {
  const highest = Math.max(...columns.map(({ rate }) => rate ?? 0));
  const width = columns.length * COLUMN;
  const rects = columns.map(({ rate, label }, index) => {
    const share = rate === undefined || highest === 0 ? 0 : rate / highest;
    // A column of nothing keeps a foot, so that the eye finds the time it stands for.
    const tall = Math.max(1, Math.round(share * height));
    const look = share === 0 ? 'none' : 'rate-bar';
    return html`<rect class="${look}" x="${index * COLUMN}" y="${height - tall}" width="${COLUMN - GAP}" height="${tall}"><title>${label}</title></rect>`;
  });
  return html`<svg role="img" aria-label="${title}" viewBox="0 0 ${width} ${height}" height="${height}" preserveAspectRatio="none">${rects}</svg>`;
}
