// Full-size models on ONNX Runtime: archc's file for the CPU against the file that torch.onnx.export writes, and against archc without optimization.
import { existsSync, mkdirSync, readdirSync, rmSync, statSync, writeFileSync } from 'node:fs';
import { join, resolve } from 'node:path';
import { archc } from './command-line.mjs';
import { runProcess } from './measure.mjs';
import { ratio, skipped, times } from './row.mjs';

const script = join(import.meta.dirname, 'torch_inference.py');
const child = join(import.meta.dirname, 'inference-child.mjs');

const ids = (length) => (batch) => ({ type: 'int64', shape: [batch, length], most: 30000 });
const image = (side) => (batch) => ({ type: 'float32', shape: [batch, 3, side, side] });

/** For each model: its file, options for archc, the inputs to run, each with its batches, and the largest share of the time of PyTorch's file that archc's file may take. */
const models = {
  bert: {
    file: 'bench/models/bert.arch',
    inputs: [
      { what: '16 tokens', of: ids(16), batches: [1, 8], target: { 1: 0.85, 8: 0.95 } },
      { what: '128 tokens', of: ids(128), batches: [1, 8], target: { 1: 0.95, 8: 0.95 } },
    ],
  },
  gpt2: {
    file: 'examples/gpt2/model.arch',
    inputs: [
      { what: '16 tokens', of: ids(16), batches: [1, 8], target: { 1: 0.85, 8: 0.95 } },
      { what: '128 tokens', of: ids(128), batches: [1, 8], target: { 1: 0.95, 8: 0.95 } },
    ],
  },
  vit: { file: 'bench/models/vit.arch', inputs: [{ what: '224 x 224', of: image(224), batches: [1, 8], target: { 1: 0.95, 8: 0.95 } }] },
  resnet50: {
    file: 'examples/resnet/model.arch',
    // As in PyTorch's export, only the batch is open. With open sides, ONNX Runtime does not reuse the memory of residual sums.
    options: ['--model', 'ResNet50', '--bind', 'H=224,W=224'],
    inputs: [{ what: '224 x 224', of: image(224), batches: [1, 8], target: { 1: 1, 8: 1 } }],
  },
  unet: {
    file: 'examples/unet/model.arch',
    options: ['--set', 'classes=2,widths=[64,128,256,512]', '--bind', 'H=256,W=256'],
    inputs: [{ what: '256 x 256', of: image(256), batches: [1, 8], target: { 1: 1, 8: 1 } }],
  },
  lstm: {
    file: 'bench/models/lstm.arch',
    inputs: [{ what: '64 steps', of: (batch) => ({ type: 'float32', shape: [batch, 64, 128] }), batches: [1, 8], target: { 1: 1, 8: 1 } }],
  },
};

/** A larger model has its weights in a data file, which ONNX Runtime maps into memory. */
const small = 20e6;

/** Run time, creation of sessions and file sizes, with one thread, interleaved. */
export function inference({ folder, quick, python }) {
  const title = 'Inference on the CPU, one thread, archc --target cpu';
  if (python === undefined)
    return { title, rows: [skipped('torch.onnx.export', 'no Python with torch: give --python PATH or ARCHC_BENCH_PYTHON')] };
  return { title, rows: Object.entries(models).flatMap(([name, model]) => rowsOf(name, model, { folder, quick, python })) };
}

function rowsOf(name, model, options) {
  const folder = join(options.folder, name);
  mkdirSync(folder);
  try {
    return measured(name, model, { ...options, folder });
  } finally {
    // The files of one model take gigabytes.
    rmSync(folder, { recursive: true });
  }
}

