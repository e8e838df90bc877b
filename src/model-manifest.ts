import type { ModelManifest, ModelState } from './api/model-manifest.js';
import { fileOfEntry } from './artifacts.js';
import { type CompiledModel, ownEntries } from './compile.js';
import { signatureOf } from './describe-model.js';
import { oldestRuntime } from './runtime/pure/oldest-runtime.js';

/** What the files of a model are. `file` is the name of the first of them, `m.onnx`. */
export function modelManifestOf(model: CompiledModel, file: string): ModelManifest {
  const entries = ownEntries(model);
  const states = new Map<string, ModelState>();
  for (const { onnx } of entries)
    for (const { state } of onnx.states) states.set(state.input, { input: state.input, output: state.output });
  return {
    version: 1,
    name: model.name,
    doc: model.checked.doc,
    entries: entries.map((entry) => ({
      file: fileOfEntry(model, entry.name, file),
      signature: signatureOf(model, entry),
      ...(entry.onnx.advice === undefined ? {} : { sessionOptions: entry.onnx.advice }),
      ...(entry.onnx.opset < 22 ? {} : { runtime: oldestRuntime(entry.onnx.opset) }),
      ...(entry.onnx.deviceChecks?.length ? { deviceChecks: entry.onnx.deviceChecks } : {}),
    })),
    states: [...states.values()],
  };
}
