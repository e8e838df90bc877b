// Runs an ONNX model once with the profiler of ONNX Runtime, for test/kit/profile.ts: `node ort-profile.mjs MODEL FEEDS PREFIX OPTIONS`.
// The profile is written to a file that begins with PREFIX.
import { readFileSync } from 'node:fs';
import * as ort from 'onnxruntime-node';

const [model, feeds, profileFilePrefix, options] = process.argv.slice(2);
const session = await ort.InferenceSession.create(model, {
  ...JSON.parse(options),
  enableProfiling: true,
  profileFilePrefix,
  logSeverityLevel: 4,
});
const tensors = Object.entries(JSON.parse(readFileSync(feeds, 'utf8'))).map(([name, { type, data, shape }]) => {
  return [name, new ort.Tensor(type, type === 'int64' ? BigInt64Array.from(data, BigInt) : Float32Array.from(data), shape)];
});
await session.run(Object.fromEntries(tensors));
session.endProfiling();
await session.release();
