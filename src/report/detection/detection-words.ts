import type { Language } from '../wording/index.ts';

/** What `detect` says beside the words of the report. */
export interface DetectionWords {
  readonly stages: string;
  readonly ids: string;
  readonly understood: string;
  readonly notUnderstood: string;
  readonly unrecognised: string;
  readonly rejected: string;
  readonly lines: string;
  readonly seen: string;
  readonly more: (count: string) => string;
  readonly allUnderstood: string;
  readonly allRecognised: string;
  readonly carries: string;
  readonly capped: string;
  readonly never: string;
  readonly teach: string;
}

export const DETECTION_WORDS: Readonly<Record<Language, DetectionWords>> = {
  en: {
    stages: 'STAGES',
    ids: 'IDS',
    understood: 'FIELDS UNDERSTOOD',
    notUnderstood: 'FIELDS NOT UNDERSTOOD',
    unrecognised: 'LINES WITHOUT A STAGE',
    rejected: 'LINES NOT READ',
    lines: 'lines',
    seen: 'seen',
    more: (count) => `and ${count} more`,
    allUnderstood: 'every field has a meaning',
    allRecognised: 'every line has a stage',
    carries: 'carries',
    capped: 'Very many distinct fields or texts: those beyond the first thousands are left out.',
    never: 'never seen',
    teach:
      'Give unknown fields a meaning with --map FIELD=PATH, and lines a stage with --mapping FILE; then look here again.',
  },
  zh: {
    stages: '登录阶段',
    ids: '标识',
    understood: '已识别的字段',
    notUnderstood: '未识别的字段',
    unrecognised: '未识别阶段的日志行',
    rejected: '无法读取的行',
    lines: '行数',
    seen: '出现',
    more: (count) => `另有 ${count} 个`,
    allUnderstood: '所有字段都已识别',
    allRecognised: '每一行都识别出了阶段',
    carries: '带有',
    capped: '不同的字段或文本过多，只统计了最前面的几千种。',
    never: '从未出现',
    teach:
      '用 --map FIELD=PATH 说明字段的含义，用 --mapping FILE 说明哪些行属于哪个阶段，然后再运行一次本命令。',
  },
};
