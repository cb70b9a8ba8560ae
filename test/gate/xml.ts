/** An element of a document without comments, sections or processing instructions. */
export interface Element {
  readonly name: string;
  readonly attributes: Readonly<Record<string, string>>;
  readonly children: readonly Element[];
  readonly text: string;
}

const ENTITIES: Readonly<Record<string, string>> = {
  amp: '&',
  lt: '<',
  gt: '>',
  quot: '"',
  '#10': '\n',
};

/** Reads XML strictly: whatever it does not expect, it throws at. */
export function readXml(xml: string): Element {
  if (/[^\t\n\r\u0020-\ud7ff\ue000-\ufffd\u{10000}-\u{10ffff}]/u.test(xml))
    throw new Error('a character that XML does not allow');
  let rest = xml.replace(/^<\?xml version="1\.0" encoding="UTF-8"\?>\n/, '');
  if (rest === xml) throw new Error('no XML declaration');
  const root = element();
  if (rest.trim() !== '') throw new Error(`after the end: ${rest.slice(0, 40)}`);
  return root;

  function take(pattern: RegExp): RegExpExecArray {
    const match = pattern.exec(rest);
    if (match === null || match.index !== 0) throw new Error(`unexpected: ${rest.slice(0, 60)}`);
    rest = rest.slice(match[0].length);
    return match;
  }

  function element(): Element {
    const [, name, list, end] = take(/^\s*<([a-z-]+)((?: [a-z]+="[^"<]*")*)(\/?)>/);
    const attributes: Record<string, string> = {};
    for (const [, key, value] of list.matchAll(/ ([a-z]+)="([^"<]*)"/g)) {
      if (Object.hasOwn(attributes, key)) throw new Error(`${key} stands twice`);
      attributes[key] = plain(value);
    }
    const children: Element[] = [];
    let text = '';
    if (end === '') {
      for (;;) {
        text += plain(take(/^[^<]*/)[0]);
        if (rest.startsWith('</')) break;
        children.push(element());
      }
      const [, closed] = take(/^<\/([a-z-]+)>/);
      if (closed !== name) throw new Error(`${name} is closed by ${closed}`);
    }
    return { name, attributes, children, text };
  }

  function plain(text: string): string {
    return text.replace(/&([^;]*);?/g, (whole, entity: string) => {
      const char = ENTITIES[entity];
      if (char === undefined || !whole.endsWith(';')) throw new Error(`unknown entity ${whole}`);
      return char;
    });
  }
}

/** Names and attributes, without what they hold. */
export function skeletonOf({ name, attributes, children }: Element): unknown {
  return { name, attributes: Object.keys(attributes), children: children.map(skeletonOf) };
}

const COUNT = /^\d+$/;
const NAME = /^\S(?:.*\S)?$/s;

/** What a JUnit report may hold, as `junit.xsd` has it, for where no validator is at hand. */
export function junitProblems(root: Element): readonly string[] {
  const problems: string[] = [];
  const check = (holds: boolean, problem: string) => {
    if (!holds) problems.push(problem);
  };
  const attributes = (
    { name, attributes: found }: Element,
    wanted: Readonly<Record<string, RegExp>>,
    optional: Readonly<Record<string, RegExp>> = {},
  ) => {
    for (const [key, pattern] of Object.entries(wanted))
      check(pattern.test(found[key] ?? ''), `${name} ${key}="${found[key]}"`);
    for (const [key, value] of Object.entries(found))
      check(key in wanted || (optional[key]?.test(value) ?? false), `${name} has ${key}`);
  };
  check(root.name === 'testsuites', 'the root is testsuites');
  attributes(root, {});
  for (const suite of root.children) {
    check(suite.name === 'testsuite', `testsuites holds ${suite.name}`);
    attributes(
      suite,
      {
        name: NAME,
        package: NAME,
        id: COUNT,
        hostname: NAME,
        timestamp: /^\d{4}-\d\d-\d\dT\d\d:\d\d:\d\d$/,
        tests: COUNT,
        failures: COUNT,
        errors: COUNT,
        time: /^\d+(\.\d+)?$/,
      },
      { skipped: COUNT },
    );
    const order = suite.children.map(({ name }) => name).join(' ');
    check(/^properties( testcase)* system-out system-err$/.test(order), `testsuite holds ${order}`);
    const cases = suite.children.filter(({ name }) => name === 'testcase');
    const inside = (name: string) =>
      cases.filter(({ children }) => children[0]?.name === name).length;
    check(suite.attributes.tests === String(cases.length), 'tests are counted');
    check(suite.attributes.failures === String(inside('failure')), 'failures are counted');
    check(suite.attributes.skipped === String(inside('skipped')), 'skipped are counted');
    for (const property of suite.children[0]?.children ?? []) {
      check(property.name === 'property', `properties hold ${property.name}`);
      attributes(property, { name: NAME, value: /^/ });
    }
    for (const one of cases) {
      attributes(one, { name: NAME, classname: NAME, time: /^\d+(\.\d+)?$/ });
      check(one.children.length <= 1, 'a test case has one outcome');
      for (const outcome of one.children) {
        check(['skipped', 'failure', 'error'].includes(outcome.name), `testcase: ${outcome.name}`);
        if (outcome.name === 'skipped') attributes(outcome, {}, { message: /^/ });
        else attributes(outcome, { type: NAME }, { message: /^/ });
        check(outcome.children.length === 0, `${outcome.name} holds elements`);
      }
    }
  }
  return problems;
}
