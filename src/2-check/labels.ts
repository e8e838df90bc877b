import type { Span } from '../diagnostics/span.js';

/** The label of a layer that was given none; it is settled when the body ends, and is what its kind suggests until then. */
export interface InventedLabel {
  readonly kind: 'label';
  /** What the kind suggests. */
  readonly stem: string;
  readonly label: string;
}

/** A name that is written in a scope. */
export interface Claim {
  readonly what: 'label' | 'parameter';
  readonly span: Span;
  /** The use without a level that brought it into this scope, if it is written in another body. */
  readonly through?: Span;
}

/** The names that a body uses in its scope, which are those of another scope where it is used without a level. */
export interface ScopeNames {
  readonly written: ReadonlyMap<string, Claim>;
  readonly invented: readonly InventedLabel[];
}

/** The labels and parameters of one scope, and the names given to layers without a label. */
export class Labels {
  #used = new Map<string, Claim>();
  #invented: { readonly kind: 'label'; readonly stem: string; label: string }[] = [];
  #settled: readonly InventedLabel[] = [];

  /** How `name` was used before in this scope; else remembers this use. What is not known while sizes are variables has a `?` in it, and meets nothing. */
  claim(name: string, claim: Claim): Claim | undefined {
    if (name.includes('?')) return undefined;
    const before = this.#used.get(name);
    if (before === undefined) this.#used.set(name, claim);
    return before;
  }

  /** A label for a layer that was given none: `conv2d`, then `conv2d_1`, ... Labels that are written, also further down, go first. */
  invent(stem: string): InventedLabel {
    const scope = { kind: 'label' as const, stem, label: stem };
    this.#invented.push(scope);
    return scope;
  }

  /** Takes back names that were claimed and labels that were invented. */
  release(names: readonly string[], invented: readonly InventedLabel[]): void {
    for (const name of names) this.#used.delete(name);
    if (invented.length > 0) this.#invented = this.#invented.filter((scope) => !invented.includes(scope));
  }

  /** All names, once the body has ended. */
  get names(): ScopeNames {
    return { written: this.#used, invented: this.#settled };
  }

  /** Numbers the invented labels, in the order of the uses, around all those that were written. To be called when the body ends. */
  settle(): void {
    const taken = new Set<string>();
    for (const label of this.#used.keys()) {
      // `linear.proj` takes `linear`, too: what stands in it must not meet others.
      for (let dot = label.indexOf('.'); dot >= 0; dot = label.indexOf('.', dot + 1)) taken.add(label.slice(0, dot));
      taken.add(label);
    }
    const next = new Map<string, number>();
    for (const scope of this.#invented) {
      const { stem } = scope;
      let k = next.get(stem) ?? 0;
      const numbered = () => (k === 0 ? stem : `${stem}_${k}`);
      while (taken.has(numbered())) k++;
      scope.label = numbered();
      taken.add(scope.label);
      next.set(stem, k + 1);
    }
    this.#settled = this.#invented;
    this.#invented = [];
  }

  /** Gives a function that takes back what is claimed and invented from here on. */
  mark(): () => void {
    const used = this.snapshot();
    const invented = [...this.#invented];
    return () => {
      this.#used = new Map(used);
      this.#invented = [...invented];
    };
  }

  /** To check the other branch of an open condition, which may use the same labels. */
  snapshot(): ReadonlyMap<string, Claim> {
    return new Map(this.#used);
  }

  restore(snapshot: ReadonlyMap<string, Claim>): void {
    this.#used = new Map(snapshot);
    this.#invented = [];
  }

  merge(other: ReadonlyMap<string, Claim>): void {
    for (const [name, claim] of other) if (!this.#used.has(name)) this.#used.set(name, claim);
  }
}

/**
 * The words of a name, joined by `_`: `LayerNorm` -> `layer_norm`, `RMSNorm` -> `rms_norm`, `BatchNorm2d` -> `batch_norm2d`, `PReLU` -> `prelu`.
 * A word is a capital with at least two lower-case letters behind it; what stands between words, such as the pieces `P`, `Re`, `L` and `U`, is one acronym.
 */
export function snakeCase(name: string): string {
  const words: string[] = [];
  let inAcronym = false;
  for (const piece of name.match(/[A-Z]?[a-z0-9]*|_/g) ?? []) {
    if (piece === '' || piece === '_') {
      inAcronym &&= piece === '';
      continue;
    }
    const isWord = piece.replace(/\d/g, '').length >= 3 || /^[a-z]/.test(piece);
    if (inAcronym && !isWord) words.push((words.pop() ?? '') + piece);
    else words.push(piece);
    inAcronym = !isWord;
  }
  return words.join('_').toLowerCase();
}
