import type { Comment, File } from '../ast.js';
import { type Doc, hardLine } from './doc.js';

/** Returns the comments of a file in order, each once. */
export class Comments {
  readonly #text: string;
  readonly #all: readonly Comment[];
  #taken: boolean[];

  constructor(file: File) {
    this.#text = file.text;
    this.#all = file.comments;
    this.#taken = file.comments.map(() => false);
  }

  /** Takes the remaining comments between two offsets. */
  take(from: number, to: number, wanted: (c: Comment) => boolean = () => true): Comment[] {
    const found: Comment[] = [];
    for (let i = this.#firstFrom(from); i < this.#all.length; i++) {
      const comment = this.#all[i];
      if (comment === undefined || comment.span.start >= to) break;
      if (this.#taken[i] === true || !wanted(comment)) continue;
      this.#taken[i] = true;
      found.push(comment);
    }
    return found;
  }

  /** Whether any comments remain between two offsets. */
  has(from: number, to: number): boolean {
    for (let i = this.#firstFrom(from); i < this.#all.length; i++) {
      if ((this.#all[i]?.span.start ?? to) >= to) return false;
      if (this.#taken[i] === false) return true;
    }
    return false;
  }

  /** Takes the comment that follows code on the line of `offset`. */
  takeTrailing(offset: number): Doc {
    const i = this.#firstFrom(offset);
    const comment = this.#all[i];
    if (comment === undefined || this.#taken[i] === true || comment.ownLine) return '';
    if (/[\r\n]/.test(this.#text.slice(offset, comment.span.start))) return '';
    this.#taken[i] = true;
    return trailing(comment);
  }

  #firstFrom(offset: number): number {
    let low = 0;
    let high = this.#all.length;
    while (low < high) {
      const middle = (low + high) >> 1;
      if ((this.#all[middle]?.span.start ?? 0) < offset) low = middle + 1;
      else high = middle;
    }
    return low;
  }
}

/** A comment after code. */
export function trailing(comment: Comment): Doc {
  return { kind: 'suffix', mark: { kind: 'mark', before: '#', offset: comment.span.start }, text: comment.text };
}

/**
 * Comments on lines of their own, above what follows. A `##` that documents nothing becomes `#`, so that it does not turn into the documentation of what is now
 * below it.
 */
export function above(comments: readonly Comment[]): Doc {
  return comments.map((comment) => [comment.text.replace(/^##+/, '#'), hardLine]);
}
