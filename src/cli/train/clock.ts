import type { StepReport } from './loop.js';

/** How much a step of the newest counts in the mean. */
const newest = 0.1;

/** Measures how fast a training is, and how long it will take. */
export class Clock {
  #last = performance.now();
  #epochBegan = performance.now();
  #secondsPerStep: number | undefined;
  #rowsPerSecond = 0;
  #evaluation = 0;
  #evaluationBegan: number | undefined;

  /** Records a step; returns the time that is left after it, in seconds. */
  step({ epoch, step, steps, rows }: StepReport, epochs: number): { readonly rowsPerSecond: number; readonly secondsLeft: number } {
    const now = performance.now();
    const seconds = Math.max(1e-6, (now - this.#last) / 1000);
    this.#last = now;
    this.#secondsPerStep = this.#secondsPerStep === undefined ? seconds : this.#secondsPerStep * (1 - newest) + seconds * newest;
    const speed = rows / seconds;
    this.#rowsPerSecond = this.#rowsPerSecond === 0 ? speed : this.#rowsPerSecond * (1 - newest) + speed * newest;
    const left = steps - step + (epochs - epoch) * steps;
    return { rowsPerSecond: this.#rowsPerSecond, secondsLeft: left * this.#secondsPerStep + (epochs - epoch + 1) * this.#evaluation };
  }

  evaluating(): void {
    this.#evaluationBegan ??= performance.now();
  }

  /** Notes the end of an epoch; how long it took, in seconds. */
  epoch(): number {
    const now = performance.now();
    const seconds = (now - this.#epochBegan) / 1000;
    if (this.#evaluationBegan !== undefined) this.#evaluation = (now - this.#evaluationBegan) / 1000;
    this.#evaluationBegan = undefined;
    this.#epochBegan = now;
    this.#last = now;
    return seconds;
  }
}
