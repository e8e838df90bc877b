import { Dim } from '../../dims/dim.js';
import { dimsAttr, int } from '../attrs.js';
import { core } from '../define.js';
import { ndArray } from '../nd/array.js';
import { only } from '../only.js';
import type { OnnxBuilder } from '../onnx-builder.js';
import { castNode } from '../onnx-cast.js';
import { exactly } from '../sample.js';
import { reshapeNode } from '../shape/reshape-target.js';
import { concrete, product } from '../sizes.js';
import type { TensorType } from '../types.js';
import { demandShape } from './demand-shape.js';

/** Odd multipliers of the three rounds. */
const multipliers = [0x27d4eb2f, 0x165667b1, 0x2c1b3c6d] as const;
const forIndex = 0x9e3779b1;
const forSeed = 0x85ebca6b;
const forStream = 0xc2b2ae35;
const increment = 0x3c6ef372;

export const randomUniform = core({
  name: 'random_uniform',
  family: 'create',
  doc: {
    summary: 'Numbers from 0 to 1 that look random. The same seed and stream give the same ones on every device.',
    example: 'random_uniform(seed, shape = [2, 3])',
    source: 'a stateless hash of seed, stream and position in 32-bit integers, as in Salmon et al. 2011; torch.rand gives other numbers',
  },
  inputs: { seed: 'i32, a scalar' },
  attrs: { shape: dimsAttr('the shape; [] for a scalar'), stream: int('calls with other numbers give independent numbers', 0) },
  outputs: ['y'],
  infer: (rule, { seed }, { shape }) => {
    demandShape(rule, shape);
    rule.dtype('seed', seed, ['i32']);
    rule.rank('seed', seed, 0, '[]');
    return [{ dtype: 'f32', shape }];
  },
  flops: (_x, { shape }) => product(shape).mul(24),
  // ONNX has generators of its own, but their numbers change from run to run and from device to device.
  onnx: (g, { seed }, { shape, stream }) => {
    const count = product(shape);
    const flat: TensorType = { dtype: 'i32', shape: [count] };
    const end = count.constant === undefined ? castNode(g, g.dim(count), 'i32') : g.scalar(count.constant, 'i32');
    const index = only(g.node('Range', [g.scalar(0, 'i32'), end, g.scalar(1, 'i32')], {}, [flat]));
    const scalar: TensorType = { dtype: 'i32', shape: [] };
    const start = calculate(g, 'Add', calculate(g, 'Mul', seed, int32(g, forSeed), scalar), int32(g, Math.imul(stream, forStream)), scalar);
    let h = calculate(g, 'Add', calculate(g, 'Mul', index, int32(g, forIndex), flat), start, flat);
    for (const k of multipliers) {
      h = calculate(g, 'Add', h, calculate(g, 'Div', h, int32(g, 1 << 15), flat), flat);
      h = calculate(g, 'Add', calculate(g, 'Mul', h, int32(g, k), flat), int32(g, increment), flat);
      const odd = calculate(g, 'Add', calculate(g, 'Add', h, h, flat), int32(g, 1), flat);
      h = calculate(g, 'Mul', h, odd, flat);
      h = calculate(g, 'Add', h, calculate(g, 'Div', h, int32(g, 1 << 16), flat), flat);
    }
    const real: TensorType = { dtype: 'f32', shape: [count] };
    const scaled = calculate(g, 'Mul', castNode(g, h, 'f32'), g.scalar(2 ** -32, 'f32'), real);
    const uniform = calculate(g, 'Add', scaled, g.scalar(0.5, 'f32'), real);
    return [shape.length === 1 ? uniform : reshapeNode(g, uniform, shape)];
  },
  evaluate: ({ seed }, { shape, stream }) => {
    const y = ndArray('f32', shape.map(concrete));
    const start = (Math.imul(seed.data[0] ?? 0, forSeed) + Math.imul(stream, forStream)) | 0;
    for (let i = 0; i < y.data.length; i++) y.data[i] = Math.fround(Math.fround(Math.fround(hashOf(i, start)) * 2 ** -32) + 0.5);
    return [y];
  },
  grad: 'none',
  samples: [
    { inputs: { seed: exactly('i32', [], [7]) }, attrs: { shape: [3, 5].map(Dim.of) } },
    { inputs: { seed: exactly('i32', [], [-2_000_000_000]) }, attrs: { shape: [Dim.of(1000)], stream: 3 } },
    { inputs: { seed: exactly('i32', [], [0]) }, attrs: { shape: [] } },
    { inputs: { seed: exactly('i32', [], [1]) }, attrs: { shape: [2, 0].map(Dim.of) } },
  ],
});

/** The hash of a position: sums and products wrap around in 32 bits, quotients are truncated. */
function hashOf(index: number, start: number): number {
  let h = (Math.imul(index, forIndex) + start) | 0;
  for (const k of multipliers) {
    h = (h + Math.trunc(h / (1 << 15))) | 0;
    h = (Math.imul(h, k) + increment) | 0;
    h = Math.imul(h, (h + h + 1) | 0);
    h = (h + Math.trunc(h / (1 << 16))) | 0;
  }
  return h;
}

function int32<V>(g: OnnxBuilder<V>, value: number): V {
  return g.scalar(value | 0, 'i32');
}

function calculate<V>(g: OnnxBuilder<V>, operator: 'Add' | 'Mul' | 'Div', a: V, b: V, type: TensorType): V {
  return only(g.node(operator, [a, b], {}, [type]));
}
