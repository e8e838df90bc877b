import { type SyntaxLimits, defaultLimits as syntaxLimits } from './1-syntax/limits.js';

/** What is refused before anything is allocated. Every limit has a diagnostic code, a flag and a test; `limit-table.ts` says which. */
export interface Limits extends SyntaxLimits {
  /** Diagnostics of one file. */
  readonly diagnostics: number;
  readonly importDepth: number;
  readonly files: number;
  /** Layers inside layers. */
  readonly instantiationDepth: number;
  /** Distinct instantiations: other hyperparameters or argument types. */
  readonly instantiations: number;
  /** Expressions and blocks inside each other while they are evaluated, through all functions and constants that they use. */
  readonly evaluationDepth: number;
  /** Iterations of compile-time loops in one build, all loops together; and items of one list, characters of one string. */
  readonly iterations: number;
  /** Items of all lists that a build makes, those that nobody needs any more included. */
  readonly items: number;
  /** Facts that hold at one place. */
  readonly facts: number;
  readonly graphNodes: number;
  /** What is copied to unfold a model: operators, constants, parameters, uses of layers. */
  readonly steps: number;
  /** From here on a graph is worth a warning: ONNX Runtime takes seconds to load it. */
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
  /** Bytes of the model file. ONNX readers end here: it can be lowered, not raised. */
  readonly onnxBytes: number;
}

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
  steps: 1_000_000,
  manyNodes: 50_000,
  parameters: 200_000,
  parameterElements: 2 ** 36,
  initialElements: 2 ** 27,
  tensorElements: Number.MAX_SAFE_INTEGER,
  inlineConstant: 64 * 1024 * 1024,
  onnxBytes: 2 ** 31 - 1,
};
