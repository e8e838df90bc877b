import type { Expr } from '../1-syntax/ast.js';
import type { Shape } from '../ops/types.js';

/** A place counted from the start or from the end, whichever is right for any number of axes that a `*B` stands for. */
type Place = { readonly from: 'start' | 'end'; readonly offset: number };

/**
 * The axes that dimension names mean in a body. Where the body is checked on its own, every size has its own name, so that the name finds its axis; the
 * place is remembered for the uses, in which two sizes may be equal.
 */
export class NamedAxes {
  readonly #known: NamedAxes | undefined;
  /** `varies` where the same expression met tensors with the name at different places. */
  readonly #places = new Map<Expr, Place | 'varies'>();

  /** `known`: what was found where the declaration was checked on its own. */
  constructor(known?: NamedAxes) {
    this.#known = known;
  }

  /** The axis of a tensor of this rank that was found before; `undefined` if it has to be found by its size. */
  find(expr: Expr, rank: number): number | undefined {
    if (this.#known === undefined) return undefined;
    const place = this.#known.#places.get(expr);
    if (place === undefined || place === 'varies') return undefined;
    return place.from === 'start' ? place.offset : rank - place.offset;
  }

  /** Remembers that `expr` means axis `at` of a tensor of this shape; `rests` are the axes that every `*B` stands for. */
  remember(expr: Expr, at: number, shape: Shape, rests: Iterable<Shape | 'unknown'>): void {
    const names = new Set([...rests].flatMap((axes) => (axes === 'unknown' ? [] : axes.flatMap((d) => [...d.variables()]))));
    const open = shape.flatMap((d, i) => ([...d.variables()].some((name) => names.has(name)) ? [i] : []));
    const leads = open.some((i) => i < at);
    const follows = open.some((i) => i > at);
    const place: Place = leads ? { from: 'end', offset: shape.length - at } : { from: 'start', offset: at };
    const before = this.#places.get(expr);
    const same = before === undefined || (before !== 'varies' && before.from === place.from && before.offset === place.offset);
    this.#places.set(expr, same && !(leads && follows) ? place : 'varies');
  }

  /** The expressions that were met so far. */
  seen(): ReadonlySet<Expr> {
    return new Set(this.#places.keys());
  }

  /** Takes no place for certain that is new among `seen`: what the first pass of a loop met need not be what the others meet. */
  distrust(seen: Iterable<Expr>): void {
    for (const expr of seen) if (!this.#places.has(expr)) this.#places.set(expr, 'varies');
  }

  /** Gives a function that forgets what is remembered from here on. */
  mark(): () => void {
    const places = [...this.#places];
    return () => {
      this.#places.clear();
      for (const [expr, place] of places) this.#places.set(expr, place);
    };
  }
}
