import type { Span } from '../../diagnostics/span.js';
import { SnapshotMap } from '../../snapshot-map.js';

/** The label of a layer that has no explicit one. It is derived from the kind, and becomes final when the body ends. */
export interface InventedLabel {
  readonly kind: 'label';
  /** The label derived from the kind. */
  readonly stem: string;
  readonly label: string;
}

/** An explicit name in a scope. */
export interface Claim {
  readonly what: 'label' | 'parameter';
  readonly span: Span;
  /** The use without a level that brought it into this scope, if it is written in another body. */
  readonly through?: Span;
}

/** The names that a body uses in its scope; if the body is used without a level, they belong to another scope. */
export interface ScopeNames {
  readonly written: ReadonlyMap<string, Claim>;
  readonly invented: readonly InventedLabel[];
}

/** The labels and parameters of one scope, and the names given to layers without a label. */
export class Labels {
  readonly #used = new SnapshotMap<string, Claim>();
  #invented: { readonly kind: 'label'; readonly stem: string; label: string }[] = [];
  #settled: readonly InventedLabel[] = [];

  /**
   * The previous use of `name` in this scope; otherwise records this use. Names that are not known while sizes are variables contain a `?`
   * and never collide.
   */
  claim(name: string, claim: Claim): Claim | undefined {
    if (name.includes('?')) return undefined;
    const before = this.#used.get(name);
    if (before === undefined) this.#used.set(name, claim);
    return before;
  }

  /** A label for a layer that has no explicit one: `conv2d`, then `conv2d_1`, ... Explicit labels take precedence, even those further down. */
  invent(stem: string): InventedLabel {
    const scope = { kind: 'label' as const, stem, label: stem };
    this.#invented.push(scope);
    return scope;
  }

  /** Releases names that were claimed and labels that were generated. */
  release(names: readonly string[], invented: readonly InventedLabel[]): void {
    for (const name of names) this.#used.delete(name);
    if (invented.length > 0) this.#invented = this.#invented.filter((scope) => !invented.includes(scope));
  }

  /** All names, once the body has ended. */
  get names(): ScopeNames {
    return { written: this.#used, invented: this.#settled };
  }

  /** The labels of a scope that has the names of this one, too, and may have more. */
  extended(): Labels {
    const labels = new Labels();
    labels.#used.restore(this.#used.snapshot());
    return labels;
  }

  /** Numbers the generated labels, in the order of the uses, around all explicit ones. Must be called when a body ends that uses the scope. */
  settle(): void {
    if (this.#invented.length === 0) return;
    const taken = new Set<string>(this.#settled.map(({ label }) => label));
    for (const label of this.#used.keys()) {
      // `linear.proj` also takes `linear`: names inside it must not collide with others.
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
    this.#settled = [...this.#settled, ...this.#invented];
    this.#invented = [];
  }

  /** Returns a function that releases what is claimed and generated from here on. */
  mark(): () => void {
    const used = this.#used.snapshot();
    const invented = this.#invented;
    const { length } = invented;
    return () => {
      this.#used.restore(used);
      this.#invented = invented;
      invented.length = length;
    };
  }

  /** For checking the other branch of an open condition, which may use the same labels. */
  snapshot(): ReadonlyMap<string, Claim> {
    return this.#used.snapshot();
  }

  restore(snapshot: ReadonlyMap<string, Claim>): void {
    this.#used.restore(snapshot);
    this.#invented = [];
  }

  merge(other: ReadonlyMap<string, Claim>): void {
    for (const [name, claim] of other) if (!this.#used.has(name)) this.#used.set(name, claim);
  }
}

/**
 * The words of a name, joined by `_`: `LayerNorm` -> `layer_norm`, `RMSNorm` -> `rms_norm`, `BatchNorm2d` -> `batch_norm2d`, `PReLU` ->
 * `prelu`. A word is a capital followed by at least two lower-case letters; what lies between words, such as the pieces `P`, `Re`, `L` and
 * `U`, is one acronym.
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

/** Where the names of a body go that is used without a level of its own: after the label `_`, or as a function. */
export interface JoinedScope {
  readonly labels: Labels;
  /** The names of its generated labels there. */
  readonly renames: Map<string, InventedLabel>;
  /** The explicit names that were claimed there. */
  readonly claimed: Set<string>;
}

export function joinedScope(labels: Labels): JoinedScope {
  return { labels, renames: new Map(), claimed: new Set() };
}
