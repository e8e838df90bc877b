import process from 'node:process';

const codes = { SIGINT: 130, SIGTERM: 143 } as const;

type Signal = keyof typeof codes;

const signals: readonly Signal[] = ['SIGINT', 'SIGTERM'];

/** Ctrl-C, and the signal that asks a process to end. They end the process at once, until `defer` is called; then the first one is noted, and the second one ends the process. */
export class Interruption {
  #signal: Signal | undefined;
  #onFirst: (() => void) | undefined;

  constructor() {
    for (const signal of signals) process.on(signal, this.#take);
  }

  /** From now on, there is something to save: the first signal calls `onFirst` and sets `isRequested`. */
  defer(onFirst: () => void): void {
    this.#onFirst ??= onFirst;
  }

  get isRequested(): boolean {
    return this.#signal !== undefined;
  }

  /** The exit code of a process that was interrupted so. */
  get exitCode(): number {
    return codes[this.#signal ?? 'SIGINT'];
  }

  /** Signals have their usual effect again. */
  end(): void {
    for (const signal of signals) process.off(signal, this.#take);
  }

  readonly #take = (signal: NodeJS.Signals): void => {
    const known = signals.find((other) => other === signal) ?? 'SIGINT';
    if (this.#signal !== undefined || this.#onFirst === undefined) process.exit(codes[known]);
    this.#signal = known;
    this.#onFirst();
  };
}
