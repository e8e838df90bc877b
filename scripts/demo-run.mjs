// Runs a model once on ONNX Runtime for scripts/demo.mjs: `node demo-run.mjs MODEL.onnx '[{"name", "dtype", "shape"}, ...]'`.
import * as ort from 'onnxruntime-node';

const [path, inputs] = process.argv.slice(2);
const session = await ort.InferenceSession.create(path, { logSeverityLevel: 3 });
const feeds = Object.fromEntries(JSON.parse(inputs).map(({ name, dtype, shape }) => [name, tensor(dtype, shape)]));
await session.run(feeds); // the first run allocates
const start = performance.now();
const outputs = await session.run(feeds);
const ms = performance.now() - start;
const results = Object.entries(outputs).map(([name, { dims, data }]) => [name, { shape: dims, finite: data.every(Number.isFinite) }]);
console.log(JSON.stringify({ ms, results: Object.fromEntries(results) }));

/** Waves for floats, small ids for integers: the same on every run. */
function tensor(dtype, shape) {
  const length = shape.reduce((a, b) => a * b, 1);
  if (dtype === 'i64')
    return new ort.Tensor(
      'int64',
      BigInt64Array.from({ length }, (_, i) => BigInt((7 * i) % 10)),
      shape,
    );
  if (dtype === 'f32')
    return new ort.Tensor(
      'float32',
      Float32Array.from({ length }, (_, i) => Math.sin(i)),
      shape,
    );
  throw new Error(`the demo has no inputs of type ${dtype}`);
}
