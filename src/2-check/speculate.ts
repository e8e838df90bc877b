import type { Diagnostic } from '../diagnostics/diagnostic.js';
import { append } from '../lists.js';
import type { Context } from './context.js';

/** The outcome of a trial. */
export interface Trial<T> {
  readonly value: T;
  /** What the work reported; also in the context if the work was kept. */
  readonly problems: readonly Diagnostic[];
}

/**
 * Runs `work` in `cx` and undoes all that it did, unless `keeps` approves: problems, steps, returns, open demands, labels, names and their
 * values, facts, and what the session records about it. Only the effort still counts toward the limits, so that nested trials come to an
 * end.
 */
export function speculate<T>(cx: Context, work: () => T, keeps: (trial: Trial<T>) => boolean): Trial<T> & { readonly kept: boolean } {
  const { problems, facts, path, flow, scope } = cx;
  const steps = cx.steps.length;
  const returns = cx.returns.length;
  const rests = cx.rests.snapshot();
  const marks = [cx.labels.mark(), cx.axes.mark(), cx.newSizes.mark()];
  for (const block of scope.upTo(cx.body)) marks.push(block.mark());
  const takeBack = () => {
    cx.steps.length = steps;
    cx.returns.length = returns;
    cx.facts = facts;
    cx.path = path;
    cx.flow = flow;
    cx.scope = scope;
    cx.rests.restore(rests);
    for (const restore of marks) restore();
  };
  let kept = false;
  cx.problems = [];
  const end = cx.session.beginTrial();
  try {
    const value = work();
    const trial = { value, problems: cx.problems };
    kept = keeps(trial);
    if (kept) append(problems, trial.problems);
    return { value, problems: trial.problems, kept };
  } finally {
    cx.problems = problems;
    if (!kept) takeBack();
    end(kept);
  }
}
