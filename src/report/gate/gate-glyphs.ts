import { ASCII, BLOCKS, type Glyphs } from '../glyphs.ts';

/** The signs that a decision is written with besides. */
export interface GateGlyphs extends Glyphs {
  readonly minus: string;
  readonly plusMinus: string;
  readonly atMost: string;
  readonly atLeast: string;
  readonly unbounded: string;
}

export function gateGlyphs(ascii: boolean): GateGlyphs {
  return ascii
    ? { ...ASCII, minus: '-', plusMinus: '+-', atMost: '<=', atLeast: '>=', unbounded: 'inf' }
    : { ...BLOCKS, minus: '−', plusMinus: '±', atMost: '≤', atLeast: '≥', unbounded: '∞' };
}
