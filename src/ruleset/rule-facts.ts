import {
  type Bilingual,
  type Level,
  type Rule,
  type RuleEffect,
  type RuleStatus,
  STAGES,
  type Stage,
} from '../model/index.ts';
import { durationMs } from './duration.ts';

/** A rule document as plain values, after its shape was checked. */
interface PlainRule {
  readonly title?: string;
  readonly id?: string;
  readonly name?: string;
  readonly status?: RuleStatus;
  readonly level?: Level;
  readonly description?: unknown;
  readonly references?: unknown;
  readonly falsepositives?: unknown;
  readonly logsource?: { readonly category?: string };
  readonly custom_attributes?: {
    readonly 'flow.class'?: string;
    readonly 'flow.effect'?: RuleEffect;
    readonly 'flow.priority'?: number;
    readonly 'flow.title.zh'?: string;
    readonly 'flow.description'?: Partial<Bilingual>;
    readonly 'flow.remediation'?: Partial<Bilingual>;
    readonly 'flow.deadline'?: { readonly from: Stage; readonly within: string };
  } | null;
}

/**
 * The facts of a rule. Texts that lack one language have the other in its place; a rule without a
 * name goes by its id, one without an id by its title.
 */
export function ruleFacts(
  document: unknown,
  scope: Rule['scope'],
  place: { readonly file: string; readonly line: number },
): Rule {
  const plain = document as PlainRule;
  const own = plain.custom_attributes ?? {};
  const title = plain.title ?? '';
  const id = plain.id ?? plain.name ?? title;
  const name = plain.name ?? id;
  const category = plain.logsource?.category;
  const description = typeof plain.description === 'string' ? plain.description : undefined;
  const deadline = own['flow.deadline'];
  return {
    id,
    name,
    title: { en: title, zh: own['flow.title.zh'] ?? title },
    description: bilingual({ en: description, ...own['flow.description'] }),
    status: plain.status ?? 'experimental',
    level: plain.level ?? 'medium',
    scope,
    stage: STAGES.find((stage) => stage === category),
    class: own['flow.class'] ?? name,
    effect: own['flow.effect'] ?? (scope === 'correlation' ? 'finding' : 'failure'),
    priority: own['flow.priority'] ?? 0,
    remediation: bilingual(own['flow.remediation'] ?? {}) ?? { en: '', zh: '' },
    references: textsOf(plain.references),
    falsePositives: textsOf(plain.falsepositives),
    deadline: deadline && { from: deadline.from, withinMs: durationMs(deadline.within) as number },
    ...place,
  };
}

function bilingual(text: {
  readonly en?: string | undefined;
  readonly zh?: string | undefined;
}): Bilingual | undefined {
  const { en, zh } = text;
  if (en === undefined && zh === undefined) return undefined;
  return { en: en ?? (zh as string), zh: zh ?? (en as string) };
}

function textsOf(value: unknown): readonly string[] {
  return [value ?? []].flat().filter((item) => typeof item === 'string');
}
