import type { AttrKind } from '../../ops/attrs.js';
import type { DocsPlace } from './markdown.js';

/** What can be called, or made with settings, as editors show it. */
export interface Callable {
  readonly name: string;
  /** The word before its name in a declaration: `layer`, `fn`; undefined for what is built in. */
  readonly keyword?: string | undefined;
  /** A layer has two lists, those of its hyperparameters and of its tensors. */
  readonly lists: readonly (readonly Parameter[])[];
  /** `Tensor[*B, out]` */
  readonly result?: string | undefined;
  /** Markdown. */
  readonly doc?: string | undefined;
  /** An expression that shows how it is used. */
  readonly example?: string | undefined;
  readonly place?: DocsPlace | undefined;
}

/** One thing that a call can be given. */
export interface Parameter {
  readonly name: string;
  /** As a signature shows it: `kernel: ints`, `stride = 1`. */
  readonly text: string;
  readonly isTensor: boolean;
  /** Whether a call must give it. */
  readonly isRequired: boolean;
  /** Whether it may be given by position. */
  readonly byPosition: boolean;
  /** Whether it takes any number of arguments. */
  readonly isVariadic: boolean;
  /** What it accepts, in a word: `ints`, `axis`, `Tensor[*B]`. */
  readonly type?: string | undefined;
  /** Its value if it is left out, as it would be written. */
  readonly fallback?: string | undefined;
  /** Markdown. */
  readonly doc?: string | undefined;
  readonly accepts?: Accepted | undefined;
}

/** What kind of values a parameter accepts, for suggestions. */
export interface Accepted {
  readonly kind: AttrKind | 'fn' | 'layer' | 'list' | 'tuple' | 'any' | 'rate' | 'initializer' | 'pattern';
  /** The strings it accepts. */
  readonly choices?: readonly string[] | undefined;
}

/** A signature as text, and where its parameters are in it. */
export interface SignatureText {
  readonly label: string;
  readonly parameters: readonly { readonly parameter: Parameter; readonly list: number; readonly start: number; readonly end: number }[];
}

/** The signature on one line: `layer Linear(out: int, bias = true)(x: Tensor[*B, In]) -> Tensor[*B, out]`. */
export function signatureText({ keyword, name, lists, result }: Callable): SignatureText {
  let label = keyword === undefined ? name : `${keyword} ${name}`;
  const parameters: SignatureText['parameters'][number][] = [];
  for (const [list, members] of lists.entries()) {
    label += '(';
    for (const [i, parameter] of members.entries()) {
      if (i > 0) label += ', ';
      parameters.push({ parameter, list, start: label.length, end: label.length + parameter.text.length });
      label += parameter.text;
    }
    label += ')';
  }
  return { label: result === undefined ? label : `${label} -> ${result}`, parameters };
}

/** The width beyond which a signature is shown with one parameter on each line. */
const wide = 90;

/** The signature in a form that is easy to read: on one line if it is short. */
export function signatureCode(callable: Callable): string {
  const { label } = signatureText(callable);
  if (label.length <= wide) return label;
  const { keyword, name, lists, result } = callable;
  const list = (members: readonly Parameter[]) => {
    const flat = members.map(({ text }) => text).join(', ');
    return flat.length <= wide - 40 ? `(${flat})` : `(\n  ${members.map(({ text }) => text).join(',\n  ')}\n)`;
  };
  const head = `${keyword === undefined ? '' : `${keyword} `}${name}${lists.map(list).join('')}`;
  return result === undefined ? head : `${head} -> ${result}`;
}

/** The parameter of a list that a pipeline gives: the first tensor, or the first argument of a compile-time function. */
export function pipedParameter({ keyword, lists }: Callable, list: number): Parameter | undefined {
  const members = lists[list] ?? [];
  return keyword === 'let' ? members[0] : members.find(({ isTensor, byPosition }) => isTensor && byPosition);
}

/** Whether a call needs something that it has no default for. */
export function needsArguments({ lists }: Callable): boolean {
  return (lists[0] ?? []).some(({ isRequired }) => isRequired);
}
