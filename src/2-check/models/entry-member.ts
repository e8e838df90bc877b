import type { MemberExpr } from '../../1-syntax/ast.js';
import { suggest } from '../../diagnostics/suggest.js';
import type { Context } from '../context.js';
import { previewParameters } from '../layers/preview.js';
import { weightOf } from '../layers/weights.js';
import { type CheckValue, type LayerValue, type SharedInstance, unknown } from '../values/values.js';
import { entriesOf } from './entry-layers.js';

/** `w.encode`: an entry of a model that is bound to a name, as a layer; `w.tok.weight`: a weight of the model. */
export function entryMember(cx: Context, layer: LayerValue, expr: MemberExpr): CheckValue {
  const { decl, module, shared } = layer;
  const { text: name, span } = expr.name;
  const entries = layer.path === undefined ? entriesOf(decl, module) : [];
  const entry = entries.find((other) => other.name.text === name);
  const model = decl.name.text;
  if (entry !== undefined && shared !== undefined) return { ...layer, decl: entry };
  if (entry !== undefined) {
    cx.error('entry-of-unbound', expr.object.span, { model, entry: name });
    return unknown;
  }
  const known = entries.map((other) => other.name.text);
  const near = suggest(name, known);
  if (near.length === 0 && shared !== undefined && hasWeights(cx, layer, shared, name)) return weightOf(cx, layer, expr);
  const [best] = near;
  const fixes = best === undefined ? [] : [{ title: `write \`${best}\``, edits: [{ span, text: best }] }];
  cx.error('unknown-entry', span, { model, name, known, near }, { fixes });
  return unknown;
}

/** Whether a weight has this name or is below it. */
function hasWeights(cx: Context, layer: LayerValue, shared: SharedInstance, name: string): boolean {
  if (layer.path !== undefined) return true;
  if (shared.parameters.size === 0) previewParameters(cx, layer, shared);
  return [...shared.parameters.keys()].some((weight) => weight === name || weight.startsWith(`${name}.`));
}
