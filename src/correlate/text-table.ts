/** Texts that partials refer to by number, each kept once. */
export class TextTable {
  readonly #numbers: Map<string, number>;
  readonly #texts: string[];

  constructor(texts: readonly string[] = []) {
    this.#texts = [...texts];
    this.#numbers = new Map(texts.map((text, number) => [text, number]));
  }

  pack(): readonly string[] {
    return this.#texts;
  }

  get size(): number {
    return this.#texts.length;
  }

  add(text: string): number {
    let number = this.#numbers.get(text);
    if (number === undefined) {
      number = this.#texts.length;
      this.#texts.push(text);
      this.#numbers.set(text, number);
    }
    return number;
  }

  text(number: number): string {
    return this.#texts[number]!;
  }

  isBefore(a: number, b: number): boolean {
    return this.#texts[a]! < this.#texts[b]!;
  }
}
