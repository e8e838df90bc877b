import { join } from 'node:path';
import { afterAll, beforeAll, describe, expect, test } from 'vitest';
import { ModuleFolder, root } from './written-modules.js';

/** What the calls below are given. */
const start = `import { tensor } from 'archc/runtime';
import { Kinds } from './out/kinds.arch.js';
import { Finetune, LeNet } from './out/digits.arch.js';

declare const kinds: Kinds;
declare const lenet: LeNet;
declare const trainer: Finetune;
/** A size that is known only when the program runs. */
declare const n: number;
declare const pixels: ImageData;
declare const [f32, f64, i64, i32, u8, u16, f16]: [Float32Array, Float64Array, BigInt64Array, Int32Array, Uint8Array, Uint16Array, Float16Array];
const ids = tensor(i64, [2, 3]);
const mask = tensor(u8, [2, 3]);
const image = tensor(f32, [2, 3, 8, 8]);
const rest = { half: u16, scale: 1 };
const fine = { ids, mask, image, ...rest };
`;

const correct = `
const { y, pooled, flags } = await kinds.run(fine);
y.shape satisfies readonly [2, 3];
pooled.shape satisfies readonly [2, 3, number, number];
flags.data satisfies Uint8Array;
// A size that only the program knows fits a symbolic size, and sizes are those of the inputs that have them.
(await kinds.run({ ...fine, ids: tensor(i32, [n, 3]) })).y.shape satisfies readonly [number, 3];
(await kinds.run({ ...fine, mask: tensor(u8, [n, n]) })).y.shape satisfies readonly [number, number];
(await kinds.run({ ...fine, ids: { data: [1, 2n, 3, 4, 5, 6], shape: [2, 3] } })).y.shape satisfies readonly [2, 3];
// Each element type has more than one form.
await kinds.run({ ids: [[1, 2n]], mask: [[true, false]], image: pixels, half: [1, 2, 3, 4], scale: [0.5] }, { resize: true });
await kinds.run({ ...fine, half: f16, mask: tensor([true, true, false, false, true, true], [2, 3]) });
(await lenet.run({ image: f32 })).logits.shape satisfies readonly [number, 10];
(await lenet.run({ image: tensor(f32, [4, 1, 28, 28]) })).logits.shape satisfies readonly [4, 10];
(await lenet.run({ image: { data: f32, shape: [4, 1, 28, 28] } })).logits.shape satisfies readonly [4, 10];
await trainer.step({ image: tensor(f32, [4, 1, 28, 28]), labels: tensor(i32, [4]) });
await trainer.step({ image: tensor(f32, [n, 1, 28, 28]), labels: [1, 2, 3n] });
await trainer.evaluate([{ image: f32, labels: i64 }]);
const kept: Kinds.Inputs<2, 3> = { ...fine };
const later: Kinds.Inputs = kept;
for await (const { y } of kinds.steps(later, ({ y }, i) => (y.data.length > i ? { ...fine } : undefined))) y.shape satisfies readonly [number, number];
`;

/** Each is one mistake, on a line of its own. */
const mistakes = [
  // rank
  'kinds.run({ ...fine, ids: tensor(i64, [6]) });',
  'lenet.run({ image: tensor(f32, [28, 28]) });',
  'lenet.run({ image: [[0.5]] });',
  // a fixed size
  'lenet.run({ image: tensor(f32, [1, 3, 28, 28]) });',
  'lenet.run({ image: tensor(f32, [1, 1, n, 28]) });',
  'lenet.run({ image: { data: f32, shape: [1, 1, 32, 28] } });',
  // sizes of several inputs
  'kinds.run({ ...fine, mask: tensor(u8, [2, 4]) });',
  'kinds.run({ ...fine, image: tensor(f32, [1, 3, 8, 8]) });',
  'trainer.step({ image: tensor(f32, [4, 1, 28, 28]), labels: tensor(i64, [5]) });',
  // element types
  'kinds.run({ ...fine, ids: tensor(f32, [2, 3]) });',
  'kinds.run({ ...fine, mask: tensor([0.5], [1, 1]) });',
  'lenet.run({ image: f64 });',
  'lenet.run({ image: tensor(f64, [1, 1, 28, 28]) });',
  // elements alone where several sizes are open
  'kinds.run({ ...fine, ids: i64 });',
  // names
  'lenet.run({ picture: f32 });',
  'lenet.run({});',
  // an image for planes of one color
  'lenet.run({ image: pixels });',
] as const;

const compilers = ['typescript', 'typescript-5.9'] as const;
let folder: ModuleFolder;

beforeAll(async () => {
  folder = new ModuleFolder();
  for (const name of ['kinds', 'digits']) await folder.build(name);
});

afterAll(() => folder.remove());

function compile(compiler: string, text: string): { readonly code: number | null; readonly said: string } {
  folder.write('program.ts', text);
  const compilerOptions = {
    strict: true,
    exactOptionalPropertyTypes: true,
    noErrorTruncation: false,
    noEmit: true,
    target: 'ES2022',
    lib: ['ESNext', 'DOM'],
    types: [],
    module: 'NodeNext',
    moduleResolution: 'NodeNext',
  };
  folder.write('tsconfig.json', JSON.stringify({ compilerOptions, files: ['program.ts'] }));
  return folder.run(join(root, 'node_modules', compiler, 'bin/tsc'), '-p', '.', '--pretty', 'false');
}

describe.each(compilers)('%s', (compiler) => {
  test('accepts tensors that fit, and knows the sizes of outputs', () => {
    expect(compile(compiler, start + correct)).toEqual({ code: 0, said: '' });
  });

  test('finds each mistake, and says it briefly', async () => {
    const { said } = compile(compiler, `${start}${mistakes.map((line) => `${line}\n`).join('')}`);
    const first = start.split('\n').length;
    const messages = mistakes.map((line, i) => {
      const own = new RegExp(`^program\\.ts\\(${first + i},\\d+\\): (error .*(?:\\n .*)*)`, 'gm');
      const found = [...said.matchAll(own)].map(([, message]) => message);
      expect(found, `${line}\n${said}`).not.toEqual([]);
      return `${line}\n${found.join('\n')}\n`;
    });
    await expect(messages.join('\n')).toMatchFileSnapshot(join(import.meta.dirname, `goldens/mistakes.${compiler}.txt`));
  });

  test('reads the types beside a source', () => {
    // With `allowArbitraryExtensions`, `./kinds.arch` has the declarations `./kinds.d.arch.ts`.
    folder.write('kinds.d.arch.ts', folder.read('out/kinds.arch.d.ts'));
    folder.write('beside.ts', "import { Kinds } from './kinds.arch';\nexport const made: Promise<Kinds> = Kinds.create();\n");
    const tsc = join(root, 'node_modules', compiler, 'bin/tsc');
    const said = (allowArbitraryExtensions: boolean) => {
      const compilerOptions = { noEmit: true, strict: true, module: 'ESNext', moduleResolution: 'bundler', lib: ['ESNext'], types: [] };
      folder.write(
        'beside.json',
        JSON.stringify({ compilerOptions: { ...compilerOptions, allowArbitraryExtensions }, files: ['beside.ts'] }),
      );
      return folder.run(tsc, '-p', 'beside.json', '--pretty', 'false').said;
    };
    expect(said(true)).toBe('');
    expect(said(false)).toMatch(/TS6263: .*'--allowArbitraryExtensions' is not set/);
  });
});
