const KEYWORDS = new Set([
  'and',
  'or',
  'unless',
  'offset',
  'bool',
  'by',
  'without',
  'on',
  'ignoring',
]);

/** The metrics that an expression asks for, each once. */
export function metricsOf(expr: string): string[] {
  const bare = expr
    .replace(/"[^"]*"/g, '')
    .replace(/\{[^}]*\}|\[[^\]]*\]/g, ' ')
    .replace(/\b(by|without|on|ignoring|group_left|group_right)\s*\([^)]*\)/g, ' ');
  const names = [...bare.matchAll(/(?<![\w:.$])[a-z_:][\w:]*(?!\s*\(|[\w:])/gi)].map(
    ([name]) => name,
  );
  return [...new Set(names)].filter((name) => !KEYWORDS.has(name));
}

/** Grafana's variables replaced by what they stand for on an open page. */
export function filledIn(expr: string): string {
  return expr
    .replaceAll('$__rate_interval', '5m')
    .replaceAll('$__range', '6h')
    .replaceAll('$job', 'scan-login');
}
