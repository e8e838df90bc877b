/** A model whose gradient needs more than the rules of its operators. */
export interface Composition {
  readonly name: string;
  readonly source: string;
  readonly sizes: readonly Readonly<Record<string, number>>[];
}

/** Sizes of a model that has no open ones. */
export const fixedSizes: Composition['sizes'] = [{}];
