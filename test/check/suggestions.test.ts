import { describe, expect, it } from 'vitest';
import type { Edit, Fix } from '../../src/diagnostics/diagnostic.js';
import { programFiles, programsOf } from '../kit/programs.js';
import { checkText, rendered } from '../kit/source.js';

const states = ({ title }: Fix) => title.startsWith('state `where ');

function edited(text: string, edits: readonly Edit[]): string {
  let after = text;
  for (const { span, text: insert } of [...edits].sort((a, b) => b.span.start - a.span.start))
    after = after.slice(0, span.start) + insert + after.slice(span.end);
  return after;
}

/** Applies every fix that states a fact, and says how often there was one. The error is gone then, and no other has come. */
function applyAll(files: Readonly<Record<string, string>>, options = {}): number {
  const before = checkText(files, options);
  const fixes = before.diagnostics.flatMap((d) => d.fixes.filter(states));
  for (const { title, edits } of fixes) {
    const path = edits[0]?.span.file ?? '';
    const after = checkText({ ...files, [path]: edited(files[path] ?? '', edits) }, options);
    // What a layer states its uses have to keep, which were not looked at before.
    const [, fact = ''] = /^state `where (.*)`$/.exec(title) ?? [];
    const errors = after.diagnostics.filter(
      (d) => d.severity === 'error' && !(d.code === 'unmet-fact' && d.message.includes(`\`${fact}\``)),
    );
    expect(errors.length, `${title}\n${rendered(before)}\n${rendered(after)}`).toBeLessThan(before.diagnostics.length);
  }
  return fixes.length;
}

it('a fact that a message offers removes its error and makes no other, in all programs of the tests', () => {
  let applied = 0;
  for (const file of programFiles) for (const { files, options } of programsOf(file)) applied += applyAll(files, options);
  expect(applied).toBeGreaterThan(20);
});

describe('a fact that a message offers', () => {
  const offered = (source: string) => {
    applyAll({ 'main.arch': source });
    return checkText(source).diagnostics.map((d) => d.fixes.filter(states).map((fix) => fix.title.slice('state `where '.length, -1)));
  };
  const model = (body: string, signature = 'x: Tensor[N, 4, L]) -> (y: Tensor[N, 4, T])') => `model M(${signature} { ${body} }`;

  it.each([
    [
      'is in parentheses where it has to be',
      'x: Tensor[N, 4, L + 1]) -> (y: Tensor[N, 4, T])',
      'return zeros([N, 4, (L + 1) / 4])',
      '(L + 1) % 4 == 0',
    ],
    ['is about the names themselves', 'x: Tensor[N, L]) -> (y: Tensor[N, T])', 'return zeros([N, L // 4])[:, 1..]', 'L >= 4'],
    ['joins those that are there', 'x: Tensor[N, L]) -> (y: Tensor[N, T]) where N >= 2, L >= 2', 'return x[:, 3..]', 'L >= 3'],
    ['joins those in parentheses', 'x: Tensor[N, L]) -> (y: Tensor[N, T]) where (N >= 2)', 'return x[:, 3..]', 'L >= 3'],
    ['is about a divisor', 'x: Tensor[N, L]) -> (y: Tensor[N, L])', 'return x + 12 // (L - 1)', 'L >= 2'],
    ['is about two sizes', 'x: Tensor[N, L], k: Tensor[K]) -> (y: Tensor[N, T])', 'return x[:, K..]', 'L >= K'],
    [
      'makes halves whole',
      'x: Tensor[N, 4, L]) -> (y: Tensor[N, 8, L])',
      'return concat(x, repeat_interleave(max_pool1d(x, 2), 2, axis = 2), axis = 1)',
      'L % 2 == 0',
    ],
  ])('%s', (_, signature, body, fact) => {
    expect(offered(model(body, signature))).toEqual([[fact]]);
  });

  it('speaks of the sizes of the model where a layer is used', () => {
    const source = `layer Rest(x: Tensor[N, C, L]) -> Tensor[N, C, T] where L >= 3 { return x[.., 3..] }
model M(x: Tensor[N, 4, K]) -> (y: Tensor[N, 4, T]) { return x[.., 0..] -> Rest }`;
    expect(offered(source)).toEqual([['K >= 3']]);
  });

  it.each([
    ['it could never hold', 'return x[.., 0..L + 1]'],
    ['it would contradict the others', 'return x[.., 9..]', 'x: Tensor[N, 4, L]) -> (y: Tensor[N, 4, T]) where L <= 5'],
    ['it is about numbers', 'return x[:, 5..]'],
    [
      'its names are not those of a signature',
      'return x -> Any',
      undefined,
      'layer Any(x: Tensor[*B]) -> Tensor[*B] { return x[.., 1..][.., 1..] }',
    ],
  ])('is not there where %s', (_, body, signature = undefined, more = '') => {
    expect(offered(`${more}\n${model(body, signature)}`)).toEqual([[]]);
  });
});
