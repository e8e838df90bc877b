import { describe, expect, test } from 'vitest';
import { applyFix, check, createMemoryHost, rangesIn, toJson } from '../../src/index.js';

const text = 'model M(x: Tensor[N, 8]) -> (y: Tensor[N, 4]) {\r\n  # 😀\r  return x -> fc: Liner(4)\n}\n';
const file = check('m.arch', createMemoryHost({ 'm.arch': text }));
const [mistake] = file.diagnostics;
if (mistake === undefined) throw new Error('`Liner` is misspelled');

describe('rangesIn', () => {
  const rangeOf = rangesIn(file.sources);

  test('gives lines and columns from 1, in UTF-16 units, whatever ends the lines', () => {
    expect(rangeOf(mistake.span)).toEqual({
      start: { line: 3, column: 19, offset: text.indexOf('Liner') },
      end: { line: 3, column: 24, offset: text.indexOf('(4)') },
    });
    const after = text.indexOf('😀') + 2;
    expect(rangeOf({ file: 'm.arch', start: after, end: after }).start).toEqual({ line: 2, column: 7, offset: after });
  });

  test('stays inside the file', () => {
    expect(rangeOf({ file: 'm.arch', start: -5, end: 1e6 })).toEqual({
      start: { line: 1, column: 1, offset: 0 },
      end: { line: 5, column: 1, offset: text.length },
    });
  });
});

test('toJson gives what `archc check --format json` prints', () => {
  const [found] = toJson(file.diagnostics, file.sources);
  expect(found).toMatchObject({ code: 'unknown-name', file: 'm.arch', range: { start: { line: 3, column: 19 } } });
  expect(JSON.parse(JSON.stringify(found))).toEqual(found);
});

describe('applyFix', () => {
  const sources = new Map([
    ['a', 'one two three'],
    ['b', 'four'],
  ]);
  const edit = (path: string, start: number, end: number, by: string) => ({ span: { file: path, start, end }, text: by });

  test('gives the new texts of the files that change', () => {
    const [fix] = mistake.fixes;
    const changed = applyFix(fix ?? expect.fail(), file.sources);
    expect([...changed]).toEqual([['m.arch', text.replace('Liner', 'Linear')]]);
    expect(file.next(changed.get('m.arch') ?? '').diagnostics).toEqual([]);
  });

  test('applies edits in any order, of several files, and those at one place in their order', () => {
    const edits = [edit('a', 8, 13, '3'), edit('b', 4, 4, '!'), edit('a', 0, 3, '1'), edit('a', 4, 4, '<'), edit('a', 4, 4, '>')];
    expect([...applyFix({ title: '', edits }, sources)]).toEqual([
      ['a', '1 <>two 3'],
      ['b', 'four!'],
    ]);
    const around = [edit('a', 4, 7, '2'), edit('a', 7, 7, ')'), edit('a', 4, 4, '(')];
    expect(applyFix({ title: '', edits: around }, sources).get('a')).toBe('one (2) three');
  });

  test('needs the texts', () => {
    expect(() => applyFix({ title: '', edits: [edit('c', 0, 0, 'x')] }, sources)).toThrow(RangeError);
  });
});
