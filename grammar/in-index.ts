/** What a rule is called with that must know whether it is in an index, where `a:b` is not a label. */
interface InIndex {
  readonly ARGS: [inIndex: boolean | undefined];
}

const inside: InIndex = { ARGS: [true] };
const elsewhere: InIndex = { ARGS: [undefined] };

/** These arguments are made once: the rules with them are called for every name of a text. */
export function argsFor(inIndex: boolean | undefined): InIndex {
  return inIndex === true ? inside : elsewhere;
}
