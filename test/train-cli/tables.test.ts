import { describe, expect, test } from 'vitest';
import { readArrays } from '../../src/data/arrays.js';
import type { Column } from '../../src/data/column.js';
import { readCsv } from '../../src/data/csv.js';
import { DataError } from '../../src/data/data-error.js';
import type { RowInput } from '../../src/data/inputs.js';
import { readJsonl } from '../../src/data/jsonl.js';
import { Table } from '../../src/data/table.js';
import { Dim } from '../../src/dims/dim.js';
import { integersIn } from '../../src/runtime/pure/integer-range.js';
import { npzOf, safetensorsOf } from '../kit/digit-files.js';

const x: RowInput = { name: 'x', dtype: 'f32', shape: [2] };
const label: RowInput = { name: 'label', dtype: 'i64', shape: [] };
const tokens: RowInput = { name: 'tokens', dtype: 'i64', shape: ['T'] };
const labels: RowInput = { name: 'labels', dtype: 'i64', shape: ['T'] };

const pause = async () => {};
const none: ReadonlyMap<string, string> = new Map();
const mapped = (pairs: Readonly<Record<string, string>>) => new Map(Object.entries(pairs));
const csv = (text: string, inputs: readonly RowInput[], mapping = none) => readCsv(text, 'd.csv', inputs, mapping, pause);
const jsonl = (text: string, inputs: readonly RowInput[], mapping = none) => readJsonl(text, 'd.jsonl', inputs, mapping, pause);

async function batchOf(columns: readonly Column[], rows: readonly number[], padding: Readonly<Record<string, number>> = {}) {
  const batch = await new Table(columns, new Map(Object.entries(padding))).batch(rows);
  return Object.fromEntries(
    Object.entries(batch).map(([name, value]) => {
      const { data, shape } = value as { data: ArrayLike<number | bigint>; shape: readonly number[] };
      return [name, { data: Array.from(data, Number), shape }];
    }),
  );
}

/** The message of what is thrown, with its hint, each of at most 80 columns. */
async function refusal(work: () => unknown): Promise<string> {
  try {
    await work();
  } catch (error) {
    if (!(error instanceof DataError)) throw error;
    const text = error.hint === undefined ? error.message : `${error.message}\n${error.hint}`;
    expect(`archc: ${error.message}`.length, text).toBeLessThanOrEqual(80);
    expect(`  = help: ${error.hint ?? ''}`.length, text).toBeLessThanOrEqual(80);
    return text;
  }
  throw new Error('nothing was thrown');
}

test('a value that the model cannot use is refused with its file and row', async () => {
  const allowed = integersIn({ least: Dim.zero, most: Dim.of(9), also: -100 }, new Map());
  const [one, several] = [
    { ...label, allowed },
    { ...tokens, allowed },
  ];
  const table = (columns: readonly Column[]) => () => new Table(columns, new Map());
  new Table(await csv('label\n9\n-100\n0', [one]), new Map());
  expect(await refusal(table(await csv('label\n9\n10', [one])))).toBe('d.csv:3: `label` is 10\nit must be from 0 to 9, or -100');
  expect(await refusal(table(await jsonl('{"tokens": [1, 2]}\n{"tokens": [3, -1]}', [several])))).toBe(
    'd.jsonl:2: `tokens` is -1 at [1]\nit must be from 0 to 9, or -100',
  );
  const stored = npzOf({ label: { dtype: 'i64', shape: [2], data: BigInt64Array.of(3n, 12n) } });
  expect(await refusal(table(readArrays(stored, 'd.npz', [one], none)))).toBe(
    'd.npz: label[1]: `label` is 12\nit must be from 0 to 9, or -100',
  );
});

