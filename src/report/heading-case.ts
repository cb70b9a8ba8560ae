/** `FAILURES BY CAUSE` as `Failures by cause`; names in code stay as they are. */
export function headingCase(text: string): string {
  const words = text.replace(/^[A-Z][A-Z ]+(?![a-z])/, (capitals) => capitals.toLowerCase());
  return words[0].toUpperCase() + words.slice(1);
}
