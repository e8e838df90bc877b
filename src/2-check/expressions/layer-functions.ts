import { spanBeside } from '../../diagnostics/anchor.js';
import type { Fix } from '../../diagnostics/diagnostic.js';
import { append } from '../../lists.js';
import type { Argument, CallSite, Context } from '../context.js';
import { snakeCase } from '../layers/labels.js';
import { presentIn } from '../values/absence.js';
import { type CheckValue, type FnValue, type Label, type LayerValue, nameOfFn, unknown } from '../values/values.js';

/** Whether a function can yield a layer: a compile-time function can, such as `let conv(c) = Conv2d(c, kernel = 3)`. */
function mayMakeLayer({ form }: FnValue): boolean {
  return form === 'let' || form === 'builtin';
}

/** Whether a function, called without arguments, yields a layer. */
export function yieldsLayer(cx: Context, callee: FnValue, site: CallSite): boolean {
  return mayMakeLayer(callee) && cx.speculate(() => cx.interpreter.apply(cx, callee, [], site)).value.kind === 'layer';
}

/**
 * The layer after a label, `x -> c: conv(8)`: what the function yields for its own list, without the value on the left. `undefined`, with a
 * report, if that is not a layer: functions have no weights to label.
 */
export function layerOf(
  cx: Context,
  callee: FnValue,
  label: Label,
  piped: readonly Argument[],
  args: readonly Argument[],
  site: CallSite,
): LayerValue | undefined {
  const before = cx.problems.length;
  const value = mayMakeLayer(callee) ? cx.interpreter.apply(cx, callee, args, site) : undefined;
  if (value?.kind === 'layer') return value;
  const problems = cx.problems.splice(before);
  // If the list is wrong by itself, it may be right with the value on the left, and then the label is the mistake.
  const fits = () => cx.speculate(() => cx.interpreter.apply(cx, callee, [...piped, ...args], site)).value.kind !== 'unknown';
  if (value?.kind === 'unknown' && (problems.length === 0 || !fits())) {
    append(cx.problems, problems);
    return undefined;
  }
  cx.error(
    'label-on-function',
    label.span,
    { label: label.text, name: nameOfFn(callee) },
    { fixes: fits() ? withoutLabel(cx, label, site) : [] },
  );
  return undefined;
}

/** The fix that removes a label and its colon. */
function withoutLabel(cx: Context, { span }: Label, { calleeSpan }: CallSite): readonly Fix[] {
  const { start } = calleeSpan;
  if (!/^\s*:\s*$/.test(cx.module.file.text.slice(span.end, start))) return [];
  return [{ title: 'remove the label', edits: [{ span: spanBeside(span, span.start, start), text: '' }] }];
}

/**
 * Applies a function as a stage: the value on the left is its first argument. If that makes a layer out of a tensor, or fails although the
 * written list alone yields a layer, a label is missing.
 */
export function applyStage(
  cx: Context,
  callee: FnValue,
  piped: readonly Argument[],
  args: readonly Argument[],
  site: CallSite,
): CheckValue {
  const before = cx.problems.length;
  const value = cx.interpreter.apply(cx, callee, args.length === 0 ? piped : [...piped, ...args], site);
  if (piped.length === 0 || !mayMakeLayer(callee)) return value;
  const isLayer = value.kind === 'layer' && piped.some((arg) => presentIn(arg.value).kind === 'tensor');
  if (!isLayer && !cx.problems.slice(before).some((p) => p.severity === 'error')) return value;
  const alone = cx.speculate(() => cx.interpreter.apply(cx, callee, args, site)).value;
  const layer = alone.kind === 'layer' ? alone : isLayer ? value : undefined;
  if (layer === undefined) return value;
  cx.problems.length = before;
  const name = nameOfFn(callee);
  const kind = layer.decl.name.text;
  const written = cx.module.file.text.slice(site.span.start, site.span.end);
  const labelled = alone.kind === 'layer' ? `${snakeCase(kind)}: ${written}` : undefined;
  cx.error('unlabelled-layer', site.span, { name, kind, labelled });
  return unknown;
}
