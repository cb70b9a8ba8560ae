/** The signs that a report draws with. */
export interface Glyphs {
  readonly dash: string;
  /** Between the ends of a range. */
  readonly to: string;
  readonly dot: string;
  readonly times: string;
  readonly ellipsis: string;
  readonly up: string;
  readonly arrow: string;
  readonly failed: string;
  readonly wait: string;
  readonly work: string;
  /** A moment without length on a time axis. */
  readonly moment: string;
  /** From nothing to full. */
  readonly spark: readonly string[];
  /** Parts of one cell of a bar, from the least to the whole. */
  readonly bar: readonly string[];
}

export const BLOCKS: Glyphs = {
  dash: '–',
  to: '–',
  dot: ' · ',
  times: '×',
  ellipsis: '…',
  up: '↑',
  arrow: '→',
  failed: '✗',
  wait: '░',
  work: '█',
  moment: '▏',
  spark: ['▁', '▂', '▃', '▄', '▅', '▆', '▇', '█'],
  bar: ['▏', '▎', '▍', '▌', '▋', '▊', '▉', '█'],
};

export const ASCII: Glyphs = {
  dash: '-',
  to: '..',
  dot: ', ',
  times: 'x',
  ellipsis: '...',
  up: '^',
  arrow: '->',
  failed: 'x',
  wait: '.',
  work: '#',
  moment: '|',
  spark: ['_', '.', ':', '-', '=', '+', '*', '#'],
  bar: ['#'],
};

/** A bar of at most `width` cells; anything above nothing shows at least a trace. */
export function bar(share: number, width: number, { bar }: Glyphs): string {
  const steps = Math.round(Math.min(1, Math.max(0, share)) * width * bar.length);
  const parts = share > 0 ? Math.max(1, steps) : 0;
  const rest = parts % bar.length;
  return bar[bar.length - 1].repeat(Math.floor(parts / bar.length)) + (rest ? bar[rest - 1] : '');
}

/** A column for each value, against the greatest; a blank where there is none. */
export function sparkline(values: readonly (number | undefined)[], { spark }: Glyphs): string {
  const most = Math.max(0, ...values.map((value) => value ?? 0));
  return values
    .map((value) =>
      value === undefined
        ? ' '
        : spark[most === 0 ? 0 : Math.ceil((value / most) * (spark.length - 1))],
    )
    .join('');
}
