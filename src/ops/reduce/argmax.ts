import { argExtremum } from './arg-extremum.js';

export const argmax = argExtremum({ name: 'argmax', which: 'largest', onnx: 'ArgMax', better: (a, b) => a > b });