function measured(name, { file, options = [], inputs }, { folder, quick, python }) {
  runProcess(python, [script, name, folder], { cwd: import.meta.dirname });
  const weights = join(folder, `${name}.safetensors`);
  const built = (suffix, more) => {
    const path = join(folder, `${name}.${suffix}.onnx`);
    runProcess(process.execPath, [
      archc,
      resolve(import.meta.dirname, '..', file),
      '-o',
      path,
      '--quiet',
      '--copy-weights',
      '--weights',
      weights,
      ...options,
      ...more,
    ]);
    return path;
  };
  const onCpu = { executionProviders: ['cpu'] };
  const own = built('archc', ['--target', 'cpu']);
  const asAdvised = { ...onCpu, ...recommended(own) };
  const torch = join(folder, `${name}.torch.onnx`);
  const run = [
    { name: 'torch', path: torch, options: onCpu },
    { name: 'archc', path: own, options: asAdvised },
    { name: 'archc -O0', path: built('plain', ['--target', 'cpu', '-O0']), options: onCpu },
  ];
  const created = [
    { name: 'torch, weights inside', path: join(folder, `${name}.inside.onnx`), options: onCpu },
    { name: 'archc, weights inside', path: built('whole', ['--target', 'cpu', '--external-data', 'never']), options: asAdvised },
    { name: 'torch, not packed', path: torch, options: notPacked(onCpu) },
    { name: 'archc, not packed', path: own, options: notPacked(asAdvised) },
  ];
  const request = join(folder, `${name}.request.json`);
  const runs = inputs.flatMap(({ of, batches, what, target }) =>
    batches.map((batch) => ({ ...of(batch), label: `${what}, batch ${batch}`, target: target[batch] })),
  );
  writeFileSync(request, JSON.stringify({ run, created, inputs: runs, creations: quick ? 3 : 9, seconds: quick ? 2 : 20 }));
  const result = JSON.parse(runProcess(process.execPath, [child, request]).stdout);
  return [...runs.flatMap((run, i) => runRows(name, run, result.runs[i])), ...creationRows(name, { torch, own }, result.creation)];
}

/** The session options that a file recommends, which archc's runtime follows. */
function recommended(path) {
  const { metadata } = JSON.parse(runProcess(process.execPath, [archc, 'inspect', path, '--json']).stdout);
  return JSON.parse(metadata['archc.session_options'] ?? '{}').cpu ?? {};
}

/** Without the copies of matrices that ONNX Runtime makes for its kernels when it creates a session. */
function notPacked({ extra, ...options }) {
  return { ...options, extra: { ...extra, session: { disable_prepacking: '1' } } };
}

function runRows(name, { label, target }, { ms, apart }) {
  if (!(apart < 1e-3)) throw new Error(`${name}, ${label}: the outputs are ${apart} apart`);
  const best = (variant) => Math.min(...ms[variant]);
  const row = `${name}, ${label}`;
  return [
    times(`${row}: archc`, ms.archc),
    times(`${row}: torch.onnx.export`, ms.torch),
    { ...ratio(`${row}: archc / torch.onnx.export`, best('archc') / best('torch')), atMost: target },
    ratio(`${row}: archc / archc -O0`, best('archc') / best('archc -O0')),
  ];
}

function creationRows(name, paths, creation) {
  const size = (path) => [path, `${path}.data`].reduce((sum, file) => sum + (existsSync(file) ? statSync(file).size : 0), 0);
  const total = size(paths.torch);
  const best = (variant) => Math.min(...creation[variant]);
  const mib = (path) => `${(sizeWithData(path) / 2 ** 20).toFixed(1)} MiB`;
  const row = `${name}, session creation`;
  return [
    times(`${row}: archc (${mib(paths.own)})`, creation.archc),
    times(`${row}: torch.onnx.export (${mib(paths.torch)})`, creation.torch),
    { ...ratio(`${row}: archc / torch.onnx.export`, best('archc') / best('torch')), atMost: 0.5 },
    {
      ...ratio(`${row}: archc / torch.onnx.export, weights inside`, best('archc, weights inside') / best('torch, weights inside')),
      ...(total > small ? { atMost: 0.9 } : {}),
    },
    ratio(`${row}: archc / torch.onnx.export, without ONNX Runtime's packing`, best('archc, not packed') / best('torch, not packed')),
    ratio(`${row}: share of that packing in archc`, 1 - best('archc, not packed') / best('archc')),
    ratio(`${row}: archc / archc -O0`, best('archc') / best('archc -O0')),
  ];
}

/** The size of a model and of the files beside it that hold its weights, whose names begin with its own. */
function sizeWithData(path) {
  const folder = join(path, '..');
  const own = readdirSync(folder).filter((file) => join(folder, file).startsWith(path.replace(/\.onnx$/, '')));
  return own.filter((file) => !file.endsWith('.json')).reduce((sum, file) => sum + statSync(join(folder, file)).size, 0);
}
