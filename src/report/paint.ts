import { Chalk } from 'chalk';

/** 0 for no colour, then 16, 256 and 16 million of them. */
export type ColorLevel = 0 | 1 | 2 | 3;

/** What colours mean. They repeat what words and places say, and never carry it alone. */
export interface Paint {
  readonly heading: (text: string) => string;
  readonly strong: (text: string) => string;
  readonly faint: (text: string) => string;
  readonly bad: (text: string) => string;
  readonly warning: (text: string) => string;
  readonly good: (text: string) => string;
  readonly graph: (text: string) => string;
  readonly command: (text: string) => string;
}

export function paint(level: ColorLevel): Paint {
  const chalk = new Chalk({ level });
  return {
    heading: chalk.bold,
    strong: chalk.bold,
    faint: chalk.dim,
    bad: chalk.red,
    warning: chalk.yellow,
    good: chalk.green,
    graph: chalk.cyan,
    command: chalk.cyan,
  };
}
