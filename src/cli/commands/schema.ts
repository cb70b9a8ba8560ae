import { BASELINE_SCHEMA, CONFIG_SCHEMA } from '../../gate/index.ts';
import { closestName, InputError } from '../../model/index.ts';
import { MAPPING_SCHEMA } from '../../normalise/index.ts';
import { GATE_SCHEMA, schemaOf } from '../../report/index.ts';
import { editorSchema } from '../../ruleset/index.ts';
import type { Context } from '../context.ts';
import { DONE, type Ending } from '../ending.ts';

/** Every format that is an interface, with what it is. */
const SCHEMAS: Readonly<Record<string, { readonly what: string; readonly schema: () => object }>> =
  {
    report: { what: 'the report as JSON (-o json)', schema: () => schemaOf('report') },
    verdict: { what: 'a line of --verdicts', schema: () => schemaOf('verdict') },
    mapping: {
      what: 'mapping files (--mapping)',
      schema: () => ({ $schema: 'http://json-schema.org/draft-07/schema#', ...MAPPING_SCHEMA }),
    },
    gate: {
      what: 'the decision as JSON (gate -o json, compare -o json)',
      schema: () => GATE_SCHEMA,
    },
    baseline: { what: 'baseline files (--baseline)', schema: () => BASELINE_SCHEMA },
    config: { what: 'scanlens.yaml', schema: () => CONFIG_SCHEMA },
    rule: { what: 'rule files (--rules), for editors', schema: editorSchema },
  };

/** Prints the JSON Schema of a format, or the list of formats. */
export async function schema(name: string | undefined, { stdout }: Context): Promise<Ending> {
  if (name === undefined) {
    const width = Math.max(...Object.keys(SCHEMAS).map((key) => key.length));
    const lines = Object.entries(SCHEMAS).map(
      ([key, { what }]) => `${key.padEnd(width)}  ${what}\n`,
    );
    await stdout.write(lines.join(''));
    return DONE;
  }
  if (!Object.hasOwn(SCHEMAS, name)) {
    const near = closestName(name, Object.keys(SCHEMAS));
    throw new InputError('unknown-schema', {
      message: `no schema is called "${name}"`,
      hint:
        near === undefined
          ? `the schemas are ${Object.keys(SCHEMAS).join(', ')}`
          : `did you mean "${near}"?`,
    });
  }
  await stdout.write(`${JSON.stringify(SCHEMAS[name].schema(), null, 2)}\n`);
  return DONE;
}
