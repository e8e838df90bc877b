import type { CompileOptions } from '../../../src/compile.js';
import type { Target } from '../../../src/ops/targets.js';
import { optimizedModel, optimizerCases } from '../optimizer-cases.js';
import { referenceBatch, referenceModels } from '../reference-models.js';
import { programOf } from '../source.js';
import { collect, type Emitted } from './emitted.js';

/** The forms in the training graphs of the reference models, with sizes that are open and with those of their batches, in f16, too, and of every optimizer and loss. */
export function emittedByTrainings(target: Target): Emitted {
  const all: Emitted = new Map();
  const add = (source: string, options: CompileOptions = {}): void => {
    for (const { onnx } of programOf(source, { ...options, train: 'T', target }).entries) collect(all, onnx);
  };
  for (const [name, { source, model, labels, set }] of Object.entries(referenceModels)) {
    const text = `${source}
train T for ${model} {
  input labels: ${labels}
  loss = cross_entropy(logits, labels)
  metric accuracy = accuracy(logits, labels)
  optimizer adamw(lr = input)
  clip_norm 1.0
}`;
    add(text, { set });
    add(text, { set, bind: sizesOf(name) });
    add(text.replace('optimizer', 'precision f16\n  optimizer'), { set, bind: sizesOf(name) });
  }
  for (const clauses of Object.values(optimizerCases))
    add(`${optimizedModel}\ntrain T for Small {\n input target: Tensor[N, 6]\n loss = mse_loss(y, target)\n ${clauses}\n}`);
  for (const [loss, labels] of losses)
    add(`${optimizedModel}\ntrain T for Small {\n input target: ${labels}\n loss = ${loss}\n optimizer sgd(lr = input)\n}`);
  add(`${optimizedModel}\ntrain T for Small {\n input target: Tensor[N, 6]\n loss = mse_loss(y, target)\n optimizer sgd(lr = input)\n}`, {
    gradients: true,
  });
  for (const clause of ['accumulate 3', 'ema 0.9', 'freeze conv', 'lora(rank = 2, alpha = 4) on wide'])
    add(
      `${optimizedModel}\ntrain T for Small {\n input target: Tensor[N, 6]\n loss = mse_loss(y, target)\n ${clause}\n optimizer adam(lr = input)\n}`,
    );
  return all;
}

const numbers = 'Tensor[N, 6]';
const losses: readonly (readonly [loss: string, labels: string])[] = [
  ['mse_loss(y, target)', numbers],
  ['l1_loss(y, target)', numbers],
  ['smooth_l1_loss(y, target)', numbers],
  ['huber_loss(y, target)', numbers],
  ['bce_loss(sigmoid(y), target)', numbers],
  ['bce_with_logits(y, target)', numbers],
  ['kl_div(log_softmax(y, axis = -1), target, reduction = "batchmean")', numbers],
  ['1.0 - mean(cosine_similarity(y, target, axis = -1))', numbers],
  ['cross_entropy(y, target)', 'Tensor<i64>[N]'],
  ['cross_entropy(y, target, ignore_index = -100, label_smoothing = 0.1)', 'Tensor<i64>[N]'],
  ['nll_loss(log_softmax(y, axis = -1), target)', 'Tensor<i64>[N]'],
];

/** The sizes of a batch that a model leaves open: `N`, and `T` where the second axis is one of time. */
function sizesOf(name: string): Readonly<Record<string, number>> {
  const { labels, ...inputs } = referenceBatch(name);
  const [first] = Object.values(inputs);
  const [rows = 1, time = 1] = first?.shape ?? [];
  return labels?.shape.length === 2 || name === 'lstm' ? { N: rows, T: time } : { N: rows };
}
