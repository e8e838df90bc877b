import { describe, expect, it } from 'vitest';
import { relativePath, willRenameFiles } from '../../../src/ide/features/rename/rename-files.js';
import { textsAfter } from '../../../src/ide/features/rename/verify.js';
import { opened } from '../../kit/ide.js';

const files = {
  'main.arch': 'import { A } from "./lib/a.arch"\nimport { rope } from "std/attention"\n',
  'lib/a.arch': 'import { B } from "./b.arch"\nlet A = B\n',
  'lib/b.arch': 'let B = 1\n',
};

function changed(from: string, to: string): Readonly<Record<string, string>> {
  const { workspace } = opened(files);
  return Object.fromEntries(textsAfter(workspace, willRenameFiles(workspace, [{ from, to }])));
}

describe('willRenameFiles', () => {
  it('changes imports of a file', () => {
    expect(changed('lib/b.arch', 'lib/c.arch')).toEqual({ 'lib/a.arch': files['lib/a.arch'].replace('b.arch', 'c.arch') });
  });

  it('changes imports in a file that moves, and of it', () => {
    expect(changed('lib/a.arch', 'a.arch')).toEqual({
      'main.arch': files['main.arch'].replace('lib/a.arch', 'a.arch'),
      'lib/a.arch': files['lib/a.arch'].replace('./b.arch', './lib/b.arch'),
    });
  });

  it('follows a folder', () => {
    expect(changed('lib', 'parts/blocks')).toEqual({ 'main.arch': files['main.arch'].replace('./lib/', './parts/blocks/') });
  });

  it('changes nothing where a path leads to the same file', () => {
    expect(changed('other.arch', 'another.arch')).toEqual({});
  });

  it.each([
    ['a/b/c.arch', 'a/d.arch', '../d.arch'],
    ['c.arch', 'a/d.arch', './a/d.arch'],
    ['/x/y/c.arch', '/x/z/d.arch', '../z/d.arch'],
    ['a.arch', '../b.arch', './../b.arch'],
  ])('writes the path from %s to %s', (from, to, path) => {
    expect(relativePath(from, to)).toBe(path);
  });
});
