import { expect, it } from 'vitest';
import { diagnostics } from '../../../src/ide/features/diagnostics.js';
import { opened, textAt } from '../../kit/ide.js';

const main = 'layer L(x: Tensor[N, 8]) -> Tensor[N, 8] { return x -> ‸Block }\n';
const lib = 'layer Block(x: Tensor[*B, D]) -> Tensor[*B, D] { return x }\n';

it('an unknown name has a note where another file of the workspace declares it', () => {
  const { workspace, path } = opened({ 'a/main.arch': main, 'lib.arch': lib, 'other.arch': 'let a = 1\n' }, ['lib.arch']);
  const [found] = diagnostics(workspace, path);
  const [note] = found?.diagnostic.notes ?? [];
  expect(note?.text).toBe('`Block` is in ../lib.arch');
  expect(note && textAt(workspace, note.span)).toBe('Block');
});

it('an unknown name has no note of a file that imports its own', () => {
  const user = `import { L } from "./main.arch"\n${lib}model M = L\n`;
  const { workspace, path } = opened({ 'main.arch': main, 'user.arch': user });
  expect(diagnostics(workspace, path)[0]?.diagnostic.notes).toEqual([]);
});
