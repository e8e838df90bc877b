import { error } from './entry.js';
import { listOf, meant } from './wording.js';

/** What to write in place of an element type in which nothing is trained. */
function insteadOf(dtype: string): string {
  if (dtype === 'f16') return ', and write `precision f16` in the block: it computes in f16 and keeps the weights f32';
  return dtype === 'bf16' ? ': ONNX Runtime does not train in bf16, but `precision f16` in the block computes in f16' : '';
}

/** What can go wrong when the gradient of a model is made. */
export const gradientsCatalog = {
  'nothing-to-train': error(({ name, model }: { name: string; model: string }) => ({
    message: `\`${name}\` trains nothing: every weight of \`${model}\` is frozen or has no effect on the loss`,
    label: 'all weights are frozen, or the loss does not depend on them',
    help: 'free some weights with a narrower `freeze`, or let the loss read an output of the model',
  })),
  'unknown-train': error((p: { name: string; known: readonly string[]; near: readonly string[] }) => ({
    message: `there is no \`train\` block called \`${p.name}\``,
    label: 'not a `train` block of the file',
    help: meant(p.near) ?? (p.known.length === 0 ? 'the file has no `train` block' : `it has ${listOf(p.known)}`),
  })),
  'other-model': error(({ name, trained, wanted }: { name: string; trained: string; wanted: string }) => ({
    message: `\`${name}\` does not train ${wanted}`,
    label: `trains ${trained}`,
    help: `leave \`--model ${wanted}\` out: \`--train ${name}\` builds the model that it trains`,
  })),
  'half-training': error(({ dtype, weight }: { dtype: string; weight: string | undefined }) => ({
    message: `weights must be f32 for training, not ${dtype}`,
    label: weight === undefined ? `the build has the float type ${dtype}` : `\`${weight}\` is ${dtype}`,
    help: `${weight === undefined ? `leave \`--dtype ${dtype}\` out` : 'declare it without an element type, or freeze it'}${insteadOf(dtype)}`,
  })),
  'lora-dropout': error(({ matrix }: { matrix: string }) => ({
    message: `\`dropout\` of this \`lora\` cannot be applied to \`${matrix}\`: the matrix is not only multiplied with tensors`,
    label: 'drops elements of the tensors that a matrix is multiplied with',
    help: 'give the matrix a `lora` clause of its own without `dropout`',
  })),
  'no-gradient': error(({ operator }: { operator: string }) => ({
    message: `the loss depends on weights through \`${operator}\`, whose gradient archc does not know`,
    label: 'no gradient can pass through this',
    help: 'use operators of the language, freeze the weights before it, or put `stop_gradient(..)` around its inputs if no gradient is needed',
  })),
  'inner-batch-norm': error(({ layer }: { layer: string }) => ({
    message: `batch norm in a \`scan\` or \`cond\` cannot follow the statistics of the batches${layer === '' ? '' : `: \`${layer}\``}`,
    label: 'its running statistics would change inside control flow',
    help: 'freeze its scale and shift, so that it uses its running statistics, or move it out of the `scan` or `cond`',
  })),
};
