/** Milliseconds without an edit after which there is time for longer work. */
const pause = 300;

/** Runs longer work in small pieces while the user does not type. */
export class Pauses {
  readonly #next: () => boolean;
  #timer: ReturnType<typeof setTimeout> | undefined;

  /** `next` does one piece of the work, and says whether there is more. */
  constructor(next: () => boolean) {
    this.#next = next;
  }

  /** Something was edited: the work begins after a pause. */
  restart(): void {
    clearTimeout(this.#timer);
    this.#timer = setTimeout(() => this.#run(), pause);
  }

  stop(): void {
    clearTimeout(this.#timer);
  }

  /** Between two pieces, requests are answered. */
  #run(): void {
    if (this.#next()) this.#timer = setTimeout(() => this.#run(), 0);
  }
}
