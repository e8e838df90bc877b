/** Runs ONNX Runtime in a process of its own, because a graph that it cannot handle may end the process. */
import { createRequire } from 'node:module';
import { join } from 'node:path';
import process from 'node:process';
import { pathToFileURL } from 'node:url';
import type { InferenceSession, Tensor } from 'onnxruntime-node';
import type { DType } from '../../ops/types.js';
import type { RunReply, RunRequest } from './protocol.js';
import { elementsOf, type TensorData } from './tensor-data.js';

type Runtime = typeof import('onnxruntime-node');

/** The names that ONNX Runtime has for the element types. It has none for bf16 in JavaScript. */
const typeNames: Readonly<Partial<Record<DType, Tensor.Type>>> = {
  f16: 'float16',
  f32: 'float32',
  f64: 'float64',
  i8: 'int8',
  i16: 'int16',
  i32: 'int32',
  i64: 'int64',
  u8: 'uint8',
  u16: 'uint16',
  u32: 'uint32',
  u64: 'uint64',
  bool: 'bool',
};

process.once('message', (request: RunRequest) => {
  answer(request).then(
    (reply) => process.send?.(reply, () => process.disconnect()),
    (error: unknown) => process.send?.({ kind: 'failed', reason: reasonOf(error) }, () => process.disconnect()),
  );
});

async function answer(request: RunRequest): Promise<RunReply> {
  let runtime: Runtime;
  try {
    runtime = await loadRuntime();
  } catch (error) {
    return { kind: 'missing', reason: reasonOf(error) };
  }
  const loading = performance.now();
  const session = await runtime.InferenceSession.create(request.model, {
    executionProviders: [request.provider],
    logSeverityLevel: 3,
  });
  const load = performance.now() - loading;
  const feeds: Record<string, Tensor> = {};
  for (const [name, tensor] of request.inputs) feeds[name] = runtimeTensor(runtime, name, tensor);
  const milliseconds: number[] = [];
  let results: InferenceSession.OnnxValueMapType = {};
  for (let i = 0; i < request.runs; i++) {
    const started = performance.now();
    results = await session.run(feeds);
    milliseconds.push(performance.now() - started);
  }
  const outputs = new Map<string, TensorData>();
  for (const [name, dtype] of request.outputs) {
    const result = results[name];
    if (result === undefined || typeof result.data === 'string' || Array.isArray(result.data))
      throw new TypeError(`the output ${name} is no tensor of numbers`);
    const { buffer, byteOffset, byteLength } = result.data as Uint8Array;
    outputs.set(name, { dtype, shape: result.dims, bytes: new Uint8Array(buffer, byteOffset, byteLength).slice() });
  }
  return { kind: 'done', outputs, milliseconds, load };
}

/** The package beside archc, or the one of the project that archc was started in. */
async function loadRuntime(): Promise<Runtime> {
  try {
    return interop(await import('onnxruntime-node'));
  } catch (error) {
    const fromHere = createRequire(pathToFileURL(join(process.cwd(), 'package.json')));
    try {
      return fromHere('onnxruntime-node') as Runtime;
    } catch {
      throw error;
    }
  }
}

/** The package is CommonJS: its names may stand below `default` only. */
function interop(module: Runtime & { readonly default?: Runtime }): Runtime {
  return module.default ?? module;
}

function runtimeTensor(runtime: Runtime, name: string, tensor: TensorData): Tensor {
  const type = typeNames[tensor.dtype];
  if (type === undefined)
    throw new TypeError(`ONNX Runtime for Node takes no input of type ${tensor.dtype} (${name}): build with \`--dtype f32\``);
  return new runtime.Tensor(type, elementsOf(tensor) as Tensor.DataType, [...tensor.shape]);
}

function reasonOf(error: unknown): string {
  return error instanceof Error ? error.message : String(error);
}
