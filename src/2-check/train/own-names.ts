import type { TrainDecl } from '../../1-syntax/ast.js';
import type { Span } from '../../diagnostics/span.js';
import type { Context } from '../context.js';
import type { CheckedTraining } from './checked-training.js';
import type { Weights } from './patterns.js';

/** What archc adds to the graphs of a block under names of its own. Reports inputs, metrics and weights that have these names. */
export function checkOwnNames(
  cx: Context,
  train: TrainDecl,
  { model, metrics, optimizer, accumulate }: Pick<CheckedTraining, 'model' | 'metrics' | 'optimizer' | 'accumulate'>,
  weights: Weights,
): void {
  const states = ['step', 'seed', ...(accumulate > 1 ? ['batch'] : []), ...(optimizer.lr.kind === 'input' ? ['lr'] : [])];
  const report = (name: string, span: Span | undefined) => cx.error('training-name', span ?? train.name.span, { name });
  for (const { name, span } of model.entries.flatMap(({ inputs }) => inputs)) if (states.includes(name)) report(name, span);
  for (const clause of train.clauses)
    if (clause.kind === 'metric' && states.includes(clause.name.text)) report(clause.name.text, clause.name.span);
  const taken = new Set([...states, ...['loss', ...metrics].map((name) => `${name}.weight`)]);
  const { written } = cx.labels.names;
  for (const [name, { span }] of weights) if (taken.has(name)) report(name, written.get(name.split('.')[0] ?? '')?.span ?? span);
}
