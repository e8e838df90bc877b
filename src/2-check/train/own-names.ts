import type { TrainDecl } from '../../1-syntax/ast.js';
import type { Span } from '../../diagnostics/span.js';
import type { Context } from '../context.js';
import type { CheckedTraining } from './checked-training.js';
import type { Weights } from './patterns.js';

/** What archc adds to the graphs of a block under names of its own. Reports inputs, metrics and weights that have these names. */
export function checkOwnNames(
  cx: Context,
  train: TrainDecl,
  {
    model,
    metrics,
    optimizer,
    accumulate,
    ema,
    precision,
  }: Pick<CheckedTraining, 'model' | 'metrics' | 'optimizer' | 'accumulate' | 'ema' | 'precision'>,
  weights: Weights,
): void {
  const states = [
    ...['step', 'seed'],
    ...(accumulate > 1 ? ['batch'] : []),
    ...(precision === 'f16' ? ['loss_scale', 'good_steps', 'skipped_steps'] : []),
    ...(optimizer.lr.kind === 'input' ? ['lr'] : []),
  ];
  const report = (name: string, span: Span | undefined) => cx.error('training-name', span ?? train.name.span, { name });
  for (const { name, span } of model.entries.flatMap(({ inputs }) => inputs)) if (states.includes(name)) report(name, span);
  for (const clause of train.clauses)
    if (clause.kind === 'metric' && states.includes(clause.name.text)) report(clause.name.text, clause.name.span);
  const averages = ema === undefined ? [] : [...weights.keys()].map((name) => `ema.${name}`);
  const own = ['gradient.norm', 'change.norm', ...(accumulate > 1 ? ['gradient.weight'] : [])];
  const taken = new Set([...states, ...averages, ...own, ...['loss', ...metrics].map((name) => `${name}.weight`)]);
  for (const [name, { span }] of weights) if (taken.has(name)) report(name, placeOf(cx, name) ?? span);
}

/** Where the layer of a weight, or the weight itself, is called so. */
function placeOf(cx: Context, weight: string): Span | undefined {
  const segments = weight.split('.');
  const { written } = cx.labels.names;
  return segments.flatMap((_, i) => written.get(segments.slice(0, i + 1).join('.'))?.span ?? [])[0];
}