describe('the formats', async () => {
  const want = { x: { data: [3, 4, 1, 2.5], shape: [2, 2] }, label: { data: [1, 0], shape: [2] } };

  test('a table with a column for each number, for lists, and for a range of columns', async () => {
    expect(await batchOf(await csv('a,b,y\n1,2.5,0\n3,4,1\n', [x, label], mapped({ x: 'a+b', label: 'y' })), [1, 0])).toEqual(want);
    expect(await batchOf(await csv('\ufeffx,label\r\n"[1, 2.5]",0\r\n\r\n"[3,4]", 1', [x, label]), [1, 0])).toEqual(want);
    expect(await batchOf(await csv('y;p0;p1\n0;1;2.5\n1;3;4', [x, label], mapped({ x: 'p0..p1', label: 'y' })), [1, 0])).toEqual(want);
    expect(await batchOf(await csv('label\tx..\n0\t[1,2.5]\n1\t[3e0,4]', [x, label], mapped({ x: 'x..' })), [1, 0])).toEqual(want);
  });

  test('JSON lines', async () => {
    expect(await batchOf(await jsonl('{"x": [1, 2.5], "label": 0, "other": {}}\n\n{"label": 1, "x": [3, 4]}', [x, label]), [1, 0])).toEqual(
      want,
    );
  });

  test('arrays, in other types and under other names', async () => {
    const arrays = {
      features: { dtype: 'f64', shape: [2, 2], data: Float64Array.of(1, 2.5, 3, 4) },
      y: { dtype: 'u8', shape: [2], data: Uint8Array.of(0, 1) },
    } as const;
    const mapping = mapped({ x: 'features', label: 'y' });
    expect(await batchOf(readArrays(npzOf(arrays), 'd.npz', [x, label], mapping), [1, 0])).toEqual(want);
    expect(await batchOf(readArrays(safetensorsOf(arrays), 'd.safetensors', [x, label], mapping), [1, 0])).toEqual(want);
  });

  test('every element type', async () => {
    const row = (dtype: RowInput['dtype']): RowInput => ({ name: 'v', dtype, shape: [] });
    const data = Float64Array.of(0, 1);
    for (const dtype of ['f32', 'f64', 'i8', 'i16', 'i32', 'i64', 'u8', 'u16', 'u32', 'u64', 'bool'] as const) {
      expect(await batchOf(readArrays(npzOf({ v: { dtype: 'f64', shape: [2], data } }), 'd.npz', [row(dtype)], none), [1, 0])).toEqual({
        v: { data: [1, 0], shape: [2] },
      });
      expect(await batchOf(await csv('v\n0\n1', [row(dtype)]), [1, 0])).toEqual({ v: { data: [1, 0], shape: [2] } });
    }
    expect(await batchOf(await csv('v\n0\n1', [row('f16')]), [1, 0])).toEqual({ v: { data: [0x3c00, 0], shape: [2] } });
  });

  test('images without their axis of size 1, and as lists', async () => {
    const image: RowInput = { name: 'image', dtype: 'f32', shape: [1, 2, 2] };
    const data = Uint8Array.of(1, 2, 3, 4);
    const want = { image: { data: [1, 2, 3, 4], shape: [1, 1, 2, 2] } };
    expect(await batchOf(readArrays(npzOf({ image: { dtype: 'u8', shape: [1, 2, 2], data } }), 'd.npz', [image], none), [0])).toEqual(want);
    expect(await batchOf(await jsonl('{"image": [1, 2, 3, 4]}', [image]), [0])).toEqual(want);
    expect(await batchOf(await jsonl('{"image": [[[1, 2], [3, 4]]]}', [image]), [0])).toEqual(want);
  });
});

describe('padding', async () => {
  const text = '{"tokens": [5, 6], "labels": [6, 7]}\n{"tokens": [8], "labels": [9]}\n{"tokens": [1, 2, 3], "labels": [2, 3, 4]}\n';

  test('fills rows up to the longest of the batch', async () => {
    const columns = await jsonl(text, [tokens, labels]);
    expect(await batchOf(columns, [1, 0], { tokens: 0, labels: -100 })).toEqual({
      tokens: { data: [8, 0, 5, 6], shape: [2, 2] },
      labels: { data: [9, -100, 6, 7], shape: [2, 2] },
    });
    expect((await batchOf(columns, [1], { tokens: 0, labels: -100 })).tokens).toEqual({ data: [8], shape: [1, 1] });
  });

  test('fills up to the size that the model takes', async () => {
    const fixed: RowInput = { ...tokens, shape: [4] };
    expect(await batchOf(await jsonl('{"tokens": [5, 6]}', [fixed]), [0], { tokens: 9 })).toEqual({
      tokens: { data: [5, 6, 9, 9], shape: [1, 4] },
    });
    expect(await refusal(async () => new Table(await jsonl('{"tokens": [1, 2, 3, 4, 5]}', [fixed]), new Map([['tokens', 0]])))).toBe(
      'd.jsonl:1: `tokens` takes [4], and the row has [5]',
    );
  });

  test('fills several axes', async () => {
    const grid: RowInput = { name: 'g', dtype: 'f32', shape: ['H', 'W'] };
    const columns = await jsonl('{"g": [[1, 2, 3]]}\n{"g": [[4], [5]]}', [grid]);
    expect(await batchOf(columns, [0, 1], { g: -1 })).toEqual({
      g: { data: [1, 2, 3, -1, -1, -1, 4, -1, -1, 5, -1, -1], shape: [2, 2, 3] },
    });
  });

  test('is needed for rows of different lengths, with a value of the type', async () => {
    const columns = await jsonl(text, [tokens, labels]);
    expect(await refusal(() => new Table(columns, new Map()))).toBe(
      'd.jsonl:2: `tokens` has [1], and the rows before have [2]\n`--pad tokens=0` fills shorter rows up to [T]',
    );
    expect(await refusal(() => new Table(columns, new Map([['tokens', 0.5]])))).toBe('`--pad tokens=0.5`: `tokens` is i64');
    const range = integersIn({ least: Dim.zero, most: Dim.of(9), also: -100 }, new Map());
    const classes = columns.map((column) => ({ ...column, input: { ...column.input, allowed: range } }));
    expect(await refusal(() => new Table(classes, new Map([['tokens', -1]])))).toBe(
      '`--pad tokens=-1`: `tokens` must be from 0 to 9, or -100',
    );
    expect(await refusal(async () => new Table(await csv('label\n1', [label]), new Map([['label', 0]])))).toBe(
      '`--pad label`: a row of `label` is a single number',
    );
  });

  test('leaves sizes of one name equal within a row', async () => {
    const columns = await jsonl('{"tokens": [5, 6], "labels": [6]}', [tokens, labels]);
    expect(
      await refusal(
        () =>
          new Table(
            columns,
            new Map([
              ['tokens', 0],
              ['labels', 0],
            ]),
          ),
      ),
    ).toBe('d.jsonl:1: T is 1 in `labels`, and 2 in `tokens`');
  });
});

