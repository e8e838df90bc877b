import { plainSpan, type Span } from './span.js';

/**
 * Where a declaration begins. The spans in its tree are relative to it, so that a change above the declaration moves all of them at once and nothing that is
 * known about the declaration has to be computed again.
 */
export class Anchor {
  static #count = 0;
  readonly file: string;
  /** Tells two declarations apart, wherever they are. */
  readonly id = Anchor.#count++;
  offset: number;

  constructor(file: string, offset: number) {
    this.file = file;
    this.offset = offset;
  }

  span(start: number, end: number): Span {
    return new AnchoredSpan(this, start - this.offset, end - this.offset);
  }
}

class AnchoredSpan implements Span {
  readonly anchor: Anchor;
  readonly from: number;
  readonly to: number;

  constructor(anchor: Anchor, from: number, to: number) {
    this.anchor = anchor;
    this.from = from;
    this.to = to;
  }

  get file(): string {
    return this.anchor.file;
  }

  get start(): number {
    return this.anchor.offset + this.from;
  }

  get end(): number {
    return this.anchor.offset + this.to;
  }

  toJSON(): Span {
    return plainSpan(this);
  }
}

/** The anchor of a span in the tree of a declaration; undefined for other spans. */
export function anchorOf(span: Span): Anchor | undefined {
  return span instanceof AnchoredSpan ? span.anchor : undefined;
}

/** The span from `start` to `end` in the file of another span. In the tree of a declaration, it moves with the declaration. */
export function spanBeside(span: Span, start: number, end: number): Span {
  return anchorOf(span)?.span(start, end) ?? { file: span.file, start, end };
}

/** Equal for equal places in one version of the text, and unchanged where text above the declaration changes. */
export function placeKey(span: Span): string {
  return span instanceof AnchoredSpan ? `${span.anchor.id}:${span.from}-${span.to}` : `${span.file}:${span.start}-${span.end}`;
}
