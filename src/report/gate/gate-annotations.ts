import { visible } from '../visible.ts';
import { type Language, WORDINGS } from '../wording/index.ts';
import { ciText } from './ci-text.ts';
import { gateGlyphs } from './gate-glyphs.ts';
import type { GateFigure, GateReport } from './gate-report.ts';
import { figureName, type GateLine, linesOf, sentenceOf } from './gate-sentences.ts';
import { GATE_WORDINGS } from './gate-wording.ts';
import type { GateVoice } from './gate-words.ts';

/** GitHub shows so many of one kind for a step and drops the others. */
const MOST = 10;

const MESSAGE_LENGTH = 1000;

/**
 * Workflow commands by which GitHub marks a run: an `::error` for each limit that fails the gate,
 * the worst first, and a `::warning` for what only warns or could not be decided.
 */
export function gateAnnotations(
  report: GateReport,
  { language }: { readonly language: Language },
): string {
  const voice: GateVoice = {
    wording: WORDINGS[language],
    gate: GATE_WORDINGS[language],
    glyphs: gateGlyphs(false),
  };
  const open = linesOf(report).filter(({ limit }) => limit.verdict !== 'pass');
  const fails = ({ check, limit }: GateLine) =>
    check.level === 'error' && (limit.verdict === 'fail' || report.onInconclusive === 'fail');
  const inOrder = (lines: readonly GateLine[]) =>
    [...lines].sort((a, b) => excessOf(b) - excessOf(a));
  const say = (command: 'error' | 'warning') => (line: GateLine) => {
    const title = `scanlens gate: ${line.check.id}`;
    const message = `${figureName(line)}: ${sentenceOf(line, report, voice)}`;
    return `::${command} title=${property(title)}::${data(message)}\n`;
  };
  return [
    ...inOrder(open.filter(fails)).slice(0, MOST).map(say('error')),
    ...inOrder(open.filter((line) => !fails(line)))
      .slice(0, MOST)
      .map(say('warning')),
  ].join('');
}

/** How far beyond its limit a figure lies, in widths of its own uncertainty. */
function excessOf({ comparison, limit }: GateLine): number {
  const sure = limit.verdict === 'fail' ? 1e6 : 0;
  const { kind, value } = limit;
  const figure: GateFigure | null =
    kind === 'max' || kind === 'min'
      ? comparison.candidate
      : kind.includes('relative')
        ? comparison.ratio
        : comparison.change;
  if (figure === null || figure.value === null) return sure;
  const upper = kind === 'max' || kind.endsWith('increase');
  const edge = kind.includes('relative')
    ? upper
      ? 1 + value
      : 1 - value
    : upper || kind === 'min'
      ? value
      : -value;
  const bound = upper ? figure.low : figure.high;
  const spread = bound === null ? 0 : Math.abs(figure.value - bound);
  const distance = upper ? figure.value - edge : edge - figure.value;
  return sure + (spread > 0 ? Math.min(1000, distance / spread) : distance > 0 ? 1000 : 0);
}

function data(text: string): string {
  return ciText(text)
    .slice(0, MESSAGE_LENGTH)
    .replaceAll('%', '%25')
    .replaceAll('\r', '%0D')
    .replaceAll('\n', '%0A');
}

function property(text: string): string {
  return data(visible(text).slice(0, 100)).replaceAll(':', '%3A').replaceAll(',', '%2C');
}
