import type {
  AbandonReason,
  Bilingual,
  FlowKind,
  Level,
  OutcomeKind,
  RejectCode,
  Stage,
  StepOutcome,
} from '../../model/index.ts';

/**
 * Every word a report says. Numbers come formatted, log text comes escaped; a language that lacks
 * a phrase does not compile.
 */
export interface Wording {
  /** The side of bilingual texts to read. */
  readonly language: keyof Bilingual;
  readonly colon: string;
  readonly comma: string;
  readonly semicolon: string;
  readonly bracketed: (text: string) => string;
  /** So many of something. */
  readonly counted: (count: string, name: string) => string;

  readonly stage: Readonly<Record<Stage, string>>;
  readonly outcome: Readonly<Record<OutcomeKind, string>>;
  readonly step: Readonly<Record<StepOutcome, string>>;
  readonly reason: Readonly<Record<AbandonReason, string>>;
  readonly kind: Readonly<Record<Exclude<FlowKind, 'qr'>, string>>;
  readonly reject: Readonly<Record<RejectCode, string>>;
  readonly level: Readonly<Record<Level, string>>;
  readonly severity: Readonly<Record<'info' | 'warning' | 'critical', string>>;

  // What was read
  readonly noInput: string;
  readonly files: (count: string) => string;
  readonly moreFiles: (count: string) => string;
  readonly noTimes: string;
  readonly damaged: (parts: string) => string;
  readonly noForm: string;
  readonly parsed: (share: string, lines: string) => string;
  readonly aboutLogins: (lines: string) => string;
  readonly aboutOthers: (lines: string) => string;
  readonly blank: (lines: string) => string;
  readonly skipped: (lines: string) => string;
  readonly firstAt: string;
  readonly loggers: string;
  readonly unlinked: (events: string) => string;
  readonly timeless: (events: string) => string;
  readonly interrupted: string;
  readonly selected: (flows: string, of: string) => string;
  readonly since: string;
  readonly until: string;
  readonly where: string;

  // The headline
  readonly failureRate: string;
  readonly interval: (confidence: string) => string;
  readonly decidedOf: (failed: string, decided: string) => string;
  readonly noFailure: (decided: string) => string;
  readonly notCounted: string;
  readonly abandoned: (flows: string) => string;
  readonly open: (flows: string) => string;
  readonly inFocus: string;
  readonly focusOn: (rules: string, stages: string) => string;
  readonly otherLogins: string;
  readonly trend: string;
  readonly every: (width: string) => string;
  readonly lowest: string;
  readonly highest: string;
  readonly outOfSight: (flows: string) => string;
  readonly loginTime: string;

  // When there is no rate
  readonly unknown: string;
  readonly noFlows: string;
  readonly noFlowsWhy: string;
  readonly noSelected: string;
  readonly nothingDecided: string;
  readonly noSuccess: (failed: string) => string;
  readonly noSuccessWhy: string;
  readonly stagesSeen: string;
  readonly stagesUnseen: string;
  readonly noneOf: string;
  readonly mapThem: string;

  // Sections
  readonly funnel: string;
  readonly columns: {
    readonly reached: string;
    readonly failed: string;
    readonly abandoned: string;
    readonly flows: string;
    readonly share: string;
    readonly trend: string;
    readonly stage: string;
    readonly decided: string;
    readonly rate: string;
    readonly versus: string;
    readonly cause: string;
    readonly value: string;
    readonly rule: string;
    readonly at: string;
    readonly took: string;
  };
  readonly causes: string;
  readonly unclassified: string;
  readonly unclassifiedTitle: string;
  readonly moreCauses: (count: string) => string;
  readonly recovered: string;
  readonly recoveredWhy: string;
  readonly by: (field: string) => string;
  readonly missing: string;
  readonly folded: string;
  readonly moreValues: (count: string) => string;
  readonly fieldAbsent: (field: string) => string;
  readonly whatToDo: string;
  readonly examples: string;
  readonly symptomsToo: string;
  readonly references: string;
  readonly findings: string;
  readonly times: (count: string) => string;
  readonly first: (moment: string) => string;
  readonly next: string;

  // One login
  readonly endedAt: Readonly<Record<OutcomeKind, (stage: string) => string>>;
  readonly ids: string;
  /** Who tells of a step. */
  readonly source: Readonly<Record<'log' | 'trace', string>>;
  readonly neverReached: string;
  readonly why: string;
  readonly wholeFlow: string;
  readonly noRule: string;
  readonly near: string;
  readonly missed: (wanted: string, met: string) => string;
  readonly absent: string;
  readonly lines: string;
  readonly moreLines: (count: string) => string;
  readonly noLines: string;
}
