import { visible } from '../visible.ts';

/**
 * Text that CI prints. Build logs are read for commands: GitHub's `::set-output::` and `##[error]`,
 * `##vso[` of Azure and `##teamcity[`. A space inside makes them plain text.
 */
export function ciText(text: string): string {
  return visible(text)
    .replace(/:(?=:)/g, ': ')
    .replace(/#(?=#)/g, '# ');
}
