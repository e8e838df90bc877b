import { mkdtempSync, readdirSync, rmSync, writeFileSync } from 'node:fs';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import { afterAll, describe, expect, test } from 'vitest';
import { writeSafetensors } from '../../src/6-emit/weights/write-safetensors.js';
import { type BuildOptions, build, createMemoryHost } from '../../src/index.js';
import { type BuildFileOptions, buildFile } from '../../src/node.js';
import { tensorOf } from '../../src/runtime/pure/tensor-numbers.js';

const folder = mkdtempSync(join(tmpdir(), 'archc-unusable-'));
afterAll(() => rmSync(folder, { recursive: true, force: true }));

const source = `model M(x: Tensor[N, 2]) -> (y: Tensor[N, 512]) {
  return x -> fc: Linear(512, bias = false)
}
`;
const pair = `model P() {
  fc = Linear(512, bias = false)
  entry one(x: Tensor[N, 2]) -> (y: Tensor[N, 512]) { return x -> fc }
  entry two(x: Tensor[N, 2]) -> (y: Tensor[N, 512]) { return -(x -> fc) }
}
`;
/** More elements than are computed before anything is written. */
const computed = `model M(x: Tensor[N]) -> (y: Tensor[N]) {
  param w: Tensor<i64>[2000000] = 1 // (range(2000000) - 1999999)
  return x * cast(w[0], float_type)
}
`;
const options = { dtype: 'f16', weights: 'w.safetensors' } as const;
const values = Float64Array.from({ length: 1024 }, (_, i) => (i === 777 ? -70_000 : i));
const stored = Uint8Array.from(
  writeSafetensors([{ name: 'fc.weight', ...tensorOf('f32', [512, 2], values) }]).flatMap((chunk) => [...chunk]),
);
const tooLarge = 'weights-value: `fc.weight` has the value -70000 in w.safetensors, which is too large for f16';

interface Built {
  readonly failed: boolean;
  readonly diagnostics: readonly {
    readonly code: string;
    readonly message: string;
    readonly span: { readonly file: string; readonly start: number; readonly end: number };
  }[];
  readonly sources: ReadonlyMap<string, string>;
}

/** The messages of a build, with the text at their places. */
function said({ diagnostics, sources }: Built): readonly (readonly [string, string | undefined])[] {
  return diagnostics.map(({ code, message, span }) => [
    `${code}: ${message.replaceAll(`${folder}/`, '')}`,
    sources.get(span.file)?.slice(span.start, span.end),
  ]);
}

function inMemory(text: string, given: BuildOptions = {}): ReturnType<typeof build> {
  return build('m.arch', createMemoryHost({ 'm.arch': text, 'w.safetensors': stored }), given);
}

async function onDisk(text: string, { weights, ...given }: BuildFileOptions = {}): ReturnType<typeof buildFile> {
  writeFileSync(join(folder, 'm.arch'), text);
  writeFileSync(join(folder, 'w.safetensors'), stored);
  const file = weights === undefined ? {} : { weights: join(folder, weights) };
  const result = await buildFile(join(folder, 'm.arch'), join(folder, 'm.onnx'), { ...given, ...file });
  expect(readdirSync(folder).sort()).toEqual(['m.arch', 'w.safetensors']);
  return result;
}

describe('a stored value that is too large for the float type is reported at its parameter', () => {
  test.each([
    ['build', source, 'Linear(512, bias = false)'],
    ['build of several entries', pair, 'fc'],
  ])('by %s', (_, text, place) => {
    const result = inMemory(text, options);
    expect(said(result)).toEqual([[tooLarge, place]]);
    expect([result.failed, result.bytes, result.artifacts]).toEqual([true, undefined, undefined]);
  });

  test.each([
    ['buildFile', source, 'Linear(512, bias = false)', {}],
    ['buildFile with a data file', source, 'Linear(512, bias = false)', { externalData: 'always' }],
    ['buildFile of several entries', pair, 'fc', {}],
  ] as const)('by %s', async (_, text, place, more) => {
    const result = await onDisk(text, { ...options, ...more });
    expect(said(result)).toEqual([[tooLarge, place]]);
    expect([result.failed, result.written]).toEqual([true, undefined]);
  });
});

describe('an initial value that turns out to have no result while it is written is reported at its parameter', () => {
  const wanted = [
    ['weights-init: an integer is divided by 0, or is too large for its type; `w` is [2000000]', expect.stringContaining('w')],
  ];

  test('by build', () => {
    const result = inMemory(computed);
    expect(said(result)).toEqual(wanted);
    expect([result.failed, result.bytes]).toEqual([true, undefined]);
  });

  test('by buildFile', async () => {
    expect(said(await onDisk(computed))).toEqual(wanted);
  });
});
