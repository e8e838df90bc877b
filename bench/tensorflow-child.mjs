// tensorflow-child.mjs FOLDER NAME STEPS: steps of training in TensorFlow.js, from the node_modules of FOLDER; prints the milliseconds of each as JSON.
// One thread of WebAssembly, or plain JavaScript where WebAssembly has no kernel for the gradient.
import { createRequire } from 'node:module';
import { dirname, join, resolve } from 'node:path';
import { batches } from './training-batches.mjs';

const [, , folder, name, steps] = process.argv;
const require = createRequire(join(resolve(folder), 'package.json'));
const tf = require('@tensorflow/tfjs');
const { backend = 'wasm', shape, classes } = batches[name];
if (backend === 'wasm') {
  const wasm = require('@tensorflow/tfjs-backend-wasm');
  wasm.setWasmPaths(`${dirname(require.resolve('@tensorflow/tfjs-backend-wasm'))}/`);
  wasm.setThreadsCount(1);
}
await tf.setBackend(backend);
await tf.ready();

const weight = (...dims) => tf.variable(tf.randomUniform(dims, -0.1, 0.1));

/** Channels last, as TensorFlow has them. */
function cnn() {
  const [w1, w2, w3, w4] = [weight(3, 3, 3, 32), weight(3, 3, 32, 64), weight(2304, 128), weight(128, classes)];
  const [b1, b2, b3, b4] = [weight(32), weight(64), weight(128), weight(classes)];
  return (x) => {
    let y = tf.transpose(x, [0, 2, 3, 1]);
    for (const [w, b] of [
      [w1, b1],
      [w2, b2],
    ])
      y = tf.maxPool(tf.relu(tf.add(tf.conv2d(y, w, 1, 'same'), b)), 2, 2, 'valid');
    y = tf.relu(tf.add(tf.matMul(tf.reshape(y, [-1, 2304]), w3), b3));
    return tf.add(tf.matMul(y, w4), b4);
  };
}

function lstm() {
  const size = 64;
  const [length, features] = shape.slice(1);
  const [wx, wh, b, w, c] = [weight(features, 4 * size), weight(size, 4 * size), weight(4 * size), weight(size, classes), weight(classes)];
  return (x) => {
    let [h, cell] = [tf.zeros([shape[0], size]), tf.zeros([shape[0], size])];
    const given = tf.unstack(tf.reshape(tf.add(tf.matMul(tf.reshape(x, [-1, features]), wx), b), [shape[0], length, 4 * size]), 1);
    for (const at of given) {
      const [i, f, g, o] = tf.split(tf.add(at, tf.matMul(h, wh)), 4, 1);
      cell = tf.add(tf.mul(tf.sigmoid(f), cell), tf.mul(tf.sigmoid(i), tf.tanh(g)));
      h = tf.mul(tf.sigmoid(o), tf.tanh(cell));
    }
    return tf.add(tf.matMul(h, w), c);
  };
}

function transformer() {
  const [size, heads, inner] = [128, 4, 512];
  const [n, t] = shape;
  const linear = (from, to) => {
    const [w, b] = [weight(from, to), weight(to)];
    return (x) => tf.add(tf.matMul(x, w), b);
  };
  const norm = () => {
    const [scale, shift] = [weight(size), weight(size)];
    return (x) => {
      const centered = tf.sub(x, tf.mean(x, -1, true));
      const variance = tf.mean(tf.square(centered), -1, true);
      return tf.add(tf.mul(tf.mul(centered, tf.rsqrt(tf.add(variance, 1e-5))), scale), shift);
    };
  };
  const layers = [0, 1].map(() => ({
    qkv: linear(size, 3 * size),
    out: linear(size, size),
    up: linear(size, inner),
    down: linear(inner, size),
    norms: [norm(), norm()],
  }));
  const head = linear(size, classes);
  const apart = (x) => tf.transpose(tf.reshape(x, [n, t, heads, size / heads]), [0, 2, 1, 3]);
  return (x) => {
    let y = tf.reshape(x, [n * t, size]);
    for (const { qkv, out, up, down, norms } of layers) {
      const [q, k, v] = tf.split(qkv(y), 3, 1).map(apart);
      const scores = tf.mul(tf.matMul(q, k, false, true), 1 / Math.sqrt(size / heads));
      const mixed = tf.reshape(tf.transpose(tf.matMul(tf.softmax(scores), v), [0, 2, 1, 3]), [n * t, size]);
      y = norms[0](tf.add(y, out(mixed)));
      y = norms[1](tf.add(y, down(tf.relu(up(y)))));
    }
    return head(tf.mean(tf.reshape(y, [n, t, size]), 1));
  };
}

const model = { cnn, lstm, transformer }[name]();
const data = Float32Array.from({ length: shape.reduce((a, b) => a * b) }, (_, i) => Math.sin(i * 1.37));
const labels = Int32Array.from({ length: shape[0] }, (_, i) => i % classes);
const optimizer = tf.train.adam(1e-3);
const ms = [];
const losses = [];
for (let i = 0; i < Number(steps) + 1; i++) {
  const start = performance.now();
  const loss = tf.tidy(() => {
    const [x, wanted] = [tf.tensor(data, shape), tf.cast(tf.oneHot(tf.tensor1d(labels, 'int32'), classes), 'float32')];
    return optimizer.minimize(() => tf.neg(tf.mean(tf.sum(tf.mul(wanted, tf.logSoftmax(model(x))), -1))), true);
  });
  losses.push(loss.dataSync()[0]);
  loss.dispose();
  ms.push(performance.now() - start);
}
if (!(losses.at(-1) < losses[0])) throw new Error(`the loss has not fallen: ${losses}`);
console.log(JSON.stringify({ backend, version: tf.version.tfjs, ms: ms.slice(1) }));
