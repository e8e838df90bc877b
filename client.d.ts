// Types for imports with a query, which TypeScript cannot find in files: add `/// <reference types="archc/client" />` to a program.
// The types of `import { LeNet } from './lenet.arch'` are in `lenet.d.arch.ts`, which the plugin writes with the option `dts`.

declare module '*.arch?url' {
  /** The URL of the ONNX file. */
  const url: string;
  export default url;
  /** The URLs of all files of the model by their names, for `Model.load(files, manifest)`. */
  export const files: Readonly<Record<string, string>>;
  export const manifest: import('archc/runtime').ModelManifest;
}

declare module '*.arch?inline' {
  /** The ONNX file. */
  const bytes: Uint8Array;
  export default bytes;
  export const manifest: import('archc/runtime').ModelManifest;
}
