/** Work that waits until nothing has asked for it for a while. */
export class Pauses {
  readonly #milliseconds: number;
  readonly #timers = new Map<string, ReturnType<typeof setTimeout>>();

  constructor(milliseconds: number) {
    this.#milliseconds = milliseconds;
  }

  /** Does the work after the pause, instead of what was asked for before under the same name. */
  soon(name: string, work: () => void): void {
    clearTimeout(this.#timers.get(name));
    this.#timers.set(name, setTimeout(work, this.#milliseconds));
  }
}
