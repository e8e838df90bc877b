/** The arguments of a PyTorch call, as text. */
export interface Given {
  readonly called: boolean;
  readonly has: (name: string) => boolean;
  /** A word that replaces something that is not given, in capitals that nobody mistakes for an answer. */
  readonly open: (word: string) => string;
  /** An argument, or a word in its place. */
  readonly of: (name: string, word: string) => string;
  /** For an operand of an operator. */
  readonly operand: (name: string, word: string) => string;
  /** Whether an argument is a list or tuple that is written out. */
  readonly isList: (name: string) => boolean;
  /** The items of a list, or all arguments from this one on. */
  readonly items: (name: string) => readonly string[];
  /** The number of axes of the tensor that a method is called on. */
  readonly rank: number | undefined;
}
