/** The public API of archc: pure and synchronous, the same in Node and in the browser. */

import type { Model } from './api/model.js';
import type { ModelView, ViewOptions } from './api/model-view.js';
import type { BuildOptions, CheckOptions, CompileOptions } from './api/options.js';
import type { PruneOptions, PruneResult } from './api/prune.js';
import type { BuildResult, CheckedFile, CompileResult, ViewResult } from './api/results.js';
import { build as innerBuild } from './build.js';
import { check as innerCheck } from './check.js';
import { compile as innerCompile, unfold } from './compile.js';
import { compiledFrom, modelOf } from './describe-model.js';
import { viewOf } from './graph-view/view-model.js';
import type { BinaryHost, Host } from './host.js';
import { prune as innerPrune } from './prune-model.js';

export { decodeOnnx } from './6-emit/onnx/decode.js';
export { type OnnxProtoModel, toOnnxProto } from './6-emit/onnx/onnx-proto.js';
export type { ModelProto } from './6-emit/onnx/proto.js';
export type { DeviceCheck } from './api/device-check.js';
export type { LayerCost, Model, ModelEntry, ParameterInfo } from './api/model.js';
export type { ModelGraph, ModelManifest, ModelState } from './api/model-manifest.js';
export type {
  BlockKind,
  BlockView,
  EdgeView,
  EndView,
  EntryView,
  ModelView,
  TensorView,
  ViewOptions,
  WeightView,
} from './api/model-view.js';
export type { Emission } from './api/module.js';
export type { BuildOptions, CheckOptions, CompileOptions, JsonPart, PlacedOption } from './api/options.js';
export type { Project, ProjectBuild, ProjectResult } from './api/project.js';
export type { LayerSize, PrunedLayer, PrunedWeight, PruneOptions, PruneReport, PruneResult } from './api/prune.js';
export type { Artifact, BuildResult, CheckedFile, CheckResult, CompileResult, ExpressionType, ViewResult } from './api/results.js';
export type { RecommendedOptions, SessionAdvice } from './api/session-options.js';
export type { DataDim, InitialState, IntegerRange, PlainValue, Signature, StateSignature, TensorSignature } from './api/signature.js';
export { applyFix } from './diagnostics/apply-fix.js';
export { InternalError } from './diagnostics/internal-error.js';
export { type Range, rangesIn } from './diagnostics/located.js';
export type { Palette } from './diagnostics/palette.js';
export type { Diagnostic, Edit, Fix, Note, Severity, ShapeTable } from './diagnostics/record.js';
export { type JsonDiagnostic, toJson } from './diagnostics/render-json.js';
export { renderTerminal, type TerminalOptions } from './diagnostics/render-terminal.js';
export type { Position, Span } from './diagnostics/span.js';
export { type FormatResult, format } from './format.js';
export { type BinaryFile, type BinaryHost, type FilePlace, type Host, HostError } from './host.js';
export { defaultLimits, type Limits } from './limits.js';
export { createMemoryHost } from './memory-host.js';
export type { Target } from './ops/targets.js';
export { optionsOf, projectFile, readProject } from './project/read-project.js';

/**
 * Checks a file: every declaration on its own, and every model that can be built without further settings, with its `train` blocks.
 * Mistakes are diagnostics. Throws `HostError` if the file cannot be read, or if `dtype`, `io`, `target`, `opset` or one of the `limits` cannot have the given
 * value.
 */
export function check(entry: string, host: Host, options: CheckOptions = {}): CheckedFile {
  return innerCheck(entry, host, options);
}

/**
 * Compiles a model, and describes it; `build` makes its file. Throws `HostError` as `check` does.
 */
export function compile(entry: string, host: Host, options: CompileOptions = {}): CompileResult {
  const { model, ...result } = innerCompile(entry, host, options);
  return model === undefined ? result : { ...result, model: modelOf(model) };
}

/**
 * Compiles a model to files in memory: one ONNX file, or one for each entry and a data file with the weights of all. Models of 1 GiB and more
 * are better written by `buildFile` of `archc/node` or the command line, which stream their weights. What is wrong with a weights file is a diagnostic. Throws
 * `HostError` as `compile` does, and `TypeError` for `weights` if the host has no `openBinary`.
 */
export function build(entry: string, host: Host & Partial<BinaryHost>, options: BuildOptions = {}): BuildResult {
  const { model, ...result } = innerBuild(entry, host, options);
  return model === undefined ? result : { ...result, model: modelOf(model) };
}

/**
 * Prunes a model: `to` smaller sizes, by removing its least important channels and heads, or to a `sparsity`, by setting its smallest elements to zero. Returns the weights of the pruned model and what has
 * become smaller. What cannot be pruned is a diagnostic. Throws `HostError` as `compile` does.
 */
export function prune(entry: string, host: Host & BinaryHost, options: PruneOptions): PruneResult {
  return innerPrune(entry, host, options);
}

/**
 * A model as a tree of blocks, as plain data: what `archc graph` and `dist/graph-view.js` draw. Only checks and unfolds the model, so it is faster than `compile`, and works for models that have no ONNX form. Options
 * that say how a model is lowered have no effect. Throws `HostError` as `check` does.
 */
export function view(entry: string, host: Host, options: CompileOptions & ViewOptions = {}): ViewResult {
  const { program, checked, ...result } = unfold(entry, host, options);
  if (program === undefined) return result;
  const sources = options.sources ?? result.sources;
  return { ...result, view: viewOf({ ...program, doc: checked?.doc }, { ...options, sources }).view };
}

/** The same for a model that `compile` or `build` has returned. `sources` of the result give the lines of blocks. Throws `TypeError` for any other model. */
export function modelView(model: Model, options: ViewOptions = {}): ModelView {
  const compiled = compiledFrom(model);
  return viewOf({ ...compiled.unfold(), doc: compiled.checked.doc }, options).view;
}
