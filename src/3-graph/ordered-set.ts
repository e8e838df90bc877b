interface Link<T> {
  readonly item: T;
  previous: Link<T> | undefined;
  next: Link<T> | undefined;
}

/**
 * Distinct items in an order that can be edited anywhere in constant time. During a walk, the current item may be deleted, and items may be inserted before it,
 * which are not visited.
 */
export class OrderedSet<T extends object> {
  readonly #links = new Map<T, Link<T>>();
  #first: Link<T> | undefined;
  #last: Link<T> | undefined;

  get size(): number {
    return this.#links.size;
  }

  get last(): T | undefined {
    return this.#last?.item;
  }

  has(item: T): boolean {
    return this.#links.has(item);
  }

  /** Adds an item before `place`, or at the end. Throws a `RangeError` if the item is already there, or `place` is not. */
  insert(item: T, place?: T): void {
    if (this.#links.has(item)) throw new RangeError('the item is already in the set');
    const next = place === undefined ? undefined : this.#linkOf(place);
    const previous = next === undefined ? this.#last : next.previous;
    const link: Link<T> = { item, previous, next };
    this.#links.set(item, link);
    if (previous === undefined) this.#first = link;
    else previous.next = link;
    if (next === undefined) this.#last = link;
    else next.previous = link;
  }

  /** Throws a `RangeError` if the item is not there. */
  delete(item: T): void {
    const { previous, next } = this.#linkOf(item);
    this.#links.delete(item);
    if (previous === undefined) this.#first = next;
    else previous.next = next;
    if (next === undefined) this.#last = previous;
    else next.previous = previous;
  }

  *[Symbol.iterator](): Generator<T, void, undefined> {
    for (let link = this.#first; link !== undefined; link = link.next) yield link.item;
  }

  /** From the last item to the first. */
  *reversed(): Generator<T, void, undefined> {
    for (let link = this.#last; link !== undefined; link = link.previous) yield link.item;
  }

  #linkOf(item: T): Link<T> {
    const link = this.#links.get(item);
    if (link === undefined) throw new RangeError('the item is not in the set');
    return link;
  }
}
