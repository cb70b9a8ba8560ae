import { type FlowAssertion, namedRules, type RuleSet, type RuleTest } from '../ruleset/index.ts';
import type { ReadFlow, ReadFlows } from './flow-reader.ts';

/** What a test says of its flows and is not so. */
export function checkAssertions(test: RuleTest, read: ReadFlows, ruleSet: RuleSet): string[] {
  return test.assertions.flatMap((said) => {
    const flow = read.flows.find(({ flow: { identities } }) =>
      identities.some(({ text }) => text === said.flow),
    );
    if (flow === undefined) return [`there is no flow "${said.flow}"`];
    return complaintsAbout(flow, said, ruleSet).map((text) => `flow ${said.flow}: ${text}`);
  });
}

function complaintsAbout(
  { verdict: { outcome } }: ReadFlow,
  said: FlowAssertion,
  ruleSet: RuleSet,
): string[] {
  const cause = outcome.kind === 'failed' ? outcome.cause : undefined;
  const symptoms = outcome.kind === 'failed' ? outcome.symptoms : [];
  const stage = 'stage' in outcome ? outcome.stage : undefined;
  const classOf = (name: string | undefined): string | undefined =>
    namedRules(ruleSet).find((rule) => rule.name === name)?.class;
  const complaints: string[] = [];
  const compare = (what: string, wanted: string | undefined, actual: string | undefined): void => {
    if (wanted === undefined || wanted === actual) return;
    complaints.push(`${what} is ${actual ?? 'none'}, not ${wanted}`);
  };
  compare('outcome', said.outcome, outcome.kind);
  compare('cause', said.cause, cause);
  compare('class', said.class, classOf(cause));
  compare('stage', said.stage, stage);
  for (const symptom of said.symptoms) {
    if (symptoms.includes(symptom) || symptoms.some((name) => classOf(name) === symptom)) continue;
    complaints.push(`no symptom ${symptom} among ${symptoms.join(', ') || 'none'}`);
  }
  return complaints;
}
