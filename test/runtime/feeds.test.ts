import { describe, expect, test } from 'vitest';
import type { Diagnostic } from '../../src/diagnostics/diagnostic.js';
import { Report } from '../../src/diagnostics/report.js';
import { parseFact, parseSize } from '../../src/dims/parse.js';
import type { DType } from '../../src/ops/types.js';
import { FeedError } from '../../src/runtime/pure/feed-error.js';
import { type FeedRequest, makeFeeds } from '../../src/runtime/pure/feeds.js';
import { inputNamed } from '../../src/runtime/pure/input-slots.js';
import type { DeclaredInput, Signature } from '../../src/runtime/pure/signature.js';
import { tensorOf } from '../../src/runtime/pure/tensor-numbers.js';

const span = { file: 'm.arch', start: 0, end: 1 };

/** `[N, 2*T]`, or undefined for an open rank. */
function input(name: string, shape: string | undefined, dtype: DType = 'f32'): DeclaredInput {
  const sizes = shape?.split(', ').map((text) => {
    const size = parseSize(text);
    if (size === undefined) throw new Error(`${text} is no size`);
    return size;
  });
  return { name, type: dtype, dtype, shape: sizes, span };
}

function signature(inputs: readonly DeclaredInput[], facts: readonly string[] = [], open: readonly string[] = []): Signature {
  const read = (texts: readonly string[]) => texts.flatMap((text) => parseFact(text) ?? []);
  return { inputs, outputs: new Map(), states: [], demands: { facts: read(facts), open: read(open) } };
}

function feed(of: Signature, request: Partial<FeedRequest> = {}) {
  const report = new Report();
  const feeds = makeFeeds(of, { given: new Map(), bound: new Map(), seed: 0, ...request }, report);
  return {
    feeds,
    shapes: feeds && Object.fromEntries([...feeds].map(([name, { dtype, shape }]) => [name, `${dtype} [${shape.join(', ')}]`])),
    report,
  };
}

function problemOf(work: () => unknown): unknown {
  try {
    work();
  } catch (error) {
    if (error instanceof FeedError) return error.problem;
    throw error;
  }
  return undefined;
}

const pair = signature([input('x', 'N, 2*T'), input('ids', 'T', 'i64')]);
const ones = (...shape: number[]) => tensorOf('f32', shape, new Float64Array(shape.reduce((a, b) => a * b, 1)).fill(1));

describe('makeFeeds', () => {
  test('keeps what is given, and generates the others with sizes that fit', () => {
    const x = ones(2, 6);
    const { feeds, shapes } = feed(pair, { given: new Map([['x', x]]) });
    expect(shapes).toEqual({ x: 'f32 [2, 6]', ids: 'i64 [3]' });
    expect(feeds?.get('x')).toBe(x);
  });

  test('has the order of the model, whatever is given', () => {
    const ids = tensorOf('i64', [5], [0, 1, 2, 3, 4]);
    expect([...(feed(pair, { given: new Map([['ids', ids]]) }).feeds?.keys() ?? [])]).toEqual(['x', 'ids']);
  });

  test('depends on the seed, and on nothing else', () => {
    const bytes = (seed: number) => feed(pair, { seed }).feeds?.get('x')?.bytes;
    expect(bytes(7)).toEqual(bytes(7));
    expect(bytes(7)).not.toEqual(bytes(8));
  });

  test('refuses sizes that the model does not have', () => {
    expect(problemOf(() => feed(pair, { bound: new Map([['M', 3]]) }))).toEqual({ kind: 'unknown-size', name: 'M', known: ['N', 'T'] });
  });

  test('takes the rank of a given tensor where the model leaves it open', () => {
    const open = signature([input('x', undefined)]);
    expect(feed(open, { given: new Map([['x', ones(2, 3)]]) }).shapes).toEqual({ x: 'f32 [2, 3]' });
    expect(problemOf(() => feed(open))).toEqual({ kind: 'open-rank', name: 'x' });
  });

  test.each([
    ['string', input('x', 'N', 'string')],
    ['sequence of f32', { ...input('x', undefined), dtype: undefined }],
  ])('refuses an input that takes a %s', (type, declared) => {
    const none = signature([{ ...declared, type }]);
    expect(problemOf(() => feed(none))).toEqual({ kind: 'not-numbers', name: 'x', type });
    expect(problemOf(() => inputNamed(none, 'x'))).toEqual({ kind: 'not-numbers', name: 'x', type });
  });

  test('without a source, open demands are refused like facts', () => {
    const of = signature([input('x', 'N')], ['N >= 1'], ['N % 5 == 0']);
    const { feeds, report } = feed(of, { bound: new Map([['N', 4]]) });
    expect(feeds).toBeUndefined();
    expect(report.diagnostics).toMatchObject([{ code: 'size-breaks-fact', message: expect.stringContaining('N % 5 == 0') }]);
  });
});

describe('makeFeeds with a source', () => {
  const problem: Diagnostic = { ...problemDiagnostic(), code: 'unmet-fact' };

  test('leaves open demands and unknown names to the checker', () => {
    const seen: (readonly [string, number])[][] = [];
    const recheck = (sizes: ReadonlyMap<string, number>) => {
      seen.push([...sizes]);
      return [];
    };
    const of = signature([input('x', 'N')], [], ['N % 5 == 0']);
    expect(feed(of, { bound: new Map(Object.entries({ N: 4, M: 2 })), recheck }).shapes).toEqual({ x: 'f32 [4]' });
    expect(seen).toEqual([
      [
        ['N', 4],
        ['M', 2],
      ],
    ]);
  });

  test('reports what the checker finds, with the shapes of this run', () => {
    const { feeds, report } = feed(signature([input('x', 'N, 3'), input('fixed', '2')]), { recheck: () => [problem] });
    expect(feeds).toBeUndefined();
    expect(report.diagnostics).toMatchObject([{ code: 'unmet-fact', notes: [{ span, text: '[4, 3] in this run' }] }]);
  });

  test('does not show shapes for a size that does not exist', () => {
    const { report } = feed(signature([input('x', 'N')]), { recheck: () => [{ ...problem, code: 'unknown-size' }] });
    expect(report.diagnostics).toMatchObject([{ code: 'unknown-size', notes: [] }]);
  });
});

function problemDiagnostic(): Diagnostic {
  const report = new Report();
  report.add('size-breaks-fact', span, { fact: 'N >= 5', sizes: 'N = 4' });
  const [first] = report.diagnostics;
  if (first === undefined) throw new Error('nothing was reported');
  return first;
}

describe('inputNamed', () => {
  test('finds an input, and lists those that there are', () => {
    expect(inputNamed(pair, 'ids')).toEqual({ name: 'ids', dtype: 'i64', span });
    expect(problemOf(() => inputNamed(pair, 'y'))).toEqual({ kind: 'unknown-input', name: 'y', known: ['x', 'ids'] });
  });

  test('an error has a sentence for programs', () => {
    expect(() => inputNamed(pair, 'y')).toThrow('the model has no input `y`');
    expect(() => feed(signature([input('x', undefined)]))).toThrow('the input `x` has no known rank');
  });
});
