import type { Span } from '../diagnostics/span.js';

/** The labels used in one scope, and the names given to layers without one. */
export class Labels {
  #used: Map<string, Span>;
  /** The number from which on names of a kind may be free; those below are taken. */
  readonly #next = new Map<string, number>();

  constructor(used: ReadonlyMap<string, Span> = new Map()) {
    this.#used = new Map(used);
  }

  /** Where `label` was used before in this scope; else remembers this use. */
  claim(label: string, span: Span): Span | undefined {
    const before = this.#used.get(label);
    if (before === undefined) this.#used.set(label, span);
    return before;
  }

  /** `conv2d`, then `conv2d_1`, ...: the name of a layer that was given none. */
  invent(kind: string, span: Span): string {
    const stem = snakeCase(kind);
    for (let k = this.#next.get(stem) ?? 0; ; k++) {
      const label = k === 0 ? stem : `${stem}_${k}`;
      if (this.#used.has(label)) continue;
      this.#used.set(label, span);
      this.#next.set(stem, k + 1);
      return label;
    }
  }

  /** To check the other branch of an open condition, which may use the same labels. */
  snapshot(): ReadonlyMap<string, Span> {
    return new Map(this.#used);
  }

  restore(snapshot: ReadonlyMap<string, Span>): void {
    this.#used = new Map(snapshot);
    this.#next.clear();
  }

  merge(other: ReadonlyMap<string, Span>): void {
    for (const [label, span] of other) if (!this.#used.has(label)) this.#used.set(label, span);
  }
}

/** `TransformerEncoderLayer` -> `transformer_encoder_layer`, `LSTM` -> `lstm`, `Conv2d` -> `conv2d`, `BatchNorm2d` -> `batch_norm2d`. */
export function snakeCase(name: string): string {
  return name
    .replace(/([a-z0-9])([A-Z])/g, '$1_$2')
    .replace(/([A-Z]+)([A-Z][a-z])/g, '$1_$2')
    .toLowerCase();
}
