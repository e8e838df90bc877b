// `npm run demo`: compiles the examples, runs them on ONNX Runtime, shows what archc reports for a wrong model, and trains one.
import { execFileSync, spawnSync } from 'node:child_process';
import { mkdirSync, mkdtempSync, readFileSync, rmSync, writeFileSync } from 'node:fs';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import { fileURLToPath } from 'node:url';
import { build, check, compile, createMemoryHost, decodeOnnx, renderTerminal } from '../dist/index.js';
import { createNodeHost } from '../dist/node.js';

/** The models, how they are built, and the sizes they are run with. */
const models = [
  { example: 'cnn', sizes: { N: 4 } },
  { example: 'lenet', sizes: { N: 4 } },
  { example: 'lstm', sizes: { N: 3, T: 7 } },
  { example: 'transformer', sizes: { N: 2, T: 6 } },
  { example: 'unet', sizes: { N: 1, H: 64, W: 96 } },
  { example: 'resnet', options: { model: 'ResNet50' }, sizes: { N: 1, H: 224, W: 224 } },
  { example: 'gpt2', options: { set: { layers: '2', D: '128', heads: '4' } }, sizes: { N: 1, T: 16 } },
  {
    example: 'llama',
    options: { set: { depth: '2', D: '128', heads: '4', kv_heads: '2', ff: '256', vocab: '32000' } },
    sizes: { N: 1, T: 1, P: 16 },
  },
  {
    example: 'whisper',
    options: { set: { D: '128', encoder_layers: '2', encoder_heads: '4', decoder_layers: '2', decoder_heads: '4' } },
    sizes: { N: 1, T: 1, P: 16, S: 1500 },
  },
  { example: 'mamba', options: { set: { depth: '2', D: '128', rank: '8' } }, sizes: { N: 1, T: 16 } },
];

const root = fileURLToPath(new URL('..', import.meta.url));
const color = process.stdout.isTTY === true && !process.env.NO_COLOR;
const paint = (code) => (text) => (color ? `\x1b[${code}m${text}\x1b[0m` : text);
const [bold, dim, red] = [paint(1), paint(2), paint(31)];
const host = createNodeHost(root);
const folder = mkdtempSync(join(tmpdir(), 'archc-demo-'));

try {
  const rows = models.flatMap(runExample);
  console.log(`${bold('Examples, compiled to ONNX and run on ONNX Runtime')}\n`);
  printColumns(['example', 'parameters', 'nodes', 'inputs -> outputs', 'compile', 'build', 'run'], rows);
  console.log(
    `\n${dim('Weights are random here; `--weights model.safetensors` takes trained ones. GPT-2, Llama, Whisper and Mamba are small ones with two layers.')}\n`,
  );
  const isCaught = showMistake();
  const failed = rows.filter((row) => row.error !== undefined);
  for (const { cells, error } of failed) console.error(`\n${red(bold(cells[0]))}: ${error}`);
  console.log(`\n${bold('The CNN, trained on drawn digits by ONNX Runtime')}\n`);
  const hasLearned = trainExample();
  if (failed.length > 0 || !isCaught || !hasLearned) process.exitCode = 1;
} finally {
  rmSync(folder, { recursive: true, force: true });
}

/** A row of the table for each entry: the model, and how long it took to compile it, to build its files with weights, and to run it once. */
function runExample({ example, options, sizes }) {
  const path = `examples/${example}/model.arch`;
  const [, compiled] = timed(() => compile(path, host, options));
  const [{ model, artifacts, diagnostics, sources }, built] = timed(() => build(path, host, options));
  if (artifacts === undefined) {
    return [{ cells: [example, 'does not compile'], error: `\n${renderTerminal(diagnostics, sources, { color })}` }];
  }
  const place = join(folder, example);
  mkdirSync(place);
  for (const { name, bytes } of artifacts) writeFileSync(join(place, name), bytes);
  const trained = model.parameters.filter(({ trainable }) => trainable);
  const count = trained.reduce((sum, { shape }) => sum + shape.reduce((a, b) => a * b, 1), 0);
  // With numbers for all sizes, so are the shapes.
  const concrete = compile(path, host, { ...options, bind: sizes }).model;
  return model.entries.map(({ name, signature }) => {
    const { name: file, bytes } = artifacts.find(({ entry }) => entry === name);
    const title = model.entries.length === 1 ? example : `${example} ${name}`;
    const nodes = decodeOnnx(bytes).graph.node.length;
    const cells = [title, grouped(count), String(nodes), interfaceOf(signature), milliseconds(compiled), milliseconds(built)];
    try {
      const { inputs, outputs } = concrete.entry(name).signature;
      const { ms, results } = runModel(join(place, file), inputs);
      expectShapes(outputs, results);
      return { cells: [...cells, milliseconds(ms)] };
    } catch (error) {
      return { cells: [...cells, 'failed'], error: error.message };
    }
  });
}

