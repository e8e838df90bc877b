import { suggest } from '../../diagnostics/suggest.js';

/** Why a model cannot be fed as requested. */
export type FeedProblem =
  /** An input or a size was given that the model does not have; `known` are those that it has. */
  | { readonly kind: 'unknown-input' | 'unknown-size'; readonly name: string; readonly known: readonly string[] }
  /** The model leaves the rank of an input open, and no tensor is given for it. */
  | { readonly kind: 'open-rank'; readonly name: string }
  /** The input is of a type without numbers, or of one that archc does not have. */
  | { readonly kind: 'not-numbers'; readonly name: string; readonly type: string }
  /** The inputs together would be larger than can be handed to a run; this is the largest. */
  | { readonly kind: 'too-large'; readonly name: string; readonly shape: readonly number[] }
  /** What the metadata of an ONNX file say about its states does not fit its inputs and outputs. */
  | { readonly kind: 'damaged-states'; readonly reason: string }
  /** What is given for all inputs is not an object with a tensor for each; `given` says what it is. */
  | { readonly kind: 'not-inputs'; readonly known: readonly string[]; readonly given: string }
  /** A tensor must be given for the input, and is not. */
  | { readonly kind: 'missing-input'; readonly name: string }
  /** What is given for the input is not a tensor; `reason` says what it is: `its lists have different lengths`. */
  | { readonly kind: 'not-a-tensor'; readonly name: string; readonly reason: string }
  /** The element type of the input does not have this value; `index` says which element it is, one number for each axis. */
  | { readonly kind: 'bad-value'; readonly name: string; readonly dtype: string; readonly index: readonly number[]; readonly value: string }
  /** The model cannot use this value: `allowed` says which ones, `from 0 to 9, or -100`. */
  | {
      readonly kind: 'out-of-range';
      readonly name: string;
      readonly index: readonly number[];
      readonly value: string;
      readonly allowed: string;
    }
  /** The shapes of the inputs do not fit the model or each other; `reason` says which and how. */
  | { readonly kind: 'bad-shape'; readonly reason: string };

/** A request that does not fit the model. The caller knows how inputs and sizes are given, and can say from `problem` how to correct it. */
export class FeedError extends Error {
  override readonly name = 'FeedError';
  readonly problem: FeedProblem;

  constructor(problem: FeedProblem) {
    super(sentence(problem));
    this.problem = problem;
  }
}

function sentence(problem: FeedProblem): string {
  switch (problem.kind) {
    case 'unknown-input':
      return `the model has no input \`${problem.name}\`${meantOf(problem)}`;
    case 'unknown-size':
      return `the model has no size \`${problem.name}\`${meantOf(problem)}`;
    case 'not-inputs':
      return `the inputs are given by name, as an object with ${problem.known.map((name) => `\`${name}\``).join(', ')}, not as ${problem.given}`;
    case 'open-rank':
      return `the input \`${problem.name}\` has no known rank`;
    case 'too-large':
      return `the input \`${problem.name}\` would be [${problem.shape.join(', ')}], which is too large for a run`;
    case 'damaged-states':
      return `the states in the metadata cannot be used: ${problem.reason}`;
    case 'not-numbers':
      return `the input \`${problem.name}\` is not a tensor of numbers that archc knows: it is ${problem.type}`;
    case 'missing-input':
      return `the input \`${problem.name}\` is missing`;
    case 'not-a-tensor':
      return `the input \`${problem.name}\` cannot be used: ${problem.reason}`;
    case 'bad-value':
      return `the input \`${problem.name}\` is ${problem.dtype}, but ${elementText(problem.index)} is ${problem.value}`;
    case 'out-of-range':
      return `the input \`${problem.name}\` must be ${problem.allowed}, but ${elementText(problem.index)} is ${problem.value}`;
    case 'bad-shape':
      return problem.reason;
  }
}

function elementText(index: readonly number[]): string {
  return index.length === 0 ? 'it' : `its element [${index.join(', ')}]`;
}

/** What is probably meant, or what there is. */
function meantOf({ name, known }: { readonly name: string; readonly known: readonly string[] }): string {
  const [near] = suggest(name, known);
  if (near !== undefined) return `: did you mean \`${near}\`?`;
  return known.length === 0 ? '' : `: it has ${known.map((other) => `\`${other}\``).join(', ')}`;
}
