/**
 * How PyTorch takes the arguments of something that archc has, in PyTorch's order: `eps` is called so here as well, `out_features = out` is `out`
 * here, `in_features ~` is inferred from the input, `inplace -` means nothing here, and `norm_layer !` has no counterpart. What PyTorch takes behind
 * the last one has none either.
 */
export interface Foreign {
  readonly params: readonly string[];
  /** What it is called here, if the name is another. */
  readonly here?: string;
  /** Arguments to add where PyTorch's default is another one. */
  readonly adds?: Readonly<Record<string, string>>;
  /** What is different however it is called. */
  readonly note?: string;
  /** What to write for arguments that have no counterpart. */
  readonly otherwise?: string;
}

export interface Counterpart {
  readonly name: string;
  readonly here: string;
  readonly role: 'given' | 'inferred' | 'ignored' | 'none';
}

/** An entry of such a table, taken apart. */
export function counterpart(text: string): Counterpart {
  const [name = '', mark, , rest] = /^(\w+)(?: ([~!=-]))?( (\w+))?$/.exec(text)?.slice(1) ?? [];
  const role = mark === '~' ? 'inferred' : mark === '-' ? 'ignored' : mark === '!' ? 'none' : 'given';
  return { name, here: rest ?? name, role };
}
