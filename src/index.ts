/** The public API of archc: pure and synchronous, the same in Node and in the browser. */
import type { Artifact } from './artifacts.js';
import { type BuildOptions, type BuildResult as InnerBuildResult, build as innerBuild } from './build.js';
import { type CheckResult, type CompileOptions, compile as innerCompile } from './compile.js';
import type { BinaryHost, Host } from './host.js';
import { type Model, modelOf } from './model.js';

export type { PlainValue } from './2-check/values/plain-value.js';
export type { InitialState } from './6-emit/initial-state.js';
export { decodeOnnx } from './6-emit/onnx/decode.js';
export { type OnnxProtoModel, toOnnxProto } from './6-emit/onnx/onnx-proto.js';
export type { Artifact } from './artifacts.js';
export type { BuildOptions } from './build.js';
export { type CheckOptions, type CheckResult, type CompileOptions, check } from './compile.js';
export type { Diagnostic, Edit, Fix, Note } from './diagnostics/diagnostic.js';
export { renderTerminal } from './diagnostics/render-terminal.js';
export type { Span } from './diagnostics/span.js';
export { type FormatResult, format } from './format.js';
export { type BinaryFile, type BinaryHost, type Host, HostError } from './host.js';
export { defaultLimits, type Limits } from './limits.js';
export { createMemoryHost } from './memory-host.js';
export type { LayerCost, Model, ModelEntry, ParameterInfo } from './model.js';
export type { DataDim, Signature, StateSignature, TensorSignature } from './signature.js';

export interface CompileResult extends CheckResult {
  /** Absent if there was an error. */
  readonly model?: Model | undefined;
}

export interface BuildResult extends CompileResult {
  /** The files of the model; absent if there was an error. */
  readonly artifacts?: readonly Artifact[] | undefined;
  /** The ONNX file of a model with one entry, including its weights; absent if there was an error. */
  readonly bytes?: Uint8Array | undefined;
}

/**
 * Compiles a model, and describes it; `build` makes its file. Throws `HostError` if the entry file cannot be read, or if archc does not write for the target or the
 * opset.
 */
export function compile(entry: string, host: Host, options: CompileOptions = {}): CompileResult {
  const { model, ...result } = innerCompile(entry, host, options);
  return model === undefined ? result : { ...result, model: modelOf(model) };
}

/**
 * Compiles a model to files in memory: one ONNX file, or one for each entry and a data file with the weights of all. Models of 1 GiB and more
 * are better written by the command line, which streams their weights. Throws `HostError` if a file cannot be read.
 */
export function build(entry: string, host: Host & Partial<BinaryHost>, options: BuildOptions = {}): BuildResult {
  const { model, ...result }: InnerBuildResult = innerBuild(entry, host, options);
  return model === undefined ? result : { ...result, model: modelOf(model) };
}
