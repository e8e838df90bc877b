import { describe, expect, it } from 'vitest';
import type { MemberExpr, NameExpr } from '../../src/1-syntax/ast.js';
import { eachNode } from '../../src/1-syntax/walk.js';
import type { FileView } from '../../src/ide/file-view.js';
import { keyOf } from '../../src/ide/names/named.js';
import { shippedSources } from '../kit/broken-source.js';
import { opened } from '../kit/ide.js';

/** For each name in the text: what it is, and the offset of where that is declared. */
function names(source: string): readonly string[] {
  const { workspace, path, text } = opened(source);
  const view = workspace.view(path) as FileView;
  return view.occurrences().map(({ span, named, role }) => {
    const at = named.span === undefined ? 'built in' : named.span.file === path ? `${named.span.start}` : named.span.file;
    return `${text.slice(span.start, span.end)}: ${named.kind}, ${role}, ${at}`;
  });
}

describe('names', () => {
  it('are what is declared around them', () => {
    const source = 'layer L(out: int)(x: Tensor[*B, D]) -> Tensor[*B, out] {\n  y = x -> fc: Linear(out, bias = D > 3)\n  return y\n}\n';
    expect(names(source)).toEqual([
      'L: layer, definition, 6',
      'out: hyperparameter, definition, 8',
      'int: kind, read, built in',
      'x: input, definition, 18',
      'B: size, definition, 29',
      'D: size, definition, 32',
      'B: size, read, 29',
      'out: hyperparameter, read, 8',
      'y: variable, definition, 59',
      'x: input, read, 18',
      'fc: label, definition, 68',
      'Linear: layer, read, std/layers',
      'out: hyperparameter, read, 8',
      'bias: hyperparameter, read, std/layers',
      'D: size, read, 32',
      'y: variable, read, 59',
    ]);
  });

  it('have equal keys exactly if they are the same thing', () => {
    const { workspace, path } = opened('let a = 1\nlet f(a) = a + 1\nlet b = f(a)\n');
    const keys = (workspace.view(path) as FileView).occurrences().map(({ span, named }) => [span.start, keyOf(named)]);
    expect(keys).toEqual([
      [4, 'main.arch:4'],
      [14, 'main.arch:14'],
      [16, 'main.arch:16'],
      [21, 'main.arch:16'],
      [31, 'main.arch:31'],
      [35, 'main.arch:14'],
      [37, 'main.arch:4'],
    ]);
  });

  it('are known for every name in the shipped files', () => {
    for (const { name, text } of shippedSources()) {
      const { workspace, path } = opened(text);
      const view = workspace.view(path) as FileView;
      const known = new Set(view.occurrences().map(({ span }) => span.start));
      const unknown: string[] = [];
      for (const item of view.items())
        eachNode(item, (node) => {
          if (node.kind === 'name' && !known.has((node as NameExpr).span.start)) unknown.push((node as NameExpr).name);
          if (node.kind === 'member' && !known.has((node as MemberExpr).name.span.start))
            unknown.push(`.${(node as MemberExpr).name.text}`);
        });
      expect(unknown, name).toEqual([]);
    }
  });
});
