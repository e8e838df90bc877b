import { binary, binarySamples, intSample } from './binary.js';

export const maximum = binary({
  name: 'maximum',
  action: 'compare',
  summary: 'The greater of two elements.',
  example: 'maximum(a, b)',
  source: 'ONNX Max, torch.maximum',
  of: Math.max,
  kernels: ['i8', 'u8', 'i32', 'u32', 'i64', 'u64'],
  onnx: 'Max',
  // da = dy where a >= b, db = dy where b >= a, half of it each where they are equal
  grad: (g, { a, b, dy }) => {
    const zero = g.scalar(0, dy);
    const share = g.where(g.equal(a, b), g.scale(dy, 0.5), dy);
    return { a: g.where(g.greaterEqual(a, b), share, zero), b: g.where(g.lessEqual(a, b), share, zero) };
  },
  samples: [
    ...binarySamples(-2, 2),
    intSample(-9, 10),
    { inputs: { a: { dtype: 'u16', shape: [2, 3], min: 0, max: 5 }, b: { dtype: 'u16', shape: [3], min: 0, max: 5 } } },
  ],
});
