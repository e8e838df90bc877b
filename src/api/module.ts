/** What a build writes: the ONNX files, with all that belongs to them; a JavaScript module that loads them; and its TypeScript declarations. */
export type Emission = 'onnx' | 'js' | 'dts';
