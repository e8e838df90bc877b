import type { MemberExpr } from '../../1-syntax/ast.js';
import { suggest } from '../../diagnostics/suggest.js';
import type { Context } from '../context.js';
import { type CheckValue, type LayerValue, unknown } from '../values/values.js';
import { previewParameters } from './preview.js';

/** `tok.weight`: a weight of a layer that is bound to a name. */
export function weightOf(cx: Context, layer: LayerValue, expr: MemberExpr): CheckValue {
  const name = layer.path === undefined ? expr.name.text : `${layer.path}.${expr.name.text}`;
  const { shared } = layer;
  if (shared === undefined) {
    cx.error('weight-of-unbound', expr.span, { layer: layer.decl.name.text, name });
    return unknown;
  }
  if (shared.parameters.size === 0) previewParameters(cx, layer, shared);
  const parameter = shared.parameters.get(name);
  if (parameter !== undefined) {
    const local = cx.local(parameter.type, expr.span);
    cx.steps.push({ kind: 'weight', instance: shared, name, parameter, output: local, span: expr.span });
    return { kind: 'tensor', local };
  }
  if ([...shared.parameters.keys()].some((key) => key.startsWith(`${name}.`))) return { ...layer, path: name };
  if (!shared.applied) {
    cx.error('weight-not-known', expr.span, { label: shared.label, name });
    return unknown;
  }
  const near = suggest(name, shared.parameters.keys());
  cx.error('unknown-weight', expr.name.span, { layer: layer.decl.name.text, name, known: [...shared.parameters.keys()], near });
  return unknown;
}
