/** What the service does about an answer of WeChat's, by its number; the texts drift. */
export interface ErrcodeMeaning {
  /** Whose doing: WeChat's own trouble, our configuration, our token, the code or the user. */
  readonly kind: 'platform' | 'configuration' | 'token' | 'code' | 'user' | 'quota';
}

const MEANINGS: Readonly<Record<number, ErrcodeMeaning['kind']>> = {
  [-1]: 'platform',
  40001: 'token',
  40003: 'configuration',
  40013: 'configuration',
  40014: 'token',
  40029: 'code',
  40030: 'token',
  40052: 'configuration',
  40053: 'configuration',
  40125: 'configuration',
  40163: 'code',
  40164: 'configuration',
  41001: 'token',
  41002: 'configuration',
  41004: 'configuration',
  41008: 'code',
  41009: 'configuration',
  42001: 'token',
  42002: 'token',
  42003: 'code',
  42007: 'user',
  43003: 'configuration',
  45009: 'quota',
  45011: 'quota',
  48001: 'configuration',
  50002: 'user',
  61023: 'token',
  89503: 'configuration',
};

/** A number not in the table is taken for a configuration trouble: repeating cannot help it. */
export function meaningOf(errcode: number): ErrcodeMeaning {
  return { kind: MEANINGS[errcode] ?? 'configuration' };
}
