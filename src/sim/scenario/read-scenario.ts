import { existsSync, readFileSync } from 'node:fs';
import { basename } from 'node:path';
import { fileURLToPath } from 'node:url';
import { Ajv, type ErrorObject } from 'ajv';
import { parseDocument } from 'yaml';
import type { Scenario } from './scenario.ts';
import { SCENARIO_SCHEMA } from './scenario-schema.ts';

const FOLDER = fileURLToPath(new URL('../../../scenarios/', import.meta.url));

/** A scenario that cannot be used; the message names the file and everything that is wrong with it. */
export class ScenarioError extends Error {
  constructor(file: string, problems: readonly string[]) {
    super(`${file}:\n${problems.map((problem) => `  ${problem}`).join('\n')}`);
    this.name = 'ScenarioError';
  }
}

const validate = new Ajv({ allErrors: true, useDefaults: true, allowUnionTypes: true }).compile(
  SCENARIO_SCHEMA,
);

/**
 * @param file a path, or the bare name of one of the scenarios that come with the project
 * @throws {ScenarioError}
 */
export function readScenario(file: string): Scenario {
  const path = existsSync(file) ? file : `${FOLDER}${file}.yaml`;
  if (!existsSync(path)) throw new ScenarioError(file, ['there is no such file or scenario']);
  const document = parseDocument(readFileSync(path, 'utf8'));
  if (document.errors.length > 0) {
    throw new ScenarioError(
      file,
      document.errors.map(({ message }) => message.split('\n')[0] as string),
    );
  }
  const value: unknown = document.toJS() ?? {};
  if (!validate(value)) throw new ScenarioError(file, (validate.errors ?? []).map(wording));
  const scenario = value as Omit<Scenario, 'name'>;
  const service = Object.entries(scenario.service).map(([name, text]) => [name, String(text)]);
  return {
    ...scenario,
    name: basename(path).replace(/\.ya?ml$/, ''),
    service: Object.fromEntries(service) as Scenario['service'],
  };
}

function wording({ instancePath, message, keyword, params }: ErrorObject): string {
  const place = instancePath === '' ? 'the scenario' : instancePath.slice(1).replaceAll('/', '.');
  if (keyword === 'additionalProperties') {
    return `${place} has an unknown member "${(params as { additionalProperty: string }).additionalProperty}"`;
  }
  const allowed = (params as { allowedValues?: readonly string[] }).allowedValues;
  return `${place} ${message}${allowed === undefined ? '' : `: ${allowed.join(', ')}`}`;
}
