/** Something about the whole input that a person should know, such as a constant OAuth state. */
export interface Finding {
  readonly kind: string;
  readonly severity: 'info' | 'warning' | 'critical';
  /** What it is about, free of ids in clear: a namespace, a field, a rule name. */
  readonly subject: string;
  readonly count: number;
}
