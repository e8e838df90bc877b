// The batches of the training benchmark: `train` is the block in training.arch.
export const batches = {
  // WebAssembly in TensorFlow.js has no kernel for the gradient of a convolution.
  cnn: { train: 'Cnn', input: 'image', shape: [32, 3, 24, 24], classes: 10, backend: 'cpu' },
  lstm: { train: 'Lstm', input: 'x', shape: [32, 50, 10], classes: 2 },
  transformer: { train: 'Transformer', input: 'x', shape: [16, 64, 128], classes: 10 },
};