/** `ids i64[N, T] -> logits [N, T, 50257], 4 states` */
function interfaceOf({ inputs, outputs, states }) {
  const carried = new Set(states.flatMap(({ input, output }) => [input, output]));
  const typed = (tensors) =>
    tensors
      .filter(({ name }) => !carried.has(name))
      .map(({ name, dtype, shape }) => `${name} ${dtype === 'f32' ? '' : dtype}[${shape.join(', ')}]`)
      .join(', ');
  return `${typed(inputs)} -> ${typed(outputs)}${states.length === 0 ? '' : `, ${states.length} states`}`;
}

/** The result of a function, and its milliseconds. */
function timed(work) {
  const start = performance.now();
  const result = work();
  return [result, performance.now() - start];
}

/** ONNX Runtime runs in a separate process: it may end the process that it is in. */
function runModel(path, feeds) {
  const child = fileURLToPath(new URL('./demo-run.mjs', import.meta.url));
  return JSON.parse(
    execFileSync(process.execPath, [child, path, JSON.stringify(feeds)], {
      encoding: 'utf8',
      stdio: ['ignore', 'pipe', 'pipe'],
      env: { ORT_DISABLE_TELEMETRY: '1', ...process.env },
    }),
  );
}

/** The resulting shapes are those that were proved. */
function expectShapes(outputs, results) {
  for (const { name, shape: sizes } of outputs) {
    const proved = sizes.join();
    const { shape, finite } = results[name];
    if (shape.join() !== proved) throw new Error(`${name} has the shape [${shape}], but [${proved}] was proved`);
    if (!finite) throw new Error(`${name} has elements that are no finite numbers`);
  }
}

/** The U-Net without the fact that its sides can be halved: the skips do not fit for every size, and archc reports for which. */
function showMistake() {
  const file = 'examples/unet/model.arch';
  const source = readFileSync(join(root, file), 'utf8');
  const wrong = source.replace(/^ {2}where .*\n/m, '');
  const { diagnostics, sources, failed } = check('unet.arch', createMemoryHost({ 'unet.arch': wrong }));
  console.log(`${bold('The U-Net without its `where` line')}\n`);
  console.log(renderTerminal(diagnostics, sources, { color }).trimEnd());
  if (failed && wrong !== source) return true;
  console.error(`\n${red('No mistake was found, but there is one.')}`);
  return false;
}

/** ONNX Runtime runs in a process of its own here, too. Whether the model has learned. */
function trainExample() {
  const child = fileURLToPath(new URL('./demo-train.mjs', import.meta.url));
  const { status } = spawnSync(process.execPath, [child], { stdio: 'inherit', env: { ORT_DISABLE_TELEMETRY: '1', ...process.env } });
  return status === 0;
}

function milliseconds(ms) {
  return `${ms < 10 ? ms.toFixed(1) : Math.round(ms)} ms`;
}

function grouped(count) {
  return String(count).replaceAll(/\B(?=(?:\d{3})+$)/g, ',');
}

/** Words left-aligned, numbers right-aligned. */
function printColumns(head, rows) {
  const lines = [head, ...rows.map(({ cells }) => cells)];
  const widths = head.map((_, i) => Math.max(...lines.map((line) => (line[i] ?? '').length)));
  const isText = (i) => i === 0 || i === 3;
  const text = (line) => line.map((cell, i) => (isText(i) ? cell.padEnd(widths[i]) : cell.padStart(widths[i]))).join('  ');
  console.log(dim(text(head)));
  for (const { cells } of rows) console.log(text(cells));
}
