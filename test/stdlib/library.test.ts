/// <reference types="node" />
import { execFileSync } from 'node:child_process';
import { resolve } from 'node:path';
import { describe, expect, test } from 'vitest';
import { showShape } from '../../src/ops/types.js';
import { standardLibrary } from '../../src/stdlib.generated.js';
import { checkText, compileText, complaints, modelOf, rendered } from '../kit/source.js';
import { type LibraryModule, library } from './library.js';

const root = resolve(import.meta.dirname, '../..');
const modules = library();
const entries = modules.flatMap((module) => module.entries);

test('the compiler holds what lies in stdlib/', () => {
  expect(() => execFileSync(process.execPath, ['scripts/embed-stdlib.mjs', '--check'], { cwd: root })).not.toThrow();
});

test.each(Object.keys(standardLibrary))('%s is right for all sizes', (path) => {
  const result = checkText(standardLibrary[path] as string);
  expect(result.diagnostics, rendered(result)).toEqual([]);
});

test.each(entries.map((entry) => [entry.name, entry] as const))(
  'the example of %s compiles to what it says, in half precision, too',
  (_, { example }) => {
    for (const dtype of ['f32', 'f16'] as const) {
      const result = compileText(example, { dtype });
      expect(result.diagnostics, rendered(result)).toEqual([]);
    }
  },
);

test('docs/stdlib.md says what the library says of itself', async () => {
  await expect(reference(modules)).toMatchFileSnapshot(resolve(root, 'docs/stdlib.md'));
});

/** The reference page: every signature, its words, its example and the parameters that the example has. */
function reference(modules: readonly LibraryModule[]): string {
  const lines = [
    '# The standard library',
    '',
    'This page lists the layers and functions that are written in archc itself; their source is in [`stdlib/`](../stdlib). Names, shapes and initial',
    "values of parameters are those of `torch.nn`, so a PyTorch state dict fits by name. Input widths are never written: they are inferred from the tensor's type.",
    'Functions such as `relu`, `softmax`, `max_pool2d` or `cross_entropy` are [built in](operators.md).',
    '',
    'Written by `npm run test:update` from the comments in the source.',
  ];
  for (const { path, about, entries } of modules) {
    lines.push('', `## ${path}`, '', about);
    for (const { name, signature, prose, example } of entries) {
      lines.push('', `### ${name}`, '', '```text', signature, '```', '', prose, '', '```arch', example.trimEnd(), '```');
      const parameters = modelOf(example).graph.parameters.map(({ hint, type }) => `\`${hint}\` ${showShape(type.shape)}`);
      if (parameters.length > 0) lines.push('', `Parameters here: ${parameters.join(', ')}.`);
    }
  }
  return `${lines.join('\n')}\n`;
}

describe('a mistake in a use is shown there, in words about the use', () => {
  const wrong = (inputs: string, value: string) => {
    const result = compileText(`model M(${inputs}) -> (y: Tensor[*R]) { return ${value} }`);
    return [...complaints(result), result.diagnostics[0]?.message];
  };

  test.each([
    [
      'x: Tensor[N, D]',
      'x -> fc: Linear(3)',
      'open-parameter@1',
      'the parameter `weight` has the size `D`, which is only known at run time',
    ],
    [
      'x: Tensor[N, 4, H, W]',
      'x -> c: Conv2d(8, kernel = [3, 3, 3])',
      'bad-option@1',
      'this takes one size, or a list of 2, but got a list of 3',
    ],
    [
      'x: Tensor[N, 4, H, W]',
      'x -> c: Conv2d(8, 3, groups = 3)',
      'unmet-fact@1',
      '`Conv2d` requires `C % groups == 0`, but 4 % 3 == 0 is false',
    ],
    [
      'x: Tensor[N, T, 10]',
      'x -> e: TransformerEncoderLayer(4)',
      'unmet-fact@1',
      '`TransformerEncoderLayer` requires `D % heads == 0`, but 10 % 4 == 0 is false',
    ],
    [
      'x: Tensor[N, 9, 10]',
      'x -> p: LearnedPositions(8)',
      'unmet-fact@1',
      '`LearnedPositions` requires `T <= max_len`, but 9 <= 8 is false',
    ],
    [
      'x: Tensor[N, 3, 30, 32]',
      'x -> p: PatchEmbed(dim = 8, patch = 4)',
      'unmet-fact@1',
      '`PatchEmbed` requires `H % patch == 0`, but 30 % 4 == 0 is false',
    ],
    [
      'x: Tensor[N, 8]',
      'x -> b: BatchNorm2d',
      'argument-rank@1',
      '`x` of `BatchNorm2d` has the form [N, C, H, W], but this tensor is [N, 8]',
    ],
    ['x: Tensor[N, 8]', 'focal_loss(x, x, reduction = "batchmean")', 'assertion-failed@1', '`reduction` must be "mean", "sum" or "none"'],
    [
      'x: Tensor[N, 8], labels: Tensor<i64>[N]',
      'recall(x, labels, average = "samples")',
      'assertion-failed@1',
      '`average` must be "micro", "macro", "weighted" or "none"',
    ],
    [
      'x: Tensor[N, 8], labels: Tensor<i64>[N]',
      'top_k_accuracy(x, labels, 9)',
      'unmet-fact@1',
      '`top_k_accuracy` requires `k <= C`, but 9 <= 8 is false',
    ],
  ])('%s: %s', (inputs, value, code, message) => {
    expect(wrong(inputs, value)).toEqual([code, message]);
  });
});

test('initial values are those of torch.nn', () => {
  const { graph } = modelOf(`model M(x: Tensor[N, 4, 8, 8]) -> (y: Tensor[N, T, 16]) {
  return x -> conv: Conv2d(6, [3, 2], groups = 2) -> bn: BatchNorm2d -> up: ConvTranspose2d(4, kernel = 2, groups = 2)
    -> reshape([N, -1, 16]) -> attn: TransformerEncoderLayer(2, ff = 4)
}`);
  const initial = Object.fromEntries(
    graph.parameters.flatMap(({ hint, source }) => (source.kind === 'parameter' ? [[hint, source.parameter.init]] : [])),
  );
  const kaiming = { kind: 'kaiming_uniform', a: Math.sqrt(5), mode: 'fan_in', nonlinearity: 'leaky_relu' };
  const within = (fan: number) => ({ kind: 'uniform', low: -1 / Math.sqrt(fan), high: 1 / Math.sqrt(fan) });
  expect(initial).toEqual({
    'conv.weight': kaiming,
    'conv.bias': within((4 / 2) * 3 * 2),
    'bn.weight': { kind: 'ones' },
    'bn.bias': { kind: 'zeros' },
    'bn.running_mean': { kind: 'zeros' },
    'bn.running_var': { kind: 'ones' },
    'bn.num_batches_tracked': { kind: 'zeros' },
    'up.weight': kaiming,
    'up.bias': within((4 / 2) * 2 * 2),
    'attn.self_attn.in_proj_weight': { kind: 'xavier_uniform', gain: 1 },
    'attn.self_attn.in_proj_bias': { kind: 'zeros' },
    'attn.self_attn.out_proj.weight': kaiming,
    'attn.self_attn.out_proj.bias': { kind: 'zeros' },
    'attn.linear1.weight': kaiming,
    'attn.linear1.bias': within(16),
    'attn.linear2.weight': kaiming,
    'attn.linear2.bias': within(4),
    'attn.norm1.weight': { kind: 'ones' },
    'attn.norm1.bias': { kind: 'zeros' },
    'attn.norm2.weight': { kind: 'ones' },
    'attn.norm2.bias': { kind: 'zeros' },
  });
});