describe('mistakes are reported with file and row', () => {
  test.each([
    ['a number out of range', 'v\n1\n300', 'u8', 'd.csv:3: `v` is u8, but it is 300'],
    ['a fraction', 'v\n1\n\n1.5', 'i64', 'd.csv:4: `v` is i64, but it is 1.5'],
    ['an element of a list', 'v\n"[1, 70000]"', 'f16', 'd.csv:2: `v` is f16, but its element [1] is 70000'],
    ['an integer beyond 2^53', 'v\n9007199254740993', 'i64', 'd.csv:2: `v` is i64, but it is 9007199254740992'],
    ['a number for a boolean', 'v\n2', 'bool', 'd.csv:2: `v` is bool, but it is 2'],
    ['a text', 'v\n1\nsetosa', 'f32', 'd.csv:3: `v` is not a number: setosa'],
    ['an empty cell', 'v,w\n1,1\n,2', 'f32', 'd.csv:3: `v` is empty'],
    ['a cell that is NaN', 'v,w\n1,1\nNaN,2', 'f32', 'd.csv:3: `v` must be finite, but it is NaN\nfill the value in, or remove the row'],
    ['an infinite cell', 'v\n-inf', 'f32', 'd.csv:2: `v` must be finite, but it is -inf\nfill the value in, or remove the row'],
    ['a number beyond f64', 'v\n1e999', 'f32', 'd.csv:2: `v` must be finite, but it is 1e999\nfill the value in, or remove the row'],
    [
      'a number beyond f64 in a list',
      'v\n"[1, -1e999]"',
      'f64',
      'd.csv:2: `v` must be finite, but its element [1] is -Infinity\nfill the value in, or remove the row',
    ],
    ['a missing cell', 'v,w\n1,1\n2', 'f32', 'd.csv:3: there are 1 cells, and 2 columns'],
    ['a quote that does not end', 'v\n1\n"2', 'f32', 'd.csv:3: a quote is not closed'],
    ['a quote in a cell', 'v\n1"2"', 'f32', 'd.csv:2: a quote is in the middle of a cell'],
    ['a list that is not JSON', 'v\n"[1, ]"', 'f32', 'd.csv:2: `v`: a value is missing here (at character 4)'],
    ['two columns of a name', 'v,v\n1,2', 'f32', 'd.csv: two columns are called `v`'],
    ['nothing', '', 'f32', 'd.csv is empty'],
  ] as const)('%s of a table', async (_, text, dtype, message) => {
    expect(await refusal(() => csv(text, [{ name: 'v', dtype, shape: [] }]))).toBe(message);
  });

  test.each([
    ['no JSON', '{"v": 1}\n{v: 1}', 'd.jsonl:2: a key in double quotes is missing here (at character 1)'],
    ['no object', '[1]', 'd.jsonl:1 is not a JSON object'],
    ['a key twice', '{"v": 1, "v": 2}', 'd.jsonl:1: the key "v" appears twice (at character 9)'],
    ['a text', '{"v": "one"}', 'd.jsonl:1: `v` is not a number: "one"'],
    ['NaN', '{"v": 1}\n{"v": NaN}', 'd.jsonl:2: `NaN` is not a value of JSON (at character 6)'],
    [
      'a number beyond f64',
      '{"v": [1, 1e999]}',
      'd.jsonl:1: `v` must be finite, but its element [1] is Infinity\nfill the value in, or remove the row',
    ],
    ['null', '{"v": [1, null]}', 'd.jsonl:1: `v` is not a number: null'],
    ['lists of different lengths', '{"v": [[1, 2], [3]]}', 'd.jsonl:1: `v`: its lists have different lengths'],
    ['a missing key', '{"v": 1}\n{"w": 1}', 'd.jsonl:2 has no column `v`\nit has w; `--columns v=NAME` maps one'],
  ])('%s in JSON lines', async (_, text, message) => {
    expect(await refusal(() => jsonl(text, [{ name: 'v', dtype: 'f32', shape: [] }]))).toBe(message);
  });

  test('in arrays', async () => {
    const npz = (dtype: 'f64' | 'i64' | 'f32' | 'f16', shape: readonly number[], data: ArrayBufferView) =>
      npzOf({ v: { dtype, shape, data } });
    const read = (bytes: Uint8Array, input: RowInput) => refusal(() => new Table(readArrays(bytes, 'd.npz', [input], none), new Map()));
    const one: RowInput = { name: 'v', dtype: 'i64', shape: [] };
    expect(await read(npz('f64', [3], Float64Array.of(1, 2, 2.5)), one)).toBe('d.npz: v[2] is 2.5, but `v` is i64');
    expect(await read(npz('i64', [2, 2], BigInt64Array.of(1n, 2n, 3n, 300n)), { name: 'v', dtype: 'u8', shape: [2] })).toBe(
      'd.npz: v[1][1] is 300, but `v` is u8',
    );
    expect(await read(npz('f64', [1], Float64Array.of(1e300)), { name: 'v', dtype: 'f32', shape: [] })).toBe(
      'd.npz: v[0] is 1e+300, but `v` is f32',
    );
    const finite = '`v` must be finite\nfill the value in, or remove the row';
    for (const dtype of ['f16', 'bf16', 'f32', 'f64'] as const) {
      expect(await read(npz('f32', [2, 2], Float32Array.of(1, 2, 3, Number.NaN)), { name: 'v', dtype, shape: [2] })).toBe(
        `d.npz: v[1][1] is NaN, but ${finite}`,
      );
      expect(await read(npz('f64', [2], Float64Array.of(1, Number.NEGATIVE_INFINITY)), { name: 'v', dtype, shape: [] })).toBe(
        `d.npz: v[1] is -Infinity, but ${finite}`,
      );
      expect(await read(npz('f16', [1, 2], Uint16Array.of(0x3c00, 0x7e00)), { name: 'v', dtype, shape: [2] })).toBe(
        `d.npz: v[0][1] is NaN, but ${finite}`,
      );
    }
    expect(await read(npz('f64', [1], Float64Array.of(Number.NaN)), one)).toBe('d.npz: v[0] is NaN, but `v` is i64');
    expect(await read(npz('f32', [2, 3], new Float32Array(6)), { name: 'v', dtype: 'f32', shape: [2] })).toBe(
      'd.npz: v[0]: `v` takes [2], and the row has [3]',
    );
    expect(await read(npz('f32', [], new Float32Array(1)), one)).toBe('d.npz: v is a single number, and has no rows');
    expect(await read(npz('f32', [2], new Float32Array(2)).subarray(0, 40), one)).toBe('cannot read d.npz: it is not a complete zip file');
    expect(
      await refusal(() =>
        readArrays(
          npzOf({
            x: { dtype: 'f32', shape: [1, 2], data: new Float32Array(2) },
            label: { dtype: 'i64', shape: [2], data: new BigInt64Array(2) },
          }),
          'd.npz',
          [x, label],
          none,
        ),
      ),
    ).toBe('d.npz: `label` has 2 rows, and `x` has 1');
    expect(() => readArrays(new Uint8Array(4), 'd.safetensors', [x], none)).toThrow(
      'cannot read d.safetensors: it is not a safetensors file: it has 4 bytes, less than a header',
    );
  });

  test('unknown columns and inputs', async () => {
    const text = 'pixels,digit\n1,2';
    expect(await refusal(() => csv(text, [label]))).toBe(
      'd.csv has no column `label`\nit has pixels, digit; `--columns label=NAME` maps one',
    );
    expect(await refusal(() => csv(text, [label], mapped({ label: 'digits' })))).toBe(
      'd.csv has no column `digits`\ndid you mean `digit`?',
    );
    expect(await refusal(() => csv(text, [label], mapped({ labels: 'digit' })))).toBe(
      '`--columns`: the training has no input `labels`\ndid you mean `label`?',
    );
    expect(await refusal(() => csv(text, [label], mapped({ label: 'digit..pixels' })))).toBe(
      'd.csv: the column `pixels` comes before `digit`',
    );
    expect(await refusal(() => csv(text, [x], mapped({ x: 'pixels..digits' })))).toBe(
      'd.csv has no column `digits`\ndid you mean `digit`?',
    );
    expect(await refusal(() => csv('Label\n1', [label]))).toBe(
      'd.csv has no column `label`\ndid you mean `Label`? `--columns label=Label`',
    );
  });
});
