/// <reference types="node" />
import path from 'node:path';
import { expect, test } from 'vitest';
import { Dim } from '../../src/dims/dim.js';
import { Facts } from '../../src/dims/facts.js';
import { completeAttrs } from '../../src/ops/attributes.js';
import { bindInputs, mapBound } from '../../src/ops/bind.js';
import { opNamed } from '../../src/ops/registry.js';
import { type Demand, RuleFailure } from '../../src/ops/rule.js';
import { type Residual, SymbolicRule } from '../../src/ops/symbolic-rule.js';
import { type DType, showType, type TensorType } from '../../src/ops/types.js';

type Call = readonly [name: string, inputs: Readonly<Record<string, TensorType>>, attrs?: Readonly<Record<string, unknown>>];

const calls: readonly Call[] = [
  // Symbolic options, as in a layer that is checked on its own.
  [
    'conv2d',
    { x: t('N g*I H W'), weight: t('g*O I k k') },
    { stride: Dim.variable('s'), padding: Dim.variable('p'), groups: Dim.variable('g') },
  ],
  ['conv2d', { x: t('N 3 H W'), weight: t('64 3 7 7') }, { stride: 2, padding: 3 }],
  ['conv2d', { x: t('N 3 H W'), weight: t('8 3 3 3') }, { stride: 2, padding: 'same' }],
  ['max_pool2d', { x: t('N C H W') }, { kernel: 3, stride: 2, padding: 1, ceil_mode: true }],
  ['max_pool2d', { x: t('N C H W') }, { kernel: 2, stride: 3, ceil_mode: true }],
  ['interpolate', { x: t('N C H W') }, { scale: [2, 0.5] }],
  ['conv2d', { x: t('N 3 H W'), weight: t('8 4 3 3') }],
  ['conv2d', { x: t('N 1 H W'), weight: t('8 4 3 3') }, { groups: 2 }],
  ['conv2d', { x: t('N 3 H W'), weight: t('8 1 3 3') }, { groups: 3 }],
  ['conv2d', { x: t('N C H W'), weight: t('8 4 3 3') }],
  ['conv2d', { x: t('3 8 8'), weight: t('8 3 3 3') }],
  ['conv2d', { x: t('N 3 5 5'), weight: t('8 3 7 7') }],
  ['conv2d', { x: t('N 3 5 5'), weight: t('8 3 9 9') }, { padding: 1 }],
  ['conv2d', { x: t('N 3 5 5'), weight: t('8 3 3 3'), bias: t('4') }],
  ['conv2d', { x: t('N 3 5 5'), weight: t('8 3 3 3') }, { stride: [1, 1, 1] }],
  ['conv2d', { x: t('N 3 5 5'), weight: t('8 3 3 3') }, { padding: [1, 1, 1] }],
  ['conv2d', { x: t('N 3 5 5'), weight: t('8 3 3 3') }, { stride: 0 }],
  ['conv2d', { x: t('N 3 5 5'), weight: t('8 3 3 3') }, { padding: -1 }],
  ['conv2d', { x: t('N 3 5 5', 'i64'), weight: t('8 3 3 3') }],
  ['conv_transpose2d', { x: t('N 3 5 5'), weight: t('4 3 3 3') }],
  ['conv_transpose2d', { x: t('N 3 5 5'), weight: t('3 3 3 3') }, { padding: 'same' }],
  ['conv_transpose2d', { x: t('N 3 1 1'), weight: t('3 3 1 1') }, { padding: 1 }],
  ['conv_transpose2d', { x: t('N 3 1 1'), weight: t('3 3 2 2') }, { output_padding: 1 }],
  ['max_pool2d', { x: t('N 3 5 5') }, { kernel: 2, padding: 2 }],
  ['max_pool2d', { x: t('N 3 1 5') }, { kernel: 2 }],
  ['max_pool2d', { x: t('N 3 5') }, { kernel: 2 }],
  ['adaptive_avg_pool2d', { x: t('N 3 5 5') }, { output: 0 }],
  ['adaptive_avg_pool2d', { x: t('N 3 5 5') }, { output: [1, 2, 3] }],
  ['batch_norm', { x: t('N 3 5 5'), mean: t('4'), var: t('4') }],
  ['layer_norm', { x: t('N 3 5'), weight: t('4') }],
  ['group_norm', { x: t('N 6 5') }, { groups: 4 }],
  ['lstm', { x: t('N T 10'), weight_ih: t('32 12'), weight_hh: t('32 8') }],
  ['lstm', { x: t('N T 10'), weight_ih: t('24 10'), weight_hh: t('24 8') }],
  ['lstm', { x: t('N T 10'), weight_ih: t('32 10'), weight_hh: t('32 8'), bias_ih: t('32') }],
  ['lstm', { x: t('N T 10'), weight_ih: t('32 10'), weight_hh: t('32 8') }, { direction: 'bidirectional' }],
  ['lstm', { x: t('N T 10'), weight_ih: t('32 10'), weight_hh: t('32 8'), weight_ih_reverse: t('32 10') }],
  ['gru', { x: t('N T 10'), weight_ih: t('24 10'), weight_hh: t('24 8'), h0: t('1 M 8') }],
  ['gru', { x: t('N T 10'), weight_ih: t('24 10'), weight_hh: t('24 8'), lengths: t('M', 'i64') }],
  ['attention', { q: t('N 6 T d'), k: t('N 4 S d'), v: t('N 4 S d') }],
  ['attention', { q: t('N 6 T 8'), k: t('N 6 S 4'), v: t('N 6 S 4') }],
  ['attention', { q: t('N 6 T d'), k: t('N 6 S d'), v: t('N 6 T d') }],
  ['attention', { q: t('N 6 T d'), k: t('N 6 S d'), v: t('N 6 S d'), mask: t('T T', 'bool') }],
  ['attention', { q: t('N 6 T d'), k: t('N 6 S d'), v: t('N 6 S d'), mask: t('T S', 'i64') }],
  ['interpolate', { x: t('N 3 H W') }],
  ['interpolate', { x: t('N 3 H W') }, { scale: 2, size: 3 }],
  ['interpolate', { x: t('N 3 H W') }, { scale: 1.3 }],
  ['interpolate', { x: t('N 3 H W') }, { scale: -1 }],
  ['interpolate', { x: t('N 3 4 4') }, { scale: 0.1 }],
  ['interpolate', { x: t('N 3 4') }, { scale: 2, mode: 'cubic' }],
  ['interpolate', { x: t('N 3 4 4') }, { scale: 2, align_corners: true }],
  ['pixel_shuffle', { x: t('N 6 4 4') }, { factor: 2 }],
  ['pixel_unshuffle', { x: t('N 6 5 4') }, { factor: 2 }],
  ['dropout', { x: t('N') }, { p: 1.5 }],
];

