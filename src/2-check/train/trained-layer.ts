import type { Expr, LayerDecl } from '../../1-syntax/ast.js';
import { suggest } from '../../diagnostics/suggest.js';
import type { Context } from '../context.js';
import { type EntryLayer, entriesOf } from '../models/entry-layers.js';
import type { CheckValue, LayerValue } from '../values/values.js';

/** What a block trains. */
export interface TrainedLayer {
  /** The whole model. */
  readonly layer: LayerValue;
  /** The model itself, or the entry of it: `Whisper.step`. */
  readonly target: LayerDecl;
  readonly entry: EntryLayer | undefined;
}

/** A model, or the entry of one: `Whisper.step`. Otherwise reports why there is none; anything unknown has been reported. */
export function trainedLayer(cx: Context, expr: Expr): TrainedLayer | undefined {
  const object = expr.kind === 'member' ? cx.evaluate(expr.object) : undefined;
  const isEntry = object?.kind === 'layer' && object.decl.inputs === undefined;
  const value: CheckValue = isEntry ? object : cx.evaluate(expr);
  if (value.kind === 'unknown') return undefined;
  if (value.kind !== 'layer' || value.decl.kind !== 'model') {
    cx.error('not-a-model', expr.span, { name: cx.module.file.text.slice(expr.span.start, expr.span.end) });
    return undefined;
  }
  const { decl, module } = value;
  if (decl.inputs !== undefined) return { layer: value, target: decl, entry: undefined };
  const entries = entriesOf(decl, module);
  const known = entries.map(({ name }) => name.text);
  if (!isEntry || expr.kind !== 'member') {
    // A model without entries is reported where it is declared.
    if (known.length > 0) cx.error('entry-not-named', expr.span, { model: decl.name.text, entries: known, bound: decl.name.text });
    return undefined;
  }
  const { text, span } = expr.name;
  const entry = entries.find(({ name }) => name.text === text);
  if (entry === undefined) cx.error('unknown-entry', span, { model: decl.name.text, name: text, known, near: suggest(text, known) });
  return entry && { layer: value, target: entry, entry };
}
