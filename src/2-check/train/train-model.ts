import type { Expr, TrainDecl } from '../../1-syntax/ast.js';
import { Dim } from '../../dims/dim.js';
import type { Facts } from '../../dims/facts.js';
import { isFloat } from '../../ops/types.js';
import type { InstanceOutput } from '../checked-model.js';
import { Context } from '../context.js';
import { Labels } from '../layers/labels.js';
import type { Binding } from '../modules/scope.js';
import { bareName, type Signature } from '../modules/signature.js';
import { typeOf } from '../sizes/type-expressions.js';
import { type CheckValue, describe, unknown } from '../values/values.js';
import { checkLoraPattern, checkPattern, type Weights } from './patterns.js';
import { newSizes } from './train.js';

/** A model with a typed body, against which a `train` block is checked. */
export interface TrainedModel {
  readonly name: string;
  readonly signature: Signature;
  /** Its hyperparameters, sizes and inputs, as they are before its body runs. */
  readonly names: ReadonlyMap<string, Binding>;
  readonly facts: Facts;
  readonly outputs: readonly InstanceOutput[];
  /** Its weights, which only some clauses need. */
  readonly weights: () => Weights;
}

/** Types the loss and the metrics of a `train` block, and looks up the weights that its patterns match. Mistakes are reported to the session. */
export function checkTrainedModel(outside: Context, train: TrainDecl, model: TrainedModel): void {
  const cx = contextOf(outside, model);
  for (const clause of train.clauses) {
    if (clause.kind !== 'input') continue;
    const { name, type } = clause;
    for (const size of newSizes(cx, type)) {
      cx.newSizes.reserve([size]);
      cx.body.define(size, { value: { kind: 'int', dim: Dim.variable(size) }, span: type.span, role: 'dim' });
    }
    const known = typeOf(cx, type);
    const value: CheckValue = known === undefined ? unknown : { kind: 'tensor', local: cx.local(known, name.span, name.text) };
    cx.session.observer?.(name, value);
    cx.body.define(name.text, { value, span: name.span, role: 'input' });
  }
  for (const clause of train.clauses) {
    switch (clause.kind) {
      case 'loss':
        cx.body.define('loss', { value: lossOf(cx, clause.value), span: clause.span, role: 'variable' });
        break;
      case 'metric':
        cx.evaluate(clause.value);
        break;
      case 'freeze':
        for (const pattern of clause.patterns) checkPattern(cx, model.name, pattern, model.weights());
        break;
      case 'lora':
        for (const pattern of clause.patterns) checkLoraPattern(cx, model.name, pattern, model.weights());
        break;
      case 'optimizer':
        for (const { patterns } of clause.groups) for (const pattern of patterns) checkPattern(cx, model.name, pattern, model.weights());
        break;
      default:
    }
  }
  for (const problem of cx.problems) cx.session.report.push(problem);
}

/** The signature of the model as names, without its body. */
function contextOf({ session, interpreter, module }: Context, { signature, names, facts, outputs }: TrainedModel): Context {
  const cx = new Context({ session, interpreter, module, rigid: false, depth: 0, labels: new Labels(), facts });
  for (const [name, binding] of names) {
    cx.body.define(name, binding);
    if (binding.value.kind === 'int') cx.newSizes.reserve(binding.value.dim.variables());
  }
  for (const [i, { name, type, local }] of outputs.entries()) {
    for (const [axis, dim] of (signature.result?.outputs[i]?.type.dims ?? []).entries()) {
      const size = bareName(dim);
      cx.newSizes.reserve(type.shape[axis]?.variables() ?? []);
      const value = type.shape[axis];
      if (size !== undefined && value !== undefined && signature.dims.has(size) && !signature.inputDims.has(size))
        cx.body.define(size, { value: { kind: 'int', dim: value }, span: dim.span, role: 'dim' });
    }
    if (name !== undefined)
      cx.body.define(name, { value: { kind: 'tensor', local: { ...local, type } }, span: local.span, role: 'variable' });
  }
  return cx;
}

/** The value of a loss, which is one number for the whole batch. */
function lossOf(cx: Context, expr: Expr): CheckValue {
  const value = cx.evaluate(expr);
  if (value.kind === 'unknown') return value;
  const isNumber = value.kind === 'tensor' && isFloat(value.local.type.dtype) && value.local.type.shape.length === 0;
  if (!isNumber) cx.error('bad-loss', expr.span, { what: describe(value, (type) => cx.show(type)) });
  return isNumber ? value : unknown;
}
