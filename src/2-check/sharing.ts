import type { Span } from '../diagnostics/span.js';
import type { Context } from './context.js';
import type { CheckValue, LayerValue } from './values.js';

/** A layer that is bound to a name becomes one instance with one set of weights; so does each of a list or tuple: `blocks.0`, `blocks.1`. */
export function share(cx: Context, value: CheckValue, name: string, span: Span): CheckValue {
  if (value.kind === 'layer') return isMade(value) ? shareLayer(cx, value, name, span) : value;
  if ((value.kind !== 'list' && value.kind !== 'tuple') || !value.items.some(holdsMadeLayer)) return value;
  return { ...value, items: value.items.map((item, i) => share(cx, item, `${name}.${i}`, span)) };
}

function isMade(layer: LayerValue): boolean {
  return layer.shared === undefined && (layer.hyper !== undefined || layer.label !== undefined || layer.decl.hyper === undefined);
}

function holdsMadeLayer(value: CheckValue): boolean {
  if (value.kind === 'layer') return isMade(value);
  return (value.kind === 'list' || value.kind === 'tuple') && value.items.some(holdsMadeLayer);
}

function shareLayer(cx: Context, value: LayerValue, name: string, span: Span): CheckValue {
  const label = value.label?.text ?? name;
  const at = value.label?.span ?? span;
  const before = label.includes('?') ? undefined : cx.labels.claim(label, at);
  if (before !== undefined)
    cx.error('duplicate-label', at, { label, layer: value.decl.name.text }, { notes: [{ span: before, text: 'first used here' }] });
  const instance = { id: cx.session.nextSharedId(), label, span: at, parameters: new Map(), applied: false };
  cx.steps.push({ kind: 'bind', instance });
  return { ...value, shared: instance };
}
