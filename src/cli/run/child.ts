/** Runs ONNX Runtime in a process of its own, because a graph that it cannot handle may end the process. */
import process from 'node:process';
import type { InferenceSession, Tensor } from 'onnxruntime-node';
import { isRuntimeDType, runtimeTypes } from '../../runtime/pure/runtime-types.js';
import { elementsOf, type TensorData } from '../../runtime/pure/tensor-data.js';
import { checkDevice } from '../../runtime/session/device-checks.js';
import { Engine } from '../../runtime/session/engine.js';
import { importOrt } from '../../runtime/session/import-ort.js';
import { ortOf } from '../../runtime/session/ort.js';
import { isAboutDevice, missingOnDevice, SessionError } from '../../runtime/session/session-error.js';
import type { RunReply, RunRequest } from './protocol.js';
import { watchParent } from './watch-parent.js';

type Runtime = typeof import('onnxruntime-node');

watchParent(process.ppid);

// The native part of onnxruntime-node does not know the Float16Array of Node 24, in which its JavaScript hands it f16 inputs. Without that class they go as Uint16Array.
Reflect.deleteProperty(globalThis, 'Float16Array');

serve();

/** Answers requests until the parent disconnects. A model stays loaded for the requests after the first. */
function serve(): void {
  const sessions = new Map<string, InferenceSession>();
  process.on('message', (request: RunRequest) => {
    answer(request, sessions).then(
      (reply) => process.send?.(reply),
      (error: unknown) => process.send?.({ kind: isUnfit(error) ? 'unfit' : 'failed', reason: reasonOf(error) }),
    );
  });
  // A failed runtime may keep threads alive.
  process.once('disconnect', () => process.exit());
}

async function answer(request: RunRequest, sessions: Map<string, InferenceSession>): Promise<RunReply> {
  let runtime: Runtime;
  try {
    runtime = await importOrt();
  } catch (error) {
    return { kind: 'missing', reason: reasonOf(error) };
  }
  const loading = performance.now();
  const session = sessions.get(request.model) ?? (await load(runtime, request));
  sessions.set(request.model, session);
  const loadTime = performance.now() - loading;
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
  let bytes = 0;
  for (const [name, dtype] of request.outputs) {
    const result = results[name];
    if (result === undefined || typeof result.data === 'string' || Array.isArray(result.data))
      throw new TypeError(`the output ${name} is not a tensor of numbers`);
    const { buffer, byteOffset, byteLength } = result.data as Uint8Array;
    bytes += byteLength;
    if (bytes >= largestOutputs)
      throw new RangeError('its outputs have more than 2 GB, which archc cannot take; choose smaller sizes with `--bind`');
    outputs.set(name, { dtype, shape: result.dims, bytes: new Uint8Array(buffer, byteOffset, byteLength).slice() });
  }
  return { kind: 'done', outputs, milliseconds, load: loadTime };
}

/** A message of Node to another process is shorter than 2 GiB. */
const largestOutputs = 2 ** 31 - 2 ** 20;

async function load(runtime: Runtime, { model, provider, sessionOptions, checks }: RunRequest): Promise<InferenceSession> {
  if (provider === 'webgpu') await checkDevice(new Engine({ ort: ortOf(runtime), provider, host: 'node', threads: undefined }), checks);
  try {
    return await runtime.InferenceSession.create(model, { ...sessionOptions, executionProviders: [provider], logSeverityLevel: 3 });
  } catch (error) {
    const missing = provider === 'webgpu' ? missingOnDevice(reasonOf(error)) : undefined;
    throw missing === undefined ? error : new SessionError(missing, { cause: error });
  }
}

function runtimeTensor(runtime: Runtime, name: string, tensor: TensorData): Tensor {
  const { dtype } = tensor;
  if (!isRuntimeDType(dtype))
    throw new TypeError(`ONNX Runtime for Node takes no input of type ${dtype} (${name}): build with \`--io f32\``);
  return new runtime.Tensor(runtimeTypes[dtype], elementsOf(tensor) as Tensor.DataType, [...tensor.shape]);
}

function isUnfit(error: unknown): boolean {
  return error instanceof SessionError && isAboutDevice(error.problem);
}

function reasonOf(error: unknown): string {
  return error instanceof Error ? error.message : String(error);
}
