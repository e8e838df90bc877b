import type { TensorTypeExpr } from '../../1-syntax/ast.js';
import { Dim } from '../../dims/dim.js';
import type { Context } from '../context.js';
import { bareName } from '../modules/signature.js';
import { isNew } from '../sizes/data-sizes.js';
import { makeSize } from '../sizes/made-sizes.js';

/**
 * Makes the sizes in the type of a state that nothing else has: `P` in `state k: Tensor[N, P, D]`, where no signature mentions it. Each use
 * of the layer has its own, which the state's input determines; the states of one body may share it.
 */
export function makeStateSizes(cx: Context, { dims }: TensorTypeExpr): void {
  for (const dim of dims) {
    const name = bareName(dim);
    if (name === undefined || !isNew(cx, name)) continue;
    if (cx.session.startsStates && !cx.rigid) {
      cx.body.define(name, { value: { kind: 'int', dim: Dim.zero }, span: dim.span, role: 'dim' });
      continue;
    }
    const made = makeSize(cx, { name, by: 'state', least: Dim.zero, span: dim.span });
    cx.body.define(name, { value: { kind: 'int', dim: made.size }, span: dim.span, role: 'dim' });
  }
}
