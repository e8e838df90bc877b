import type { Span } from '../../diagnostics/span.js';
import { knownAt, matcherOf, nearTo } from '../../name-patterns.js';
import { showShape } from '../../ops/types.js';
import type { Context } from '../context.js';
import type { ParameterSpec } from '../values/values.js';
import type { PatternSetting } from './checked-training.js';

/** The weights of a model by their full names. */
export type Weights = ReadonlyMap<string, ParameterSpec>;

/** What patterns in a block are matched against. */
export interface Matched {
  readonly model: string;
  readonly weights: Weights;
  /** The paths of layers. */
  readonly layers: ReadonlySet<string>;
}

/** The trained weights that a pattern matches; reports one that matches none. */
export function checkPattern(cx: Context, { model, weights }: Matched, { pattern, span }: PatternSetting): readonly string[] {
  const matches = matcherOf(pattern);
  const found = [...weights.keys()].filter(matches);
  const isTrained = (name: string) => weights.get(name)?.trainable === true;
  const trained = found.filter(isTrained);
  if (trained.length === 0)
    reportUnmatched(cx, { pattern, span }, { model, names: [...weights.keys()].filter(isTrained), of: 'weight', found });
  return trained;
}

/** Reports a pattern that matches no layer. A layer below a match counts, too, unless `below` is false. */
export function checkLayers(
  cx: Context,
  { model, layers }: Matched,
  { pattern, span }: PatternSetting,
  { below }: { below: boolean },
): void {
  const names = [...layers];
  if (!names.some(matcherOf(pattern, { below }))) reportUnmatched(cx, { pattern, span }, { model, names, of: 'layer', found: [] });
}

interface Unmatched {
  readonly model: string;
  readonly names: readonly string[];
  readonly of: 'weight' | 'layer';
  /** What it does match, but should not. */
  readonly found: readonly string[];
}

function reportUnmatched(cx: Context, { pattern, span }: PatternSetting, { model, names, of, found }: Unmatched): void {
  const near = found.length > 0 ? [] : nearTo(pattern, names);
  const [best] = near;
  const fixes = best === undefined ? [] : [{ title: `write \`${best}\``, edits: [{ span, text: best }] }];
  cx.error('unmatched-pattern', span, { pattern, model, of, buffer: found[0], near, known: knownAt(pattern, names) }, { fixes });
}

/** LoRA adds a product of two thin matrices to a weight, which must itself be a matrix. */
export function checkLoraPattern(cx: Context, matched: Matched, setting: PatternSetting): void {
  const found = checkPattern(cx, matched, setting);
  const [first] = found;
  const shapeOf = (name: string) => matched.weights.get(name)?.type.shape ?? [];
  if (first === undefined || found.some((name) => shapeOf(name).length === 2)) return;
  cx.error('lora-pattern', setting.span, { pattern: setting.pattern, name: first, shape: showShape(shapeOf(first)) });
}

/** Reports a block in which no weight is trained. */
export function checkTrained(cx: Context, { model, weights }: Matched, frozen: readonly PatternSetting[], place: Span): void {
  const matchers = frozen.map(({ pattern }) => matcherOf(pattern));
  const isTrained = ([name, { trainable }]: readonly [string, ParameterSpec]) => trainable && !matchers.some((matches) => matches(name));
  if (![...weights].some(isTrained)) cx.error('nothing-trained', place, { model, hasWeights: weights.size > 0 });
}
