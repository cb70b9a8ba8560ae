import {
  type Baseline,
  type BaselineWindow,
  burstinessOf,
  candidateTrials,
  failedIn,
  type Snapshot,
  wholeOf,
} from '../../gate/index.ts';
import { countText, percentText } from '../figures.ts';
import { columns } from '../layout.ts';
import { windowText } from '../moments.ts';
import { labelled, type Page, pageOf, shown, type TextOptions } from '../text/page.ts';
import { ciText } from './ci-text.ts';
import { GATE_WORDINGS, type GateWording } from './gate-wording.ts';

interface BaselinePage extends Page {
  readonly gate: GateWording;
}

/** What a baseline holds, and what can be told with it; ends in a newline. */
export function baselineText(baseline: Baseline, name: string, options: TextOptions): string {
  const page: BaselinePage = { ...pageOf(options), gate: GATE_WORDINGS[options.language] };
  const whole = wholeOf(baseline);
  const sections = [
    headSection(baseline, whole, name, page),
    windowsSection(baseline.windows, page),
    causesSection(whole, page),
    detectsSection(whole, page),
  ];
  return `${sections
    .filter((lines) => lines.length > 0)
    .map((lines) => lines.join('\n'))
    .join('\n\n')}\n`;
}

/** Sums over the groups of a snapshot. */
function totalsOf({ groups }: Snapshot) {
  let decided = 0;
  let failed = 0;
  let abandoned = 0;
  for (const group of groups.values()) {
    const failures = failedIn(group);
    decided += group.succeeded + failures;
    failed += failures;
    abandoned += group.abandoned;
  }
  return { decided, failed, abandoned };
}

function headSection(
  { strata, toolVersion }: Baseline,
  whole: Snapshot,
  name: string,
  page: BaselinePage,
): string[] {
  const { gate, paint, wording, glyphs } = page;
  const { decided, failed, abandoned } = totalsOf(whole);
  const burstiness = burstinessOf(whole);
  return [
    `${paint.heading(gate.baseline.toUpperCase())}  ${shown(ciText(name), 60, page)}  scanlens ${shown(ciText(toolVersion), 20, page)}`,
    ...labelled(
      '',
      [
        gate.decided(countText(decided)),
        ...(decided > 0 ? [gate.failed(countText(failed), percentText(failed / decided))] : []),
      ],
      page,
    ),
    ...labelled(
      wording.notCounted,
      [
        wording.abandoned(countText(abandoned)),
        wording.open(countText(whole.open)),
        gate.cut(countText(whole.cut)),
      ],
      page,
      glyphs.dot,
    ),
    ...labelled(
      gate.strata,
      strata.length === 0
        ? [wording.noneOf]
        : [
            strata.map((attribute) => shown(ciText(attribute), 30, page)).join(wording.comma),
            gate.groupCount(countText(whole.groups.size)),
          ],
      page,
    ),
    ...labelled(
      'φ',
      burstiness === undefined
        ? [gate.burstsUnknown]
        : [burstiness.factor.toFixed(2), `${burstiness.buckets} × ${burstiness.widthMinutes} min`],
      page,
    ),
  ];
}

function windowsSection(windows: readonly BaselineWindow[], page: BaselinePage): string[] {
  const { gate, paint, wording, zone, glyphs } = page;
  const rows = windows.map(({ rulesDigest, snapshot }) => {
    const { decided, failed } = totalsOf(snapshot);
    const { fromMs, toMs } = snapshot;
    return [
      fromMs === undefined || toMs === undefined
        ? wording.noTimes
        : windowText(fromMs, toMs, zone, glyphs.to),
      countText(decided),
      countText(failed),
      decided === 0 ? glyphs.dash : percentText(failed / decided),
      shown(ciText(rulesDigest.slice(0, 12)), 20, page),
    ];
  });
  const { decided, failed, rate } = wording.columns;
  return [
    ...columns(
      [paint.heading(gate.windowsTitle), decided, failed, rate, gate.rules].map((title, i) =>
        i === 0 ? title : paint.faint(title),
      ),
      rows,
      { aligns: ['left', 'right', 'right', 'right', 'left'] },
    ),
  ];
}

function causesSection(whole: Snapshot, page: BaselinePage): string[] {
  const { paint, wording, top } = page;
  const flows = new Map<string, number>();
  for (const { failed } of whole.groups.values())
    for (const causes of failed.values())
      for (const [cause, count] of causes) flows.set(cause, (flows.get(cause) ?? 0) + count);
  const { decided } = totalsOf(whole);
  const rows = [...flows]
    .sort(([a, x], [b, y]) => y - x || (a < b ? -1 : 1))
    .slice(0, top)
    .map(([cause, count]) => [
      cause === 'unclassified' ? wording.unclassified : shown(ciText(cause), 40, page),
      countText(count),
      percentText(count / decided),
    ]);
  if (rows.length === 0) return [];
  return [
    ...columns(
      [paint.heading(wording.causes), wording.columns.flows, wording.columns.rate].map(
        (title, i) => (i === 0 ? title : paint.faint(title)),
      ),
      rows,
      { aligns: ['left', 'right', 'right'] },
    ),
  ];
}

const RISES = [0.0025, 0.005, 0.01, 0.02];

function detectsSection(whole: Snapshot, { gate, paint }: BaselinePage): string[] {
  const { decided, failed } = totalsOf(whole);
  if (decided === 0) return [];
  const lines = RISES.map((rise) => {
    const flows = candidateTrials({
      rate: failed / decided,
      baselineTrials: decided,
      rise,
      power: 0.8,
      confidence: 0.95,
      dispersion: burstinessOf(whole)?.factor ?? 1,
    });
    const text = `+${rise * 100}pp`;
    return `  ${flows === undefined ? gate.detectsNot(text) : gate.detectsRise(text, countText(roughly(flows)))}`;
  });
  return [paint.heading(gate.detects), ...lines];
}

/** To two digits: a forecast has no more. */
function roughly(flows: number): number {
  const unit = 10 ** Math.max(0, Math.floor(Math.log10(flows)) - 1);
  return Math.ceil(flows / unit) * unit;
}
