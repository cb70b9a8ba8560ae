import fc from 'fast-check';
import { isFlatZap, TEXTS, WRAPPERS } from './forms.ts';

/** Lines that are broken in every way a log breaks, some of them sharing ids with good ones. */
export const anyHostileLine = (lines: readonly string[]): fc.Arbitrary<string> =>
  fc.oneof(
    fc.string({ unit: 'binary' }).map((text) => text.replace(/[\r\n]/g, ' ')),
    fc.constantFrom('', '   ', '{', '}', '[]', '"x"', 'null', '\u0000\u0001\u001b[31m', '{"msg":'),
    fc.nat({ max: 200 }).map((depth) => `${'{"a":'.repeat(depth)}1${'}'.repeat(depth)}`),
    fc.nat({ max: 200 }).map((depth) => `{"msg":${'['.repeat(depth)}${']'.repeat(depth)}}`),
    fc
      .constantFrom(...lines)
      .chain((line) =>
        fc.nat({ max: Math.max(0, line.length - 1) }).map((at) => line.slice(0, at)),
      ),
  );

/**
 * Records as any tool hands them over, each with the lines that belong together: wrapped, as text
 * with a stack trace below it, or as they were.
 */
export const anyRecord = (lines: readonly string[]): fc.Arbitrary<readonly string[]> =>
  fc
    .tuple(
      fc.constantFrom(...lines),
      fc.constantFrom(undefined, ...WRAPPERS, ...TEXTS),
      fc.nat(999),
    )
    .map(([line, form, number]): readonly string[] => {
      const isText = form !== undefined && TEXTS.includes(form);
      if (form === undefined || (isText && !isFlatZap(line))) return [line];
      const written = form.write(line, number);
      return form.name === 'a Logback pattern'
        ? [...written, 'java.sql.SQLException: no connection', '\tat c.e.Login', '\t... 3 more']
        : written;
    });
