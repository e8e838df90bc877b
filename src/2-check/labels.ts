import type { Span } from '../diagnostics/span.js';
import type { Context } from './context.js';

/** The label of a layer that was given none; it is settled when the body ends, and is what its kind suggests until then. */
export interface InventedLabel {
  readonly kind: 'label';
  readonly label: string;
}

/** The labels used in one scope, and the names given to layers without one. */
export class Labels {
  #used: Map<string, Span>;
  #invented: { kind: 'label'; label: string }[] = [];

  constructor(used: ReadonlyMap<string, Span> = new Map()) {
    this.#used = new Map(used);
  }

  /** Where `label` was used before in this scope; else remembers this use. */
  claim(label: string, span: Span): Span | undefined {
    const before = this.#used.get(label);
    if (before === undefined) this.#used.set(label, span);
    return before;
  }

  /** The label of a layer that was given none: `conv2d`, then `conv2d_1`, ... Labels that are written, also further down, go first. */
  invent(kind: string): InventedLabel {
    const scope = { kind: 'label' as const, label: snakeCase(kind) };
    this.#invented.push(scope);
    return scope;
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
      const stem = scope.label;
      let k = next.get(stem) ?? 0;
      const numbered = () => (k === 0 ? stem : `${stem}_${k}`);
      while (taken.has(numbered())) k++;
      scope.label = numbered();
      taken.add(scope.label);
      next.set(stem, k + 1);
    }
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
  snapshot(): ReadonlyMap<string, Span> {
    return new Map(this.#used);
  }

  restore(snapshot: ReadonlyMap<string, Span>): void {
    this.#used = new Map(snapshot);
    this.#invented = [];
  }

  merge(other: ReadonlyMap<string, Span>): void {
    for (const [label, span] of other) if (!this.#used.has(label)) this.#used.set(label, span);
  }
}

/** Reports a label that was used at `before`; where that is the same place, a loop comes there again. */
export function reportDuplicate(cx: Context, label: string, layer: string, span: Span, before: Span): void {
  const isLoop = before.file === span.file && before.start === span.start;
  const help = `each time around the loop uses it: write \`${label}[i]: ${layer}(...)\`, or bind the layer to a name before the loop to use the same weights`;
  cx.error('duplicate-label', span, { label, layer }, isLoop ? { help } : { notes: [{ span: before, text: 'first used here' }] });
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
