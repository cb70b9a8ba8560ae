import { UnreadableAnswer } from './wechat-error.ts';

/** @throws {UnreadableAnswer} where the member is no text or empty */
export function textOf(answer: Readonly<Record<string, unknown>>, name: string): string {
  const value = answer[name];
  if (typeof value === 'string' && value !== '') return value;
  throw new UnreadableAnswer(`an answer without ${name}`, 200);
}

export function optionalTextOf(
  answer: Readonly<Record<string, unknown>>,
  name: string,
): string | undefined {
  const value = answer[name];
  return typeof value === 'string' && value !== '' ? value : undefined;
}

/** @throws {UnreadableAnswer} where the member is no number */
export function numberOf(answer: Readonly<Record<string, unknown>>, name: string): number {
  const value = Number(answer[name] ?? Number.NaN);
  if (Number.isFinite(value)) return value;
  throw new UnreadableAnswer(`an answer without ${name}`, 200);
}
