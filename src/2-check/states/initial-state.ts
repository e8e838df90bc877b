import type { StorageStmt } from '../../1-syntax/ast.js';
import { Dim } from '../../dims/dim.js';
import { nth } from '../../ops/only.js';
import type { Program, ProgramValue } from '../../ops/program.js';
import type { TensorType } from '../../ops/types.js';
import type { Context } from '../context.js';
import { signatureOf } from '../modules/signature.js';
import { sizesOfStates } from '../sizes/empty-sizes.js';
import type { CheckValue, Local, StateSpec, TensorValue } from '../values/values.js';

/**
 * A state in a training graph: its initial value, because every batch is the beginning of a new run. The graph neither reads nor sets it. Sizes of the signature
 * along which it is empty are noted.
 */
export function initialState(cx: Context, { name, span }: StorageStmt, type: TensorType, state: StateSpec): CheckValue {
  const { start } = state;
  if (start.kind === 'empty') {
    const signature = cx.outermost && signatureOf(cx.outermost.decl, cx.outermost.module);
    for (const size of type.shape) for (const open of sizesOfStates(cx, size, signature)) cx.session.emptySizes.add(open);
  }
  const value = start.kind === 'constant' ? start.value : start.kind === 'ones' ? 1 : 0;
  const made =
    start.kind === 'computed'
      ? cx.interpreter.callOp(cx, 'expand', [resultOf(cx, start.program, name.text, span)], { shape: type.shape }, span)
      : cx.interpreter.callOp(cx, 'full', [], { shape: type.shape, value, dtype: type.dtype }, span);
  if (made.kind === 'tensor') cx.states.set(made.local, state);
  return made;
}

/** Adds the steps of a computation on constants to those of the body. */
function resultOf(cx: Context, { steps, result }: Program, hint: string, span: StorageStmt['span']): TensorValue {
  const made: (readonly Local[])[] = [];
  const at = ({ step, output }: ProgramValue): Local => nth(nth(made, step), output);
  for (const step of steps) {
    if (step.kind === 'constant') {
      const { array } = step;
      const output = cx.local({ dtype: array.dtype, shape: array.shape.map((size) => Dim.of(size)) }, span, hint);
      cx.steps.push({ kind: 'constant', array, output });
      made.push([output]);
      continue;
    }
    const { op, attrs } = step;
    const inputs = step.inputs.map((input) => (input === undefined ? undefined : 'step' in input ? at(input) : input.map(at)));
    const outputs = step.outputs.map((type) => cx.local(type, span));
    cx.steps.push({ kind: 'op', op, inputs, attrs, outputs, span });
    made.push(outputs);
  }
  return { kind: 'tensor', local: at(result) };
}
