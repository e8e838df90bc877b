/** Hands out names that are unique in one ONNX graph: the wanted name, then `name_1`, `name_2`, ... */
export class Names {
  readonly #taken = new Set<string>();
  readonly #next = new Map<string, number>();

  take(wanted: string): string {
    if (!this.#taken.has(wanted)) {
      this.#taken.add(wanted);
      return wanted;
    }
    for (let k = this.#next.get(wanted) ?? 1; ; k++) {
      const name = `${wanted}_${k}`;
      if (this.#taken.has(name)) continue;
      this.#taken.add(name);
      this.#next.set(wanted, k + 1);
      return name;
    }
  }
}
