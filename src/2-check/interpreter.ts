import { opNamed } from '../ops/registry.js';
import { apply } from './calls.js';
import type { Interpreter } from './context.js';
import { evaluate, evaluateOptional } from './expressions.js';
import { callOp } from './op-calls.js';
import { bindPattern, runBlock } from './statements.js';

/** Connects the parts of the checker. */
export const interpreter: Interpreter = {
  evaluate,
  evaluateOptional,
  runBlock,
  bindPattern,
  apply,
  callOp,
  hasOperator: (name) => opNamed(name) !== undefined,
};
