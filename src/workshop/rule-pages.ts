import type { Bilingual } from '../model/index.ts';
import { visible } from '../report/index.ts';
import type { LoadedRules, RuleDocument } from '../ruleset/index.ts';
import { entryOf } from '../sigma/index.ts';

export type PageLanguage = 'en' | 'zh';

/** A Markdown page, by its path below the folder of the pages. */
export interface Page {
  readonly path: string;
  readonly text: string;
}

const WORDS = {
  en: {
    index: 'Rules',
    intro: 'Generated from the rule files by `scanlens rules docs`; edit those, not these pages.',
    name: 'Name',
    class: 'Class',
    level: 'Level',
    status: 'Status',
    effect: 'Effect',
    reads: 'Reads',
    priority: 'Priority',
    file: 'File',
    title: 'Title',
    todo: 'What to do',
    looksFor: 'What it looks for',
    matches: 'Matches',
    matchesNot: 'Does not match',
    mistaken: 'May be mistaken when',
    causes: 'Explains',
    symptomOf: 'Explained by',
    references: 'References',
    other: '中文',
    reader: {
      event: 'single events',
      flow: 'whole flows',
      correlation: 'hits of other rules',
    },
  },
  zh: {
    index: '规则',
    intro: '由 `scanlens rules docs` 从规则文件生成；请修改规则文件，不要修改这些页面。',
    name: '名称',
    class: '类别',
    level: '级别',
    status: '状态',
    effect: '作用',
    reads: '读取',
    priority: '优先级',
    file: '文件',
    title: '标题',
    todo: '处理办法',
    looksFor: '识别条件',
    matches: '匹配',
    matchesNot: '不匹配',
    mistaken: '可能误判的情况',
    causes: '可解释',
    symptomOf: '可由下列规则解释',
    references: '参考',
    other: 'English',
    reader: { event: '单个事件', flow: '整个流程', correlation: '其他规则的命中' },
  },
} as const;

/** Examples of each kind on a page. */
const MAX_EXAMPLES = 6;

/** A page for each rule and correlation about logins and an index, in both languages. */
export function rulePages(loaded: LoadedRules): readonly Page[] {
  const documents = loaded.documents
    .filter(({ kind, own, sound }) => kind !== 'filter' && own && sound)
    .sort((a, b) => (a.facts.name < b.facts.name ? -1 : 1));
  return (['en', 'zh'] as const).flatMap((language) => [
    { path: `${language}/README.md`, text: indexPage(documents, language) },
    ...documents.map((document) => ({
      path: `${language}/${document.facts.name}.md`,
      text: rulePage(document, loaded, language),
    })),
  ]);
}

function indexPage(documents: readonly RuleDocument[], language: PageLanguage): string {
  const words = WORDS[language];
  const rows = documents.map(({ facts }) => {
    const link = `[${facts.name}](${facts.name}.md)`;
    const cells = [link, code(facts.class), facts.level, facts.effect];
    return `| ${[...cells, plain(facts.title[language])].join(' | ')} |`;
  });
  const head = [words.name, words.class, words.level, words.effect, words.title];
  const other = language === 'en' ? 'zh' : 'en';
  return [
    `# ${words.index}`,
    '',
    `${words.intro} [${words.other}](../${other}/README.md)`,
    '',
    `| ${head.join(' | ')} |`,
    `|${' --- |'.repeat(head.length)}`,
    ...rows,
    '',
  ].join('\n');
}

function rulePage(document: RuleDocument, loaded: LoadedRules, language: PageLanguage): string {
  const { facts } = document;
  const words = WORDS[language];
  const other = language === 'en' ? 'zh' : 'en';
  const said = (text: Bilingual | undefined): string => plain(text?.[language] ?? '');
  const { explanations } = loaded.ruleSet;
  const causes = explanations.filter(({ cause }) => cause === facts.name);
  const symptomOf = explanations.filter(({ symptoms }) => symptoms.includes(facts.name));
  const links = (names: readonly string[]): string =>
    [...new Set(names)]
      .sort()
      .map((name) => `[${name}](${name}.md)`)
      .join(', ');
  const sections: [string, string][] = [
    [words.todo, said(facts.remediation)],
    [words.looksFor, fenced(detectionText(document), 'yaml')],
    [words.matches, examples(document, 'match')],
    [words.matchesNot, examples(document, 'no-match')],
    [words.causes, links(causes.flatMap(({ symptoms }) => symptoms))],
    [words.symptomOf, links(symptomOf.map(({ cause }) => cause))],
    [words.mistaken, list(facts.falsePositives.map(plain))],
    [
      words.references,
      list(facts.references.map((url) => `<${visible(url).replace(/[<>\s]/g, '')}>`)),
    ],
  ];
  return [
    `# ${said(facts.title)}`,
    '',
    `[${words.index}](README.md) · [${words.other}](../${other}/${facts.name}.md)`,
    '',
    ...(facts.description === undefined ? [] : [said(facts.description), '']),
    ...factTable(document, language),
    '',
    ...sections
      .filter(([, text]) => text !== '')
      .flatMap(([title, text]) => [`## ${title}`, '', text, '']),
  ].join('\n');
}

function factTable({ facts, file }: RuleDocument, language: PageLanguage): readonly string[] {
  const words = WORDS[language];
  const reads = facts.stage === undefined ? '' : ` (${facts.stage})`;
  const rows: [string, string][] = [
    [words.name, code(facts.name)],
    [words.class, code(facts.class)],
    [words.level, facts.level],
    [words.status, facts.status],
    [words.effect, facts.effect],
    [words.reads, `${words.reader[facts.scope]}${reads}`],
    ...(facts.priority === 0 ? [] : [[words.priority, String(facts.priority)] as [string, string]]),
    [words.file, code(file)],
  ];
  return ['| | |', '| --- | --- |', ...rows.map(([name, value]) => `| ${name} | ${value} |`)];
}

/** The section that says what the rule matches, as its author wrote it. */
function detectionText({ node, text, kind }: RuleDocument): string {
  const entry = entryOf(node, kind === 'correlation' ? 'correlation' : 'detection');
  if (entry === undefined) return '';
  return text
    .slice(entry.keySpan.start, entry.value.end)
    .trimEnd()
    .split('\n')
    .map(visible)
    .join('\n');
}

function examples({ tests }: RuleDocument, expect: 'match' | 'no-match'): string {
  const shown = tests.filter((test) => test.expect === expect).slice(0, MAX_EXAMPLES);
  if (shown.length === 0) return '';
  const lines = shown.flatMap(({ events, single }) =>
    events.map(({ offsetMs, event }) => {
      const text = JSON.stringify(event);
      return single ? text : `+${offsetMs / 1000}s ${text}`;
    }),
  );
  return fenced(lines.map(visible).join('\n'), 'json');
}

function list(items: readonly string[]): string {
  return items.map((item) => `- ${item}`).join('\n');
}

/** Rule text as Markdown that means itself. */
function plain(text: string): string {
  return visible(text.replace(/\s+/g, ' ').trim()).replace(/[\\`*_[\]<>|#]/g, '\\$&');
}

function code(text: string): string {
  return `\`${visible(text).replaceAll('`', "'").replaceAll('|', '\\|')}\``;
}

/** A fence longer than any within. */
function fenced(text: string, language: string): string {
  if (text === '') return '';
  const longest = Math.max(2, ...[...text.matchAll(/`+/g)].map(([run]) => run.length));
  const fence = '`'.repeat(longest + 1);
  return `${fence}${language}\n${text}\n${fence}`;
}
