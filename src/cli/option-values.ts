import { InputError } from '../model/index.ts';

const BYTE_UNITS: Readonly<Record<string, number>> = {
  '': 1,
  b: 1,
  k: 1024,
  m: 1024 ** 2,
  g: 1024 ** 3,
};

/** The largest line that fits a JavaScript string, with room to spare. */
const MAX_LINE_BYTES = 512 * 1024 ** 2;

/** `4MiB`, `512k`, `1048576` as bytes. */
export function byteCount(flag: string): (text: string) => number {
  return (text) => {
    const [, amount, unit] = /^(\d+(?:\.\d+)?)\s*([kmg]?)i?b?$/i.exec(text) ?? [];
    const bytes = Math.floor(Number(amount) * BYTE_UNITS[unit?.toLowerCase() ?? '']);
    if (bytes >= 1 && bytes <= MAX_LINE_BYTES) return bytes;
    throw wrongValue(flag, text, 'a size from 1 byte to 512MiB, for example 4MiB');
  };
}

/** `95%` or `0.95` as a ratio from 0 to 1. */
export function ratio(flag: string): (text: string) => number {
  return (text) => {
    const [, amount, percent] = /^(\d+(?:\.\d+)?)\s*(%?)$/.exec(text) ?? [];
    const value = Number(amount) / (percent === '%' ? 100 : 1);
    if (value >= 0 && value <= 1) return value;
    throw wrongValue(flag, text, 'a share, for example 95% or 0.95');
  };
}

export function positiveInteger(flag: string): (text: string) => number {
  return (text) => {
    const value = /^\d{1,9}$/.test(text) ? Number(text) : 0;
    if (value >= 1) return value;
    throw wrongValue(flag, text, 'a whole number from 1');
  };
}

/** `a,b` and repeated flags add up. */
export function list(
  flag: string,
): (text: string, before: readonly string[] | undefined) => readonly string[] {
  return (text, before) => {
    const names = text
      .split(',')
      .map((name) => name.trim())
      .filter((name) => name !== '');
    if (names.length === 0) throw wrongValue(flag, text, 'names parted by commas');
    return [...(before ?? []), ...names];
  };
}

/** Repeated flags add up; the text is taken as it stands. */
export function repeated(text: string, before: readonly string[] | undefined): readonly string[] {
  return [...(before ?? []), text];
}

/** `login.flow.id=ctx.scene` as a pair. */
export function fieldPath(
  text: string,
  before: readonly FieldPath[] | undefined,
): readonly FieldPath[] {
  const [, field, path] = /^([^=\s]+)=(\S+)$/.exec(text) ?? [];
  if (field === undefined || path === undefined) {
    throw wrongValue('--map', text, 'FIELD=PATH, for example login.state=ctx.oauth.state');
  }
  return [...(before ?? []), { field, path }];
}

/** A field of ours, and where the user's records keep it. */
export interface FieldPath {
  readonly field: string;
  readonly path: string;
}

function wrongValue(flag: string, text: string, wanted: string): InputError {
  return new InputError('bad-value', { message: `${flag} takes ${wanted}, not '${text}'` });
}
