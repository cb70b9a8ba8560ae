import type { Problem } from '../model/index.ts';
import { visible } from '../report/index.ts';

export const PROBLEM_FORMATS = ['text', 'json', 'sarif', 'github'] as const;

export type ProblemFormat = (typeof PROBLEM_FORMATS)[number];

/** Problems as text for people or for a program; ends with a newline unless empty. */
export function problemOutput(problems: readonly Problem[], format: ProblemFormat): string {
  switch (format) {
    case 'text':
      return problemText(problems);
    case 'json':
      return `${JSON.stringify({ schema: 'scanlens.problems/1', problems }, undefined, 2)}\n`;
    case 'sarif':
      return `${JSON.stringify(sarif(problems), undefined, 2)}\n`;
    case 'github':
      return problems.map(githubCommand).join('');
  }
}

function problemText(problems: readonly Problem[]): string {
  const blocks = problems.map((problem) => {
    const { file, line, column, severity, code, message, hint, snippet } = problem;
    const head = `${visible(file)}:${line}:${column} ${severity} ${code}: ${visible(message)}`;
    const shown = snippet?.split('\n').map((part) => `  ${visible(part)}`) ?? [];
    return [head, ...shown, ...(hint === undefined ? [] : [`  ${visible(hint)}`])].join('\n');
  });
  const errors = problems.filter(({ severity }) => severity === 'error').length;
  const warnings = problems.length - errors;
  if (problems.length === 0) return '';
  return `${blocks.join('\n\n')}\n\n${counted(errors, 'error')}, ${counted(warnings, 'warning')}\n`;
}

function counted(count: number, what: string): string {
  return `${count} ${what}${count === 1 ? '' : 's'}`;
}

/** SARIF 2.1.0. */
function sarif(problems: readonly Problem[]): object {
  const codes = [...new Set(problems.map(({ code }) => code))].sort();
  return {
    $schema: 'https://json.schemastore.org/sarif-2.1.0.json',
    version: '2.1.0',
    runs: [
      {
        tool: { driver: { name: 'scanlens', rules: codes.map((id) => ({ id })) } },
        columnKind: 'utf16CodeUnits',
        results: problems.map(({ file, line, column, severity, code, message, hint }) => ({
          ruleId: code,
          level: severity,
          message: { text: hint === undefined ? message : `${message}; ${hint}` },
          locations: [
            {
              physicalLocation: {
                artifactLocation: { uri: encodeURI(file) },
                region: { startLine: line, startColumn: column },
              },
            },
          ],
        })),
      },
    ],
  };
}

/** A workflow command; it must stay on one line and keep its separators. */
function githubCommand({ file, line, column, severity, code, message, hint }: Problem): string {
  const text = hint === undefined ? message : `${message}; ${hint}`;
  const properties = [
    `file=${githubProperty(file)}`,
    `line=${line}`,
    `col=${column}`,
    `title=${githubProperty(code)}`,
  ];
  return `::${severity} ${properties.join(',')}::${githubText(text)}\n`;
}

function githubText(text: string): string {
  return text.replaceAll('%', '%25').replaceAll('\r', '%0D').replaceAll('\n', '%0A');
}

function githubProperty(text: string): string {
  return githubText(text).replaceAll(':', '%3A').replaceAll(',', '%2C');
}
