/** A text as a YAML scalar in quotes, on one line, whatever it holds. */
export function yamlText(text: string): string {
  // Double quotes where escapes are needed; JSON's are YAML's.
  return /[\x00-\x1f\x7f-\x9f\u2028\u2029\ufeff\ud800-\udfff]/.test(text)
    ? JSON.stringify(text)
    : `'${text.replaceAll("'", "''")}'`;
}

/** A flat map in one line. */
export function yamlMap(entries: Readonly<Record<string, string | number>>): string {
  const parts = Object.entries(entries).map(([key, value]) => {
    const name = /^[A-Za-z_][\w.]*$/.test(key) ? key : yamlText(key);
    return `${name}: ${typeof value === 'number' ? value : yamlText(value)}`;
  });
  return `{${parts.join(', ')}}`;
}
