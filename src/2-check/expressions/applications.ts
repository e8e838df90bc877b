import type { CallExpr, Expr, LabelExpr, PipeExpr } from '../../1-syntax/ast.js';
import type { Argument, CallSite, Context } from '../context.js';
import { completed, takesHyper } from '../layers/hyper-lists.js';
import { withValue } from '../values/absence.js';
import { textOf } from '../values/builtins.js';
import { type CheckValue, describe, type Label, type LayerValue, unknown } from '../values/values.js';
import { ascribe, checkAs } from './ascriptions.js';
import { applyStage, layerOf, yieldsLayer } from './layer-functions.js';
import { reportSeveral } from './outputs.js';

/** The arguments of a call; values that are wrong are reported. */
export function evaluateArgs(cx: Context, expr: CallExpr): readonly Argument[] {
  return expr.args.map((arg) => ({
    name: arg.name?.text,
    spread: arg.spread,
    nameSpan: arg.name?.span,
    value: arg.value.kind === 'rearrange-pattern' ? unknown : cx.evaluateOptional(arg.value),
    span: arg.value.span,
    expr: arg.value,
  }));
}

/** `callee(args)` with the piped tensors, if any, before the written arguments. */
export function call(cx: Context, expr: CallExpr, label: Label | undefined, piped: readonly Argument[]): CheckValue {
  const { calling, piping } = cx;
  const left = piped[0];
  // What is piped is not in the list, which is then not a PyTorch call.
  cx.calling = left === undefined ? expr : undefined;
  cx.piping = left === undefined ? undefined : { callee: expr.callee, call: expr, left };
  const callee = cx.evaluate(expr.callee);
  cx.calling = calling;
  cx.piping = piping;
  const args = evaluateArgs(cx, expr);
  const site: CallSite = { span: expr.span, calleeSpan: expr.callee.span, label };
  if (callee.kind === 'config' && label !== undefined) {
    cx.error('label-on-value', label.span, { label: label.text, what: describe(callee, (t) => cx.show(t)) });
    return unknown;
  }
  const spread = callee.kind === 'config' || callee.kind === 'unknown' ? undefined : args.find((arg) => arg.spread === true);
  if (spread !== undefined) {
    cx.error('spread-argument', spread.span, { callee: describe(callee, (t) => cx.show(t)), record: undefined, got: '', late: false });
    return unknown;
  }
  if (callee.kind === 'layer' && takesHyper(callee, args)) {
    // The first list makes the layer; only a pipeline applies it.
    const made = cx.interpreter.apply(cx, callee, args, { span: expr.span, calleeSpan: expr.callee.span });
    if (made.kind !== 'layer') return made;
    return applyMade(cx, label === undefined ? made : { ...made, label }, piped, site);
  }
  if (callee.kind === 'fn') {
    if (label === undefined) return applyStage(cx, callee, piped, args, site);
    const made = layerOf(cx, callee, label, piped, args, site);
    return made === undefined ? unknown : applyMade(cx, relabel(cx, made, label), piped, site);
  }
  const target = callee.kind === 'layer' && label !== undefined ? relabel(cx, callee, label) : callee;
  return cx.interpreter.apply(cx, target, [...piped, ...args], site);
}

/** Applies a layer that has its hyperparameters to what a pipeline brings; without a pipeline it is a value, which may be given more hyperparameters. */
function applyMade(cx: Context, layer: LayerValue, piped: readonly Argument[], site: CallSite): CheckValue {
  if (piped.length === 0) return layer;
  const made = completed(cx, layer, site);
  return made === undefined ? unknown : cx.interpreter.apply(cx, made, piped, site);
}

function relabel(cx: Context, layer: LayerValue, label: Label): LayerValue {
  // `_: inner` in a wrapper that was given a shared layer: its names are where it is bound.
  if (layer.shared !== undefined && label.addsNoLevel === true) return layer;
  if (layer.shared !== undefined) {
    cx.error(
      'label-on-shared',
      label.span,
      { label: label.text, shared: layer.shared.label },
      { notes: [{ span: layer.shared.span, text: `its weights are called \`${layer.shared.label}\` here` }] },
    );
    return layer;
  }
  return { ...layer, label };
}

export function pipe(cx: Context, expr: PipeExpr): CheckValue {
  const value = cx.evaluateOptional(expr.left);
  return stage(cx, expr.stage, { value, span: expr.left.span });
}

/** `expr` as the rest of a pipeline: its first operand becomes a stage. */
export function continued(cx: Context, expr: Expr, left: Argument): CheckValue {
  if (expr.kind === 'pipe') return stage(cx, expr.stage, { value: continued(cx, expr.left, left), span: expr.left.span });
  if (expr.kind !== 'as') return stage(cx, expr, left);
  ascribe(cx, expr);
  return checkAs(cx, expr, continued(cx, expr.value, left));
}

