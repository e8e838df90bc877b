import type { OpNode, User, Value } from '../../3-graph/graph.js';
import { operatorName } from '../../3-graph/graph.js';
import { nth } from '../../ops/only.js';
import { runsIn } from '../../ops/quantized/steps.js';
import { fromStart } from '../../ops/sizes.js';
import type { Target } from '../../ops/targets.js';
import { abilities, formText, hasBlocks, type WantedForm } from './form.js';

/** An operator that can read a matrix in blocks: as the right side of a product, or row by row. */
export interface Reader {
  readonly kind: 'product' | 'rows';
  readonly node: OpNode;
  readonly value: Value;
}

/** The operator that reads a matrix in blocks, or why it cannot, as a text that follows "not applied: ". */
export function readerOf(value: Value, user: User, wanted: WantedForm): Reader | string {
  const { form } = wanted;
  if (user.kind === 'output') return 'it is an output of the model';
  const reads = `\`${user.kind === 'op' ? user.op.name : operatorName(user)}\` reads it`;
  if (user.kind !== 'op') return reads;
  const [first, second] = user.inputs;
  const isProduct = user.op.name === 'matmul' && second === value && first !== value;
  const isRows =
    user.op.name === 'gather' && first === value && second !== value && fromStart(user.attrs.axis as number, value.type.shape.length) === 0;
  if (!isProduct && !isRows) return `${reads}, but cannot read ${form}`;
  if (value.type.shape.length !== 2) return 'it is not a matrix';
  if (isRows && !hasBlocks(form)) return `${reads} row by row, which is not possible with ${form}`;
  if (isProduct && (first as Value).type.shape.length < 2) return 'it is multiplied with a vector';
  return { kind: isProduct ? 'product' : 'rows', node: user, value };
}

/** Why the element type or the sizes of a matrix do not suit a form; undefined if they do. */
export function unsuited({ kind, value }: Reader, wanted: WantedForm, target: Target): string | undefined {
  const { dtype, shape } = value.type;
  if (dtype !== 'f32' && (dtype !== 'f16' || wanted.form === 'int8-dynamic' || target === 'portable')) return `it is ${dtype}`;
  if (kind === 'rows' && wanted.form === 'int4' && abilities[target].blocks === 'standard')
    return 'the ONNX standard cannot look up rows of 4-bit numbers; use int8 or another target';
  const inner = nth(shape, kind === 'product' ? 0 : 1).constant ?? 0;
  if (inner === 0) return 'it is empty';
  if (inner < wanted.block)
    return `its ${kind === 'product' ? 'columns' : 'rows'} have ${inner} numbers, too few for a block (${formText(wanted)})`;
  if (kind === 'rows' && wanted.form === 'int4' && !abilities[target].hasOddRows && runsIn(inner, wanted.block) % 2 === 1)
    return `its rows have ${runsIn(inner, wanted.block)} blocks, and ONNX Runtime fails on ${target} with an odd number; another block size may work`;
  return undefined;
}
