import process from 'node:process';

const codes = { SIGINT: 130, SIGTERM: 143 } as const;

/** Ctrl-C, and the signal that asks a process to end. The first one is noted; a second one ends the process at once. */
export class Interruption {
  #signal: keyof typeof codes | undefined;
  readonly #onFirst: () => void;

  /** `onFirst` is called when the first one comes. */
  constructor(onFirst: () => void) {
    this.#onFirst = onFirst;
    for (const signal of signals) process.on(signal, this.#note);
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
    for (const signal of signals) process.off(signal, this.#note);
  }

  readonly #note = (signal: NodeJS.Signals): void => {
    const known = signals.find((other) => other === signal) ?? 'SIGINT';
    if (this.#signal !== undefined) process.exit(codes[known]);
    this.#signal = known;
    this.#onFirst();
  };
}

const signals = ['SIGINT', 'SIGTERM'] as const;
