/** A model with weights of one to four axes. */
export const optimizedModel = `
model Small(images: Tensor[N, 2, 5, 5]) -> (y: Tensor[N, 6]) {
  param stack: Tensor[3, 3, 2] = normal
  param gain: Tensor[] = ones
  x = tanh(images -> conv: Conv2d(4, kernel = 3)) -> flatten
  x = tanh(tanh(x -> wide: Linear(6)) -> tall: Linear(9)) -> reshape([N, 3, 1, 3])
  return gain * reshape(x @ stack, [N, 6])
}
`;

const vectorsFree = 'group vectors { weight_decay = 0 }';
/** Clauses for every optimizer and schedule, with and without their options. test/reference/optimizers.py defines the same cases. */
export const optimizerCases: Readonly<Record<string, string>> = {
  sgd: 'optimizer sgd(lr = 0.1)',
  sgd_momentum: 'optimizer sgd(lr = 0.05, momentum = 0.9)',
  sgd_nesterov: 'optimizer sgd(lr = 0.05, momentum = 0.9, nesterov = true)',
  sgd_dampening: 'optimizer sgd(lr = 0.05, momentum = 0.8, dampening = 0.3, weight_decay = 0.05)',
  sgd_decay: 'optimizer sgd(lr = 0.1, weight_decay = 0.1)',
  adam: 'optimizer adam(lr = 0.01)',
  adam_decay: 'optimizer adam(lr = 0.01, betas = (0.8, 0.95), eps = 1e-6, weight_decay = 0.1)',
  adam_amsgrad: 'optimizer adam(lr = 0.01, betas = (0.9, 0.8), amsgrad = true)',
  adamw: 'optimizer adamw(lr = 0.01)',
  adamw_amsgrad: 'optimizer adamw(lr = 0.01, betas = (0.7, 0.9), weight_decay = 0.2, amsgrad = true)',
  rmsprop: 'optimizer rmsprop(lr = 0.01)',
  rmsprop_centered: 'optimizer rmsprop(lr = 0.01, alpha = 0.9, eps = 1e-4, centered = true)',
  rmsprop_momentum: 'optimizer rmsprop(lr = 0.005, momentum = 0.8, weight_decay = 0.05)',
  rmsprop_both: 'optimizer rmsprop(lr = 0.005, alpha = 0.95, eps = 1e-3, centered = true, momentum = 0.5)',
  adagrad: 'optimizer adagrad(lr = 0.05)',
  adagrad_decay: 'optimizer adagrad(lr = 0.05, lr_decay = 0.1, weight_decay = 0.05, initial_accumulator_value = 0.1)',
  adafactor: 'optimizer adafactor(lr = 0.05)',
  adafactor_decay: 'optimizer adafactor(lr = 0.5, beta2_decay = -0.5, eps = (1e-6, 0.01), d = 1.5, weight_decay = 0.05)',
  muon: 'optimizer muon(lr = 0.02)',
  muon_plain: 'optimizer muon(lr = 0.02, weight_decay = 0, momentum = 0.8, nesterov = false, ns_steps = 3)',
  muon_groups: `optimizer muon(lr = 0.02) { ${vectorsFree}\n group conv { lr_scale = 0.1 } }`,
  lion: 'optimizer lion(lr = 0.003)',
  lion_decay: 'optimizer lion(lr = 0.003, betas = (0.8, 0.95), weight_decay = 0.2)',
  groups: `optimizer adamw(lr = 1e-3, weight_decay = 0.1) { ${vectorsFree}\n group conv, *.bias { lr_scale = 10, weight_decay = 0.2 } }`,
  linear: 'optimizer sgd(lr = linear(0.1, steps = 16))',
  linear_end: 'optimizer sgd(lr = linear(0.1, steps = 16, end = 0.25))',
  cosine: 'optimizer sgd(lr = cosine(0.1, steps = 16))',
  cosine_end: 'optimizer adamw(lr = cosine(0.01, steps = 25, end = 0.1))',
  warmup_linear: 'optimizer sgd(lr = warmup_linear(0.1, warmup = 5, steps = 16))',
  warmup_cosine: 'optimizer sgd(lr = warmup_cosine(0.1, warmup = 5, steps = 16))',
  warmup_cosine_end: `optimizer adamw(lr = warmup_cosine(1e-3, warmup = 3, steps = 30, end = 0.2), weight_decay = 0.1) {
    ${vectorsFree}
    group conv, *.bias { lr_scale = 10, weight_decay = 0.2 }
  }`,
  clip_norm: 'optimizer sgd(lr = 0.1)\n clip_norm 0.3',
  clip_value: 'optimizer sgd(lr = 0.1)\n clip_value 0.02',
  clip_both: 'optimizer adamw(lr = 0.01)\n clip_norm 0.3\n clip_value 0.05',
};
