import { type LoadedRules, type LoadOptions, loadRules } from '../../src/ruleset/index.ts';

/** A UUID that ends in a number. */
export function uuid(n: number): string {
  return `00000000-0000-4000-8000-${String(n).padStart(12, '0')}`;
}

/** A sound rule about logins, with lines of its own in place of the usual ones. */
export function ruleText(n: number, parts: Readonly<Record<string, string>> = {}): string {
  const lines: Record<string, string> = {
    title: `Rule ${n}`,
    id: uuid(n),
    name: `rule_${n}`,
    status: 'test',
    logsource: '{product: wechat_login, category: exchange}',
    detection: `{s: {wechat.errcode: ${n}}, condition: s}`,
    level: 'high',
    custom_attributes: `{flow.class: class_${n}}`,
    ...parts,
  };
  return Object.entries(lines)
    .filter(([, value]) => value !== '')
    .map(([key, value]) => `${key}: ${value}\n`)
    .join('');
}

export function documents(...texts: readonly string[]): string {
  return texts.join('---\n');
}

export function load(text: string, options?: LoadOptions): LoadedRules {
  return loadRules([{ file: 'rules/a.yml', text }], options);
}

/** `line:column severity code: message; hint` */
export function said({ problems }: LoadedRules): string[] {
  return problems.map(({ line, column, severity, code, message, hint }) => {
    const rest = hint === undefined ? '' : `; ${hint}`;
    return `${line}:${column} ${severity} ${code}: ${message}${rest}`;
  });
}

export function names({ ruleSet }: LoadedRules): string[] {
  return ruleSet.rules.map(({ name }) => name);
}
