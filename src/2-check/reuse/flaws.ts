import { type Anchor, anchorOf } from '../../diagnostics/anchor.js';
import type { Diagnostic } from '../../diagnostics/diagnostic.js';
import type { Span } from '../../diagnostics/span.js';

/**
 * The declarations, by their anchors, about which something was reported, or that use something whose mistake was reported elsewhere. A check of the next
 * text checks them again, even if nothing has changed; what is known about the others holds as long as nothing changes that they depend on.
 */
export class Flaws {
  #reported = new Set<Anchor>();
  #using = new Set<Anchor>();
  #unit: Anchor | undefined;

  /** Checks a part of the declaration at `span`: what is found meanwhile concerns it. */
  within<T>(span: Span, work: () => T): T {
    const outer = this.#unit;
    this.#unit = anchorOf(span);
    try {
      return work();
    } finally {
      this.#unit = outer;
    }
  }

  /** The declaration that is being checked uses something with a mistake that is not reported again. Returns how to take the note back. */
  noteUse(): () => void {
    const unit = this.#unit;
    if (unit === undefined || this.#using.has(unit)) return () => {};
    this.#using.add(unit);
    return () => this.#using.delete(unit);
  }

  /** Something was reported: it concerns the declaration that is being checked, and each that it points to. */
  noteReport({ span, notes }: Diagnostic): void {
    const places = [span, ...notes.map((note) => note.span)].map(anchorOf);
    for (const anchor of [this.#unit, ...places]) if (anchor !== undefined) this.#reported.add(anchor);
  }

  has(span: Span): boolean {
    const anchor = anchorOf(span);
    return anchor !== undefined && (this.#reported.has(anchor) || this.#using.has(anchor));
  }

  clear(): void {
    this.#reported = new Set();
    this.#using = new Set();
  }
}
