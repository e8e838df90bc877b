import { writeFileSync } from 'node:fs';
import { expect, test } from 'vitest';
import { commandLine } from '../kit/command-line.js';
import { useOwnFolder } from '../kit/own-folder.js';

const source = `model Net(x: Tensor[N, 3, 8, 8]) -> (y: Tensor[N, 4, 8, 8]) {
  a = x -> c1: Conv2d(4, 3, padding = 1) -> b1: BatchNorm2d -> relu
  b = a -> c2: Conv2d(4, 3, padding = 1)
  return (b -> b2: BatchNorm2d) + b
}
`;
useOwnFolder(() => {
  writeFileSync('net.arch', source);
});

/** What a build prints after its first line. */
async function said(...options: string[]): Promise<string> {
  const { code, err } = await commandLine(['net.arch', '--target', 'cpu', ...options]);
  expect(code, err).toBe(0);
  return err.slice(err.indexOf('\n') + 1);
}

test('--explain says where a rule applied, and why it did not apply elsewhere, in source order', async () => {
  expect(await said('--explain', 'fold-batch-norm')).toBe(
    `fold-batch-norm: folds batch norm into the convolution or linear layer before it
  applied 1 time, not applied 1 time
  net.arch:2:49  b1  applied
  net.arch:4:20  b2  not applied: something else reads the result of the
                     convolution
`,
  );
});

test('--explain all only names the rules that find nothing', async () => {
  const text = await said('--explain', 'all');
  expect(text).toMatch(/^fold-batch-norm: /m);
  expect(text).toMatch(/^fold-weights: .*\n {2}applied 2 times, not applied 0 times\n(?:.*\n)+?.*`c1\.weight\+b1\.weight/m);
  expect(text).toMatch(/^no match in this model: /m);
  expect(text).not.toMatch(/^merge-lora/m);
  for (const line of text.split('\n')) expect(line.length).toBeLessThanOrEqual(80);
});

test('--print-passes counts changes and nodes', async () => {
  const text = await said('--print-passes');
  expect(text).toMatch(/^pass +changes +nodes +what it does$/m);
  expect(text).toMatch(/^fold-weights +2 +\d+ +stores values that depend/m);
});

test('--print-passes says in which form each operator with several is written', async () => {
  writeFileSync(
    'net.arch',
    `model Net(x: Tensor[N, T, 32]) -> (y: Tensor[N, T, 32]) {
  q = x -> reshape([N, T, 4, 8]) -> transpose([0, 2, 1, 3])
  return attention(q, q, q) -> transpose([0, 2, 1, 3]) -> reshape([N, T, 32]) -> norm: LayerNorm() -> gelu
}
`,
  );
  expect(await said('--print-passes', '--opset', '22')).toMatch(
    /^operator +calls +written as\nattention +1 +its definition\n(?:gelu .*\n)?layer_norm +1 +.*\n/m,
  );
  expect(await said('--print-passes')).toMatch(/^joined_attention +1 +ONNX Attention with three axes$/m);
});

test('a rule that does not exist is refused before anything is built', async () => {
  const { code, err } = await commandLine(['net.arch', '--explain', 'fold-batchnorm']);
  expect(code).toBe(2);
  expect(err).toContain('there is no rule `fold-batchnorm`');
  expect(err).toContain('did you mean `fold-batch-norm`?');
});
