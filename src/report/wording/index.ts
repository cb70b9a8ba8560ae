import { ENGLISH } from './en.ts';
import type { Wording } from './wording.ts';
import { CHINESE } from './zh.ts';

export type { Wording } from './wording.ts';

export type Language = 'en' | 'zh';

export const WORDINGS: Readonly<Record<Language, Wording>> = { en: ENGLISH, zh: CHINESE };
