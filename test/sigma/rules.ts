import type { Problem } from '../../src/model/index.ts';
import {
  compileDetections,
  createReporter,
  type Detection,
  type DetectionIndex,
  jsonRecord,
  parseDetection,
  readYaml,
} from '../../src/sigma/index.ts';

/** Reads a `detection` section from its YAML. */
export function readDetection(yaml: string): {
  readonly detection: Detection | undefined;
  readonly problems: readonly Problem[];
} {
  const problems: Problem[] = [];
  const report = createReporter('rule.yml', yaml, problems);
  const [node] = readYaml(yaml, report);
  return { detection: node && parseDetection(node, report), problems };
}

export function compile(...yamls: readonly string[]): DetectionIndex {
  return compileDetections(
    yamls.map((yaml) => {
      const { detection, problems } = readDetection(yaml);
      const errors = problems.filter(({ severity }) => severity === 'error');
      if (detection === undefined) throw new Error(errors.map(({ message }) => message).join('; '));
      return detection;
    }),
  );
}

/** Whether one selection, given as JSON, matches an event. */
export function selects(selection: unknown, event: object): boolean {
  const yaml = JSON.stringify({ selection, condition: 'selection' });
  return compile(yaml).match(jsonRecord(event)).length === 1;
}

/** Whether an item such as `{'a|contains': 'x'}` holds for a value of the field `a`. */
export function holds(modifiers: string, value: unknown, actual: unknown): boolean {
  return selects({ [modifiers === '' ? 'a' : `a|${modifiers}`]: value }, { a: actual });
}
