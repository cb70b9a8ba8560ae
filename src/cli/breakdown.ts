/** Reading cannot go on, though neither the user nor the program did anything wrong. */
export class Breakdown extends Error {
  override readonly name = 'Breakdown';
  readonly hint: string;

  constructor(message: string, hint: string) {
    super(message);
    this.hint = hint;
  }
}
