import { readFileSync } from 'node:fs';
import { resolve } from 'node:path';
import type { NdArray } from '../../src/ops/types.js';
import { arraysOf, fixturePath } from './fixtures.js';
import { exampleModel, openReference } from './reference.js';
import type { Arrays } from './trainer.js';

/** A model whose gradients and training steps PyTorch or Hugging Face Transformers has computed: test/reference/models.py makes the data. */
export interface ReferenceModel {
  readonly source: string;
  readonly model: string;
  readonly labels: string;
  readonly set?: Readonly<Record<string, string>>;
  /** The weights in test/fixtures, or those of the reference data. */
  readonly isFixture: boolean;
  /**
   * Tensors with elements whose gradient is 0 except for rounding, and how many these are. Adam divides a gradient by its own size, so that rounding becomes steps. All are
   * the biases of keys, which softmax does not see.
   */
  readonly noise: readonly [names: readonly string[], count: number];
}

const own = (name: string) => readFileSync(resolve(import.meta.dirname, `../reference/models/${name}.arch`), 'utf8');
const text = 'Tensor<i64>[N, T]';
const one = 'Tensor<i64>[N]';
const llama = { vocab: '100', D: '32', depth: '2', heads: '4', kv_heads: '2', ff: '64', eps: '1e-6', theta: '10000.0' };
export const referenceModels: Readonly<Record<string, ReferenceModel>> = {
  cnn: { source: exampleModel('cnn'), model: 'CNN', labels: one, isFixture: true, noise: [[], 0] },
  lstm: { source: exampleModel('lstm'), model: 'RNN', labels: one, isFixture: true, noise: [[], 0] },
  transformer: {
    source: exampleModel('transformer'),
    model: 'Transformer',
    labels: text,
    isFixture: true,
    noise: [['decoder.multihead_attn.in_proj_bias', 'decoder.self_attn.in_proj_bias', 'encoder.self_attn.in_proj_bias'], 24],
  },
  gpt2: {
    source: exampleModel('gpt2'),
    model: 'GPT2',
    labels: text,
    set: { vocab: '100', positions: '32', D: '32', layers: '2', heads: '4' },
    isFixture: true,
    noise: [['transformer.h.0.attn.c_attn.bias', 'transformer.h.1.attn.c_attn.bias'], 64],
  },
  gru_tagger: { source: own('gru_tagger'), model: 'GRUTagger', labels: text, isFixture: false, noise: [[], 0] },
  llama: {
    source: exampleModel('llama'),
    model: 'Llama',
    labels: text,
    set: Object.fromEntries(Object.entries(llama).map(([name, value]) => [`c.${name}`, value])),
    isFixture: false,
    noise: [[], 0],
  },
  vit: {
    source: own('vit'),
    model: 'ViT',
    labels: one,
    isFixture: false,
    noise: [['vit.layers.0.attention.k_proj.bias', 'vit.layers.1.attention.k_proj.bias'], 64],
  },
};

/** The weights that the reference data begin with, by their names. */
export function referenceWeights(name: string): Arrays {
  const isFixture = referenceModels[name]?.isFixture ?? false;
  return isFixture ? Object.fromEntries(arraysOf(fixturePath(name, 'weights.safetensors'))) : openReference(`${name}.weights`).arrays('');
}

/** The batch that every step of the reference data has. */
export function referenceBatch(name: string): Arrays {
  const reference = openReference(name);
  const { labels } = reference.arrays('') as { labels: NdArray };
  const inputs = reference.arrays('in.');
  return { ...inputs, ...whole(name, inputs), labels };
}

/** The inputs that Transformers makes itself. */
function whole(name: string, { input_ids: ids }: Arrays): Arrays {
  if (name !== 'llama' || ids === undefined) return {};
  const time = ids.shape[1] as number;
  return {
    position_ids: { ...ids, data: ids.data.map((_, i) => i % time) },
    attention_mask: { ...ids, data: ids.data.map(() => 1) },
  };
}
