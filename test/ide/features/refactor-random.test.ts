import { describe, expect, it } from 'vitest';
import type { Expr } from '../../../src/1-syntax/ast.js';
import { eachNode } from '../../../src/1-syntax/walk.js';
import { codeActions, resolveCodeAction } from '../../../src/ide/features/actions/code-actions.js';
import { blocksIn } from '../../../src/ide/features/actions/refactor/tree.js';
import { textsAfter } from '../../../src/ide/features/rename/verify.js';
import type { FileView } from '../../../src/ide/file-view.js';
import { opened } from '../../kit/ide.js';
import { modelGraphs } from '../../kit/model-graphs.js';
import { randomNumbers } from '../../kit/random.js';
import { isLong, samples } from '../../kit/samples.js';
import { smallExamples } from '../../kit/small-examples.js';

const own = Object.fromEntries(smallExamples().map(({ name, text }) => [name, text]));

/** Spans that a person may select: expressions, runs of statements, stages, and cursors. */
function selections({ items }: { readonly items: FileView['items'] }, length: number) {
  const spans: { start: number; end: number }[] = [];
  for (const item of items()) {
    eachNode(item, (node) => {
      const { kind, span, stage } = node as Expr & { readonly stage?: Expr };
      if (span !== undefined && kind !== ('layer' as string)) spans.push({ start: span.start, end: span.end });
      if (stage !== undefined) spans.push({ start: stage.span.start, end: span.end });
    });
    for (const { statements } of blocksIn(item))
      for (const [i, first] of statements.entries())
        for (const last of statements.slice(i, i + 3)) spans.push({ start: first.span.start, end: last.span.end });
  }
  for (let at = 0; at < length; at += 7) spans.push({ start: at, end: at });
  return spans;
}

describe('refactorings at random places', () => {
  it.each(Object.entries(own))(
    'of %s leave its graphs as they are',
    (name, text) => {
      const random = randomNumbers(text.length);
      const { workspace, path } = opened(text);
      const view = workspace.view(path) as FileView;
      const before = modelGraphs({ [path]: text }, path);
      const spans = selections({ items: () => view.items() }, text.length);
      const done = new Map<string, number>();
      for (let i = 0; i < samples(6, 40); i++) {
        const span = spans[Math.floor(random() * spans.length)] ?? { start: 0, end: 0 };
        for (const action of codeActions(workspace, path, span, ['refactor'])) {
          const sort = action.title.replaceAll(/`[^`]*`/g, '');
          // Often offered ones are tried less often.
          if ((done.get(sort) ?? 0) > 6) continue;
          const { edits } = action.edits === undefined ? resolveCodeAction(workspace, path, span, action) : action;
          if (edits === undefined) continue;
          done.set(sort, (done.get(sort) ?? 0) + 1);
          const after = textsAfter(workspace, edits).get(path) ?? text;
          const where = `${action.title} in ${name} at ${text.slice(span.start, span.end)}\n${after}`;
          expect(modelGraphs({ [path]: after }, path), where).toEqual(before);
        }
      }
      if (isLong) expect(done.size).toBeGreaterThan(0);
    },
    300_000,
  );
});