test('calls of convolutions, pooling, norms, recurrence, attention and resizing get these shapes and complaints', async () => {
  await expect(`${calls.map(answer).join('\n')}\n`).toMatchFileSnapshot(path.resolve('test/ops/layer-demands.txt'));
});

/** `[N, 3, g*O]` from `N 3 g*O`. */
function t(sizes: string, dtype: DType = 'f32'): TensorType {
  const factor = (word: string) => (/^\d+$/.test(word) ? Dim.of(Number(word)) : Dim.variable(word));
  const size = (words: string) => words.split('*').reduce((product, word) => product.mul(factor(word)), Dim.one);
  return { dtype, shape: sizes.split(' ').map(size) };
}

/** The call, and the types or the complaint that it gets. */
function answer([name, inputs, attrs = {}]: Call): string {
  const op = opNamed(name);
  if (op === undefined) throw new Error(`there is no operator ${name}`);
  const residuals: Residual[] = [];
  const given = [
    ...Object.entries(inputs).map(([input, type]) => `${input}: ${showType(type)}`),
    ...Object.entries(attrs).map(([k, v]) => `${k} = ${v}`),
  ];
  const call = `${name}(${given.join(', ')})`;
  try {
    const bound = bindInputs(
      op,
      Object.keys(op.inputs).map((input) => inputs[input]),
    );
    const rule = new SymbolicRule(Facts.none, (residual) => residuals.push(residual), name);
    const types: readonly TensorType[] = op.infer(
      rule,
      mapBound(bound, (type) => type),
      completeAttrs(op, attrs),
    );
    const open = residuals.map(({ kind, left, right }) => `\n  open: ${kind} ${left}, ${right}`);
    return `${call}\n  ${types.map((type) => showType(type)).join(', ')}${open.join('')}`;
  } catch (failure) {
    if (!(failure instanceof RuleFailure)) throw failure;
    return `${call}\n${complaint(failure.code, failure.demand)}`;
  }
}

function complaint(code: string, demand: Demand): string {
  const place = demand.input ?? demand.attr;
  const lines = [`  ${code}${place === undefined ? '' : ` at ${place}`}: ${demand.message}`];
  if (demand.wanted !== undefined) lines.push(`    wanted ${demand.wanted.join(', ')}`);
  if (demand.got !== undefined) lines.push(`    got    ${demand.got.join(', ')}`);
  if (demand.help !== undefined) lines.push(`    help: ${demand.help}`);
  return lines.join('\n');
}
