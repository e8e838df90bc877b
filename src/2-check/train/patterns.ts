import type { PathPattern } from '../../1-syntax/ast.js';
import { knownAt, matcherOf, nearTo } from '../../name-patterns.js';
import { showShape } from '../../ops/types.js';
import type { Context } from '../context.js';
import type { ParameterSpec } from '../values/values.js';

/** The weights of a model by their full names. */
export type Weights = ReadonlyMap<string, ParameterSpec>;

/** Reports a pattern that matches no trained weight. */
export function checkPattern(cx: Context, model: string, pattern: PathPattern, weights: Weights): readonly string[] {
  const matches = matcherOf(pattern.text);
  const found = [...weights.keys()].filter(matches);
  const trained = found.filter((name) => weights.get(name)?.trainable === true);
  if (trained.length > 0) return trained;
  const names = [...weights.keys()].filter((name) => weights.get(name)?.trainable === true);
  const near = found.length > 0 ? [] : nearTo(pattern.text, names);
  const [best] = near;
  const fixes = best === undefined ? [] : [{ title: `write \`${best}\``, edits: [{ span: pattern.span, text: best }] }];
  cx.error(
    'unmatched-pattern',
    pattern.span,
    { pattern: pattern.text, model, buffer: found[0], near, known: knownAt(pattern.text, names) },
    { fixes },
  );
  return [];
}

/** LoRA adds a product of two thin matrices to a weight, which must itself be a matrix. */
export function checkLoraPattern(cx: Context, model: string, pattern: PathPattern, weights: Weights): void {
  const found = checkPattern(cx, model, pattern, weights);
  const [first] = found;
  const shapeOf = (name: string) => weights.get(name)?.type.shape ?? [];
  if (first === undefined || found.some((name) => shapeOf(name).length === 2)) return;
  cx.error('lora-pattern', pattern.span, { pattern: pattern.text, name: first, shape: showShape(shapeOf(first)) });
}
