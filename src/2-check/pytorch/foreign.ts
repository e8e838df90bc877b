/**
 * How PyTorch takes the arguments of something that archc has, in PyTorch's order: `eps` has the same name here, `out_features = out` is
 * `out` here, `in_features ~` is inferred from the input, `inplace -` means nothing here, and `norm_layer !` has no counterpart. Nor do any
 * arguments after the last one.
 */
export interface Foreign {
  readonly params: readonly string[];
  /** Its name here, if it differs. */
  readonly here?: string;
  /** Arguments to add where PyTorch's default differs. */
  readonly adds?: Readonly<Record<string, string>>;
  /** What differs apart from the names. */
  readonly note?: string;
  /** What to write for named arguments that its schema does not list. */
  readonly without?: Readonly<Record<string, string>>;
  /** What to write for arguments that have no counterpart. */
  readonly otherwise?: string;
}

export interface Counterpart {
  readonly name: string;
  readonly here: string;
  readonly role: 'given' | 'inferred' | 'ignored' | 'none';
}

/** A parsed entry of such a table. */
export function counterpart(text: string): Counterpart {
  const [name = '', mark, , rest] = /^(\w+)(?: ([~!=-]))?( (\w+))?$/.exec(text)?.slice(1) ?? [];
  const role = mark === '~' ? 'inferred' : mark === '-' ? 'ignored' : mark === '!' ? 'none' : 'given';
  return { name, here: rest ?? name, role };
}
