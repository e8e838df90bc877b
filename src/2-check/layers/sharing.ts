import type { Span } from '../../diagnostics/span.js';
import type { Context } from '../context.js';
import { reportTaken } from '../statements/joined-scopes.js';
import { type CheckValue, type LayerValue, unknown } from '../values/values.js';
import { completed, missingHyper } from './hyper-lists.js';
import { type Claim, joinedScope } from './labels.js';

/**
 * A layer that is bound to a name with `=` becomes one instance with one set of weights; so does each item of a list or tuple: `blocks.0`,
 * `blocks.1`. A kind is first made with its defaults, so `n = LayerNorm` is `n = LayerNorm()`. Everything else is unchanged.
 */
export function share(cx: Context, value: CheckValue, name: string, span: Span): CheckValue {
  return holdsLayerToShare(value) ? shareEach(cx, value, { name, variable: name, span }) : value;
}

/** Binds a layer to a name in a `train` block, so that its weights are not trained. */
export function shareFrozen(cx: Context, layer: LayerValue, name: string, span: Span): CheckValue {
  return shareEach(cx, layer, { name, variable: name, span, isFrozen: true });
}

/** What a layer is bound to: its name in the checkpoint, and its variable. */
interface Target {
  readonly name: string;
  readonly variable: string;
  readonly span: Span;
  readonly isFrozen?: boolean;
}

function shareEach(cx: Context, value: CheckValue, target: Target): CheckValue {
  if (value.kind === 'layer' && value.shared === undefined) {
    const layer = made(cx, value, target);
    return layer === undefined ? unknown : shareLayer(cx, layer, target);
  }
  if (value.kind === 'maybe') return { ...value, value: shareEach(cx, value.value, target) };
  if (value.kind !== 'list' && value.kind !== 'tuple') return value;
  return { ...value, items: value.items.map((item, i) => shareEach(cx, item, { ...target, name: `${target.name}.${i}` })) };
}

function holdsLayerToShare(value: CheckValue): boolean {
  if (value.kind === 'layer') return value.shared === undefined;
  if (value.kind === 'maybe') return holdsLayerToShare(value.value);
  return (value.kind === 'list' || value.kind === 'tuple') && value.items.some(holdsLayerToShare);
}

/** The layer with all its hyperparameters. `undefined` if it lacks required ones, which is reported. */
function made(cx: Context, layer: LayerValue, { variable, span }: Target): LayerValue | undefined {
  const missing = missingHyper(layer).map((p) => p.name.text);
  if (missing.length === 0) return completed(cx, layer, { span, calleeSpan: span });
  cx.error('unmade-layer', span, { variable, layer: layer.alias?.name.text ?? layer.decl.name.text, missing });
  return undefined;
}

function shareLayer(cx: Context, value: LayerValue, { name, span, isFrozen = false }: Target): CheckValue {
  const addsNoLevel = value.label?.addsNoLevel === true;
  const label = addsNoLevel ? name : (value.label?.text ?? name);
  const at = value.label?.span ?? span;
  const claim: Claim = { what: 'label', span: at };
  const before = addsNoLevel ? undefined : cx.labels.claim(label, claim);
  if (before !== undefined) reportTaken(cx, label, claim, before, { name: value.decl.name.text, isFunction: false });
  const joins = addsNoLevel ? joinedScope(cx.labels) : undefined;
  const instance = { id: cx.session.nextSharedId(), label, joins, span: at, parameters: new Map(), applied: false, isFrozen };
  cx.steps.push({ kind: 'bind', instance });
  return { ...value, shared: instance };
}
