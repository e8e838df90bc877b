import { error } from './entry.js';
import { listOf, meant } from './wording.js';

const clauses = ['input', 'loss', 'metric', 'freeze', 'eval', 'lora', 'optimizer', 'checkpoint', 'clip_norm', 'accumulate', 'ema'];

/** `train` blocks. */
export const trainCatalog = {
  'not-a-model': error((p: { name: string }) => ({
    message: `\`${p.name}\` is not a model`,
    label: 'cannot be trained',
    help: 'name a `model` of this file or of an imported one',
  })),
  'unknown-clause': error((p: { name: string; near: readonly string[] }) => ({
    message: `a \`train\` block has no \`${p.name}\``,
    label: 'not a clause',
    help: meant(p.near, clauses),
  })),
  'missing-loss': error((p: { name: string }) => ({
    message: `\`${p.name}\` has no loss`,
    label: 'what should be minimized?',
    help: 'add `loss = ...`, one number for the whole batch',
  })),
  'missing-optimizer': error((p: { name: string }) => ({
    message: `\`${p.name}\` has no optimizer`,
    label: 'how should the weights change?',
    help: 'add one, such as `optimizer adamw(lr = 1e-3)`',
  })),
  'bad-loss': error((p: { of: string; what: string }) => ({
    message: `${p.of} is ${p.what}`,
    label: 'not one float',
    help: 'it must be one number for the whole batch: take the `mean` or `sum`',
  })),
  'unknown-optimizer': error((p: { name: string; known: readonly string[]; near: readonly string[] }) => ({
    message: `there is no optimizer \`${p.name}\``,
    label: 'not found',
    help: meant(p.near, p.known),
  })),
  'argument-range': error((p: { callee: string; name: string; got: string; wanted: string }) => ({
    message: `\`${p.name}\` of \`${p.callee}\` is ${p.got}`,
    label: 'out of range',
    help: `it must be ${p.wanted}`,
  })),
  'group-rate': error(() => ({
    message: 'a group has no learning rate of its own',
    label: 'not an option of a group',
    help: 'write `lr_scale = 10` for ten times the rate of the optimizer',
  })),
  'former-groups': error(() => ({
    message: 'groups of weights are written in braces after the optimizer',
    label: 'this syntax is no longer supported',
    help: 'write `{ group *.bias { weight_decay = 0 } }`, or `group vectors` for all biases',
  })),
  'bad-precision': error((p: { got: string }) => ({
    message: `a model cannot be trained in \`${p.got}\``,
    label: p.got === 'bf16' ? 'ONNX Runtime has no kernels for it' : 'not a precision',
    help: 'write `precision f16`; without it, everything is f32',
  })),
  'training-name': error((p: { name: string }) => ({
    message: `the graphs of a \`train\` block have a \`${p.name}\` of their own`,
    label: 'the same name',
    help: 'choose another name',
  })),
  'unmatched-pattern': error(
    (p: {
      pattern: string;
      model: string;
      of: 'weight' | 'layer';
      buffer: string | undefined;
      near: readonly string[];
      known: readonly string[];
    }) => ({
      message:
        p.buffer === undefined
          ? `\`${p.pattern}\` matches no ${p.of} of \`${p.model}\``
          : `\`${p.pattern}\` matches only buffers such as \`${p.buffer}\`, which are not trained`,
      label: p.buffer === undefined ? 'matches nothing' : 'nothing here is trained',
      help: p.buffer === undefined ? (meant(p.near, p.known) ?? `the model has no ${p.of}s`) : 'remove it',
    }),
  ),
  'lora-pattern': error((p: { pattern: string; name: string; shape: string }) => ({
    message: `\`${p.pattern}\` matches no matrix: \`${p.name}\` is ${p.shape}`,
    label: 'LoRA needs a weight with two axes',
    help: 'choose the weights of linear layers or embeddings',
  })),
  'nothing-trained': error((p: { model: string; hasWeights: boolean }) => ({
    message: p.hasWeights ? `every weight of \`${p.model}\` is frozen` : `\`${p.model}\` has no weights`,
    label: 'nothing is trained',
    help: p.hasWeights ? 'freeze fewer, or add `lora(rank = 8) on ...`' : 'train a model with parameters',
  })),
  'bad-frozen': error((p: { what: string; isBound: boolean }) => ({
    message: `\`frozen\` cannot be followed by ${p.what}`,
    label: p.isBound ? 'its weights are trained' : 'not a model',
    help: p.isBound
      ? 'use `stop_gradient(...)` on its result, or `freeze` the weights that must not change'
      : 'write one name and one model: `teacher = frozen BigNet(classes = 10)`',
  })),
  'input-size-from-data': error((p: { name: string; size: string }) => ({
    message: `the size \`${p.size}\` of \`${p.name}\` depends on data inside the model`,
    label: 'known only when the model runs',
    help: 'no input can have this size: compute a tensor of this size from inputs of other sizes',
  })),
  'tap-types': error((p: { names: readonly [string, string]; types: readonly [string, string] }) => ({
    message: `\`tap\` finds ${p.types[0]} and ${p.types[1]}, which cannot be stacked`,
    label: 'values of several types',
    help: `they are ${listOf(p.names)}: write one \`tap\` for each type`,
  })),
  'tap-size': error((p: { name: string }) => ({
    message: `\`tap\` cannot read \`${p.name}\`: the size of an axis depends on data inside the model`,
    label: 'its type has no meaning here',
    help: 'make it an output of the model',
  })),
};
