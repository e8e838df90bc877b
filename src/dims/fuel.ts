/** The work that one decision may do, counted in terms touched and never in time, so that answers are the same on every machine. */
export class Fuel {
  #left: number;

  constructor(steps: number) {
    this.#left = steps;
  }

  /** Uses up `steps`; false once nothing is left. */
  spend(steps: number): boolean {
    this.#left -= steps;
    return this.#left >= 0;
  }
}
