import { argExtremum } from './arg-extremum.js';

export const argmin = argExtremum({ name: 'argmin', which: 'smallest', onnx: 'ArgMin', better: (a, b) => a < b });
