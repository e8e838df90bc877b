const empty: ReadonlyMap<never, never> = new Map<never, never>();

/** A map whose content can be kept for later, which costs nothing: it is copied by the next change. An empty one costs little. */
export class SnapshotMap<K, V> implements ReadonlyMap<K, V> {
  #content: ReadonlyMap<K, V>;
  /** Whether someone else has the content, which must stay as it is. */
  #isKept = true;

  /** Begins with the content of a map that does not change. */
  constructor(content: ReadonlyMap<K, V> = empty) {
    this.#content = content;
  }

  get size(): number {
    return this.#content.size;
  }

  get(key: K): V | undefined {
    return this.#content.get(key);
  }

  has(key: K): boolean {
    return this.#content.has(key);
  }

  keys(): MapIterator<K> {
    return this.#content.keys();
  }

  values(): MapIterator<V> {
    return this.#content.values();
  }

  entries(): MapIterator<[K, V]> {
    return this.#content.entries();
  }

  [Symbol.iterator](): MapIterator<[K, V]> {
    return this.#content[Symbol.iterator]();
  }

  forEach(visit: (value: V, key: K, map: ReadonlyMap<K, V>) => void): void {
    this.#content.forEach(visit);
  }

  set(key: K, value: V): void {
    this.#own().set(key, value);
  }

  delete(key: K): void {
    if (this.#content.has(key)) this.#own().delete(key);
  }

  /** What it holds now, and still holds when the map has changed. */
  snapshot(): ReadonlyMap<K, V> {
    this.#isKept = true;
    return this.#content;
  }

  restore(snapshot: ReadonlyMap<K, V>): void {
    this.#isKept = true;
    this.#content = snapshot;
  }

  #own(): Map<K, V> {
    if (this.#isKept) {
      this.#content = new Map(this.#content);
      this.#isKept = false;
    }
    return this.#content as Map<K, V>;
  }
}
