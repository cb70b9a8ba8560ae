import type { Report } from '../../model/index.ts';
import { findingDetail } from '../finding-words.ts';
import { widthOf } from '../layout.ts';
import { visible } from '../visible.ts';
import { type Page, prose, say } from './page.ts';

/** What the input as a whole gave away, such as a constant state. */
export function findingsSection({ findings }: Report, page: Page): string[] {
  if (findings.length === 0) return [];
  const { wording, paint } = page;
  const nameWidth = Math.max(
    ...findings.map(({ severity }) => widthOf(wording.severity[severity])),
  );
  const margin = ' '.repeat(2 + nameWidth + 2);
  return [
    paint.heading(wording.findings),
    ...findings.flatMap((finding) => {
      const { severity, message, remediation } = finding;
      const name = wording.severity[severity];
      const colour =
        severity === 'critical' ? paint.bad : severity === 'warning' ? paint.warning : paint.faint;
      const detail = wording.bracketed(visible(findingDetail(finding, page)));
      const text = say(message, page) + detail;
      const [first, ...more] = prose(text, margin.length, page);
      const remedy = remediation === null ? [] : prose(say(remediation, page), margin.length, page);
      return [
        `  ${colour(name)}${' '.repeat(nameWidth - widthOf(name) + 2)}${first}`,
        ...more.map((line) => margin + line),
        ...remedy.map((line) => margin + paint.faint(line)),
      ];
    }),
  ];
}
