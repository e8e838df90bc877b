import type { CallForm } from '../../../src/ops/capabilities/call-form.js';
import type { DataTrait } from '../../../src/ops/capabilities/data-traits.js';
import { operatorNamed } from '../../../src/ops/onnx-schema.js';
import { combinations } from './combinations.js';
import { type Emitted, keyOf } from './emitted.js';

/** Forms that combine each list of element types with each list of traits. */
type Family = readonly [operator: string, dtypes: readonly (readonly string[])[], traits: readonly string[]];

const floats = [['f32'], ['f16']];
const floatPairs = [
  ['f32', 'f32'],
  ['f16', 'f16'],
];

/** Forms without a bias, with a bias, and so on. Traits are separated by spaces. */
const families: readonly Family[] = [
  ['Conv', floats, ['rank=3 thirds', '+B rank=3 thirds', 'rank=4 thirds', '+B rank=4 thirds', 'rank=5 thirds', '+B rank=5 thirds']],
  [
    'com.microsoft.Attention',
    floats,
    [
      '',
      '+bias',
      '+bias unidirectional=1',
      '+bias +mask_index',
      '+bias +attention_bias',
      '+bias +attention_bias heads-share-bias',
      '+bias +attention_bias batch-shares-bias',
      '+bias +attention_bias batch-shares-bias heads-share-bias',
      '+bias +attention_bias unidirectional=1',
    ],
  ],
  ['com.microsoft.BiasGelu', floats, ['']],
  ['com.microsoft.DynamicQuantizeMatMul', [['u8'], ['i8']], ['', '+bias', '+b_zero_point', '+b_zero_point +bias']],
  ['com.microsoft.FastGelu', floats, ['', '+bias']],
  [
    'com.microsoft.FusedConv',
    floats,
    ['Relu', 'Clip', 'Sigmoid', 'Tanh', 'LeakyRelu', 'HardSigmoid', 'HardSwish'].flatMap((name) => {
      const activation = `activation=${name}`;
      const usual = [`${activation} rank=4`, `+B ${activation} rank=4`, `+B ${activation} rank=4 groups`, `+B ${activation} rank=3`];
      return name === 'Relu' ? [...usual, `+Z ${activation} rank=4`, `+B +Z ${activation} rank=4`, `+B ${activation} rank=5`] : usual;
    }),
  ],
  ['com.microsoft.FusedConv', floats, ['+Z rank=4', '+B +Z rank=4', '+B +Z rank=3']],
  ['com.microsoft.FusedMatMul', [['f32'], ['f16']], ['', 'transA=1', 'transB=1', 'transA=1 transB=1']],
  [
    'com.microsoft.GatherBlockQuantized',
    ['f32', 'f16'].flatMap((dtype) => [
      [dtype, 'i64'],
      [dtype, 'i32'],
    ]),
    [
      '',
      'block_size=32',
      'bits=8',
      'bits=8 block_size=32',
      '+zero_points',
      '+zero_points block_size=32',
      '+zero_points bits=8 block_size=32',
    ],
  ],
  ['com.microsoft.Gelu', floats, ['']],
  [
    'com.microsoft.GroupNorm',
    [
      ['f32', 'f32'],
      ['f16', 'f32'],
    ],
    ['activation=0', 'activation=1'],
  ],
  [
    'com.microsoft.GroupQueryAttention',
    floatPairs,
    ['', ' do_rotary=1', ' do_rotary=1 uneven-heads', ' heads-share-bias', ' batch-shares-bias heads-share-bias'].map((traits) => {
      const optional = traits.includes('rotary') ? ' +cos_cache +sin_cache' : traits.includes('bias') ? ' +attention_bias' : '';
      return `+key +value +past_key +past_value${optional} ->present_key ->present_value${traits}`;
    }),
  ],
  [
    'com.microsoft.MatMulIntegerToFloat',
    [
      ['u8', 'u8', 'f32'],
      ['u8', 'i8', 'f32'],
    ],
    ['', '+bias', '+a_zero_point +b_zero_point', '+a_zero_point +b_zero_point +bias'],
  ],
  [
    'com.microsoft.MatMulNBits',
    floats,
    ['block_size=32', 'block_size=128', 'accuracy_level=4 block_size=32', 'accuracy_level=4 block_size=128'].flatMap((traits) => {
      const bits = (count: string) => traits.replace('block_size', `${count}block_size`);
      return [bits(''), `+bias ${bits('')}`, bits('bits=2 '), bits('bits=8 '), `+bias ${bits('bits=8 ')}`];
    }),
  ],
  [
    'com.microsoft.MatMulNBits',
    [
      ['f32', 'u8'],
      ['f16', 'u8'],
    ],
    ['block_size=32', 'block_size=128', 'bits=8 block_size=32', 'accuracy_level=4 block_size=32'].map((traits) => `+zero_points ${traits}`),
  ],
  [
    'com.microsoft.MultiHeadAttention',
    floats,
    [
      '',
      '+bias',
      '+key_padding_mask',
      '+attention_bias',
      '+attention_bias heads-share-bias',
      '+attention_bias batch-shares-bias',
      '+attention_bias batch-shares-bias heads-share-bias',
      '+bias +attention_bias batch-shares-bias heads-share-bias',
      'unidirectional=1',
      '+bias unidirectional=1',
      '+past_key +past_value ->present_key ->present_value',
      '+past_key +past_value ->present_key ->present_value unidirectional=1',
      '+attention_bias +past_key +past_value ->present_key ->present_value batch-shares-bias heads-share-bias',
    ].map((traits) => `+key +value ${traits}`),
  ],
  ['com.microsoft.QuickGelu', floats, ['']],
  ['com.microsoft.RotaryEmbedding', floats, ['rank=3', 'rank=4', 'interleaved=1 rank=3', 'interleaved=1 rank=4']],
  [
    'com.microsoft.SkipGroupNorm',
    [
      ['f32', 'f32'],
      ['f16', 'f32'],
    ],
    ['activation=0', '+bias activation=0', '->S activation=0', '->S activation=1'],
  ],
  ['com.microsoft.SkipLayerNormalization', floats, [...skips('+beta '), ...skips('')]],
  ['com.microsoft.SkipSimplifiedLayerNormalization', floats, skips('')],
  ['SimplifiedLayerNormalization', floatPairs, ['']],
];