/** Applies a stage of a pipeline to the value on its left. */
function stage(cx: Context, expr: Expr, left: Argument): CheckValue {
  if (left.value.kind === 'unknown') {
    // Only what is complete in the stage itself can be checked.
    if (expr.kind === 'name') cx.evaluate(expr);
    return unknown;
  }
  const piped = withValue(left, singleOutput(cx, left));
  if (piped.value.kind === 'unknown') return unknown;
  if (expr.kind === 'call') return call(cx, expr, undefined, [piped]);
  if (expr.kind === 'label') return labelled(cx, expr, [piped]);
  if (expr.kind === 'as') {
    ascribe(cx, expr);
    return checkAs(cx, expr, stage(cx, expr.value, left));
  }
  const { piping } = cx;
  cx.piping = { callee: expr, call: undefined, left: piped };
  const callee = cx.evaluate(expr);
  cx.piping = piping;
  if (callee.kind === 'unknown') return unknown;
  if (callee.kind === 'fn' || callee.kind === 'layer' || callee.kind === 'namespace')
    return applyBare(cx, callee, [piped], { span: expr.span, calleeSpan: expr.span });
  cx.error('not-a-stage', expr.span, { what: describe(callee, (t) => cx.show(t)) });
  return unknown;
}

/** A tensor may be piped; the outputs of a layer with several cannot be piped together. */
function singleOutput(cx: Context, left: Argument): CheckValue {
  if (left.value.kind !== 'tuple' || left.value.names === undefined) return left.value;
  const [only] = left.value.items;
  if (left.value.items.length === 1 && only !== undefined) return only;
  reportSeveral(cx, left.value, left.span);
  return unknown;
}

/** Applies a layer or function that is named without an argument list: `x -> BatchNorm2d`. */
function applyBare(cx: Context, callee: CheckValue, piped: readonly Argument[], site: CallSite): CheckValue {
  if (callee.kind === 'layer') return applyMade(cx, callee, piped, site);
  return callee.kind === 'fn' ? applyStage(cx, callee, piped, [], site) : cx.interpreter.apply(cx, callee, piped, site);
}

export function labelled(cx: Context, expr: LabelExpr, piped: readonly Argument[]): CheckValue {
  const label = labelOf(cx, expr);
  const { target } = expr;
  if (target.kind === 'call') return call(cx, target, label, piped);
  const value = cx.evaluate(target);
  const site: CallSite = { span: target.span, calleeSpan: target.span, label };
  if (value.kind === 'unknown') return unknown;
  // A wrapper may be given a function instead of a layer; there is nothing to name then.
  if (value.kind === 'fn' && label.addsNoLevel === true && piped.length > 0 && !yieldsLayer(cx, value, site))
    return applyStage(cx, value, piped, [], site);
  if (value.kind !== 'layer' && value.kind !== 'fn') {
    const isList = value.kind === 'list' || value.kind === 'tuple';
    cx.error('label-on-value', expr.labelSpan, { label: label.text, what: describe(value, (t) => cx.show(t)), isList });
    return unknown;
  }
  const layer = value.kind === 'layer' ? value : layerOf(cx, value, label, piped, [], site);
  return layer === undefined ? unknown : applyMade(cx, relabel(cx, layer, label), piped, site);
}

function labelOf(cx: Context, expr: LabelExpr): Label {
  const { segments, labelSpan: span } = expr;
  const isBlank = segments.some((segment) => segment.kind === 'word' && segment.name.text === '_');
  if (!isBlank) return { text: labelText(cx, expr), span };
  if (segments.length > 1) cx.error('bad-label', span, { blank: true });
  return { text: '_', span, addsNoLevel: true };
}

/** `layers.3`: the segments of a label joined by dots, with `?` for a part that is not known while sizes are variables. */
function labelText(cx: Context, { segments, labelSpan: span }: LabelExpr): string {
  const text = segments.map((segment) => segmentText(cx, segment)).join('.');
  if (text === '' || text.startsWith('.') || text.endsWith('.') || text.includes('..')) {
    cx.error('bad-label', span, { blank: false });
    return '?';
  }
  const { nameLength } = cx.session.limits;
  if (text.length <= nameLength) return text;
  cx.error('name-too-long', span, { length: text.length, limit: nameLength });
  return '?';
}

function segmentText(cx: Context, segment: LabelExpr['segments'][number]): string {
  if (segment.kind === 'word') return segment.name.text;
  const value = cx.evaluate(segment.value);
  if (segment.kind === 'index' && value.kind !== 'int' && value.kind !== 'string' && value.kind !== 'unknown') {
    cx.error('not-an-integer', segment.value.span, { what: describe(value, (t) => cx.show(t)), where: 'the index of a label' });
  }
  return textOf(value) ?? '?';
}
