import { opNamed } from '../ops/registry.js';
import type { Interpreter } from './context.js';
import { apply } from './expressions/calls.js';
import { evaluate, evaluateOptional } from './expressions/expressions.js';
import { callOp } from './expressions/op-calls.js';
import { bindPattern } from './statements/binding.js';
import { runBlock, runStatements } from './statements/statements.js';

/** Connects the parts of the checker. */
export const interpreter: Interpreter = {
  evaluate,
  evaluateOptional,
  runBlock,
  runStatements,
  bindPattern,
  apply,
  callOp,
  hasOperator: (name) => opNamed(name) !== undefined,
};