function skips(beta: string): readonly string[] {
  const all = ['', '+bias', '->input_skip_bias_sum', '+bias ->input_skip_bias_sum', 'repeated-skip', '->input_skip_bias_sum repeated-skip'];
  return all.map((traits) => beta + traits);
}

/** Forms with traits that depend on the data, and that nodes do not show. */
const ofData: readonly (readonly [form: string, trait: DataTrait])[] = [
  ['Clip f32 +min +max', 'nan'],
  ['Log f32', 'near-one'],
  ['Mish f32', 'small-results'],
  ['Resize f32 +scales coordinate_transformation_mode=asymmetric nearest_mode=floor rank=4', 'uneven'],
  ['Slice f32 i64 +axes +steps', 'backward'],
  ['Softplus f32', 'small-results'],
  ['Tanh f32', 'near-zero'],
];

/** Forms that archc may write or ask about, whether or not a model is known that has them. */
export function candidates(): Emitted {
  const all: Emitted = new Map();
  const add = (operator: string, form: CallForm) => {
    const candidate = { ...operatorNamed(operator), form };
    all.set(keyOf(candidate), candidate);
  };
  for (const [operator, dtypes, traits] of families)
    for (const types of dtypes) for (const text of traits) add(operator, [...types, ...text.split(' ').filter((trait) => trait !== '')]);
  for (const [text, trait] of ofData) {
    const [operator = '', ...form] = text.split(' ');
    add(operator, [...form, trait]);
  }
  for (const [operator, traits] of combinations)
    for (const dtype of ['f32', 'f16', 'f64', 'bf16']) for (const text of traits) add(operator, [dtype, ...text.split(' ')]);
  add('InstanceNormalization', ['f32', 'own-epsilon']);
  add('And', ['repeated']);
  add('If', []);
  add('Scan', []);
  return all;
}
