import { type SyntaxLimits, defaultLimits as syntaxLimits } from './1-syntax/limits.js';

/** Anything beyond a limit is refused before memory is allocated for it. Every limit has a diagnostic code, a flag and a test; `limit-table.ts` lists them. */
export interface Limits extends SyntaxLimits {
  /** Diagnostics of one file. */
  readonly diagnostics: number;
  readonly importDepth: number;
  readonly files: number;
  /** Layers inside layers. */
  readonly instantiationDepth: number;
  /** Distinct instantiations: different hyperparameters or argument types. */
  readonly instantiations: number;
  /** Expressions and blocks inside each other while they are evaluated, through all functions and constants that they use. */
  readonly evaluationDepth: number;
  /** Iterations of all compile-time loops in one build; also items of one list, and characters of one string. */
  readonly iterations: number;
  /** Items of all lists that a build makes, including those no longer needed. */
  readonly items: number;
  /** Facts that hold at one place. */
  readonly facts: number;
  readonly graphNodes: number;
  /** Control flow in control flow. The default is the maximum of ONNX readers: it can be lowered, not raised. */
  readonly bodyDepth: number;
  /** What is copied when a model is unfolded: operators, constants, parameters, uses of layers. */
  readonly steps: number;
  /** The number of nodes from which a graph gives a warning: ONNX Runtime takes seconds to load it. */
  readonly manyNodes: number;
  /** Parameters and buffers of a model. */
  readonly parameters: number;
  /** Elements of one parameter. */
  readonly parameterElements: number;
  /** Elements of all tensors that the initial value of one parameter is computed from. */
  readonly initialElements: number;
  /** Elements of one tensor of constant shape. */
  readonly tensorElements: number;
  /** Bytes of one constant inside the model file. */
  readonly inlineConstant: number;
  /** Bytes of the model file. The default is the maximum of ONNX readers: it can be lowered, not raised. */
  readonly onnxBytes: number;
}

/** Protobuf reads 100 messages inside each other; a body takes three, and the types in it five. */
const deepestBody = 31;

/** The largest file that protobuf can read: lengths are signed 32-bit numbers. Beyond it, ONNX Runtime fails without a reason. */
const largestOnnxFile = 2 ** 31 - 1;

export const defaultLimits: Limits = {
  ...syntaxLimits,
  diagnostics: 100,
  importDepth: 64,
  files: 2_000,
  instantiationDepth: 64,
  instantiations: 10_000,
  evaluationDepth: 600,
  iterations: 100_000,
  items: 1_000_000,
  facts: 100,
  graphNodes: 200_000,
  bodyDepth: deepestBody,
  steps: 1_000_000,
  manyNodes: 50_000,
  parameters: 200_000,
  parameterElements: 2 ** 36,
  initialElements: 2 ** 27,
  tensorElements: Number.MAX_SAFE_INTEGER,
  inlineConstant: 64 * 1024 * 1024,
  onnxBytes: largestOnnxFile,
};

/** A V8 collection has room for 2^24 entries. */
const mostEntries = 10_000_000;

/**
 * The highest values that limits can have. Where recursion follows a nesting, that is the default: the stack of a thread has room for about twice as much, and
 * each kind of nesting uses part of it.
 */
export const highestLimits: Limits = {
  sourceLength: 256 * 1024 * 1024,
  tokens: mostEntries,
  nesting: syntaxLimits.nesting,
  operators: syntaxLimits.operators,
  nameLength: 1_000_000,
  messages: 100_000,
  diagnostics: 100_000,
  importDepth: defaultLimits.importDepth,
  files: 100_000,
  instantiationDepth: defaultLimits.instantiationDepth,
  instantiations: mostEntries,
  evaluationDepth: defaultLimits.evaluationDepth,
  iterations: mostEntries,
  items: mostEntries,
  facts: 1000,
  graphNodes: mostEntries,
  bodyDepth: deepestBody,
  steps: mostEntries,
  manyNodes: mostEntries,
  parameters: mostEntries,
  parameterElements: Number.MAX_SAFE_INTEGER,
  initialElements: 2 ** 31 - 1,
  tensorElements: Number.MAX_SAFE_INTEGER,
  inlineConstant: 2 ** 31 - 1,
  onnxBytes: largestOnnxFile,
};

/** Why a limit cannot have this value; undefined if it can. */
export function limitProblem(name: keyof Limits, value: number): string | undefined {
  if (!Number.isSafeInteger(value) || value < 0) return 'a limit is a whole number';
  const most = highestLimits[name];
  if (value <= most) return undefined;
  if (name === 'onnxBytes') return `no reader of ONNX files accepts more than ${most} bytes`;
  if (name === 'bodyDepth') return `no reader of ONNX files goes deeper than ${most} graphs`;
  return most === defaultLimits[name]
    ? `it can be lowered, but not raised above ${most}: the stack has no room for more`
    : `it can be ${most} at most`;
}
