import { type SyntaxLimits, defaultLimits as syntaxLimits } from './1-syntax/limits.js';

/** What is refused before anything is allocated. Every limit has a diagnostic code, a flag and a test. */
export interface Limits extends SyntaxLimits {
  readonly importDepth: number;
  readonly files: number;
  /** Layers inside layers. */
  readonly instantiationDepth: number;
  /** Distinct instantiations: other hyperparameters or argument types. */
  readonly instantiations: number;
  /** Iterations of compile-time loops in one build, all loops together. */
  readonly iterations: number;
  readonly graphNodes: number;
  /** Bytes of one constant inside the model file. */
  readonly inlineConstant: number;
}

export const defaultLimits: Limits = {
  ...syntaxLimits,
  importDepth: 64,
  files: 2_000,
  instantiationDepth: 64,
  instantiations: 10_000,
  iterations: 100_000,
  graphNodes: 1_000_000,
  inlineConstant: 64 * 1024 * 1024,
};
