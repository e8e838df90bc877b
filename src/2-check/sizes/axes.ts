import type { Expr } from '../../1-syntax/ast.js';
import type { Shape } from '../../ops/types.js';
import { SnapshotMap } from '../../snapshot-map.js';

/** A position counted from the start or from the end, whichever is right for any number of axes in `*B`. */
type Place = { readonly from: 'start' | 'end'; readonly offset: number };

/**
 * The axes that dimension names mean in a body. When the body is checked on its own, every size has its own name, so a name determines its
 * axis; the position is recorded for the uses, in which two sizes may be equal.
 */
export class NamedAxes {
  readonly #known: NamedAxes | undefined;
  /** `varies` if the same expression was applied to tensors with the name at different positions. */
  readonly #places = new SnapshotMap<Expr, Place | 'varies'>();

  /** `known`: what was found when the declaration was checked on its own. */
  constructor(known?: NamedAxes) {
    this.#known = known;
  }

  /** The recorded axis of a tensor of this rank; `undefined` if it must be found by its size. */
  find(expr: Expr, rank: number): number | undefined {
    if (this.#known === undefined) return undefined;
    const place = this.#known.#places.get(expr);
    if (place === undefined || place === 'varies') return undefined;
    return place.from === 'start' ? place.offset : rank - place.offset;
  }

  /** Records that `expr` means axis `at` of a tensor of this shape; `rests` are the axes of each `*B`. */
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

  /** The expressions recorded so far. */
  seen(): ReadonlySet<Expr> {
    return new Set(this.#places.keys());
  }

  /** Marks the expressions of `seen` that are not recorded yet as varying: the first pass of a loop may differ from the others. */
  distrust(seen: Iterable<Expr>): void {
    for (const expr of seen) if (!this.#places.has(expr)) this.#places.set(expr, 'varies');
  }

  /** Returns a function that discards what is recorded from here on. */
  mark(): () => void {
    const places = this.#places.snapshot();
    return () => this.#places.restore(places);
  }
}
