/** The wrappers around a record from the outside in; the same for as long as lines repeat them. */
export class Wrapping {
  /** Forms, each with a slash behind. */
  readonly forms: string;
  /** Lines of one stream run on into each other; empty for a line without a wrapper. */
  readonly stream: string;
  readonly count: number;
  /** What was asked for last: of the next lines, most ask the same. */
  #form = '';
  #label = '';
  #wrapper = '';
  #innerStream = '';
  #inner: Wrapping | undefined;

  /** Without arguments, it stands for no wrapper. */
  constructor(forms = '', stream = '', count = 0) {
    this.forms = forms;
    this.stream = stream;
    this.count = count;
  }

  /** What a row of the form is called in these wrappers. */
  label(form: string): string {
    if (form !== this.#form) {
      this.#form = form;
      this.#label = `${this.forms}${form}`;
    }
    return this.#label;
  }

  /** With one more wrapper, whose streams are told apart by a name of their own. */
  around(wrapper: string, stream: string): Wrapping {
    if (this.#inner === undefined || wrapper !== this.#wrapper || stream !== this.#innerStream) {
      this.#wrapper = wrapper;
      this.#innerStream = stream;
      this.#inner = new Wrapping(
        `${this.forms}${wrapper}/`,
        `${this.stream}${stream}\n`,
        this.count + 1,
      );
    }
    return this.#inner;
  }
}
