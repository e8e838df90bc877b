/** The public API of archc: pure and synchronous, the same in Node and in the browser. */
export { costOf, type LayerCost } from './6-emit/cost.js';
export { decodeOnnx } from './6-emit/onnx/decode.js';
export { type OnnxProtoModel, toOnnxProto } from './6-emit/onnx/onnx-proto.js';
export { type BuildOptions, type BuildResult, build } from './build.js';
export {
  type CheckOptions,
  type CheckResult,
  type CompiledModel,
  type CompileOptions,
  type CompileResult,
  check,
  compile,
} from './compile.js';
export type { Diagnostic, Edit, Fix, Note } from './diagnostics/diagnostic.js';
export { renderTerminal } from './diagnostics/render-terminal.js';
export type { Span } from './diagnostics/span.js';
export { type FormatResult, format } from './format.js';
export { type BinaryFile, type BinaryHost, type Host, HostError } from './host.js';
export { defaultLimits, type Limits } from './limits.js';
export { createMemoryHost } from './memory-host.js';
