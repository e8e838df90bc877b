// `npm run demo`: compiles the first models, runs them on ONNX Runtime, and shows what a mistake looks like.
import { spawnSync } from 'node:child_process';
import { mkdtempSync, readFileSync, rmSync, writeFileSync } from 'node:fs';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import { fileURLToPath } from 'node:url';

const root = fileURLToPath(new URL('..', import.meta.url));
const cli = join(root, 'dist', 'cli.js');
const folder = mkdtempSync(join(tmpdir(), 'archc-demo-'));

/** Runs one command and shows it as it would be typed. */
function archc(args, wanted = 0) {
  console.log(`\n$ archc ${args.join(' ')}`);
  const { status } = spawnSync(process.execPath, [cli, ...args], { cwd: folder, stdio: 'inherit' });
  if (status !== wanted) throw new Error(`archc ended with code ${status} instead of ${wanted}`);
}

const models = [
  ['lenet', 'N=2'],
  ['cnn', 'N=2'],
  ['lstm', 'N=2,T=5'],
  ['transformer', 'N=2,T=5'],
];

try {
  for (const [name, sizes] of models) {
    writeFileSync(join(folder, `${name}.arch`), readFileSync(join(root, 'examples', name, 'model.arch')));
    archc([`${name}.arch`, '-o', `${name}.onnx`]);
    archc(['run', `${name}.onnx`, '--bind', sizes]);
  }
  archc(['cost', 'lenet.arch', '--bind', 'N=1']);
  console.log('\nAnd a mistake: the skip is not halved where the branch is.');
  writeFileSync(
    join(folder, 'downsample.arch'),
    'model Downsample(x: Tensor[N, 64, H, W]) -> (y: Tensor[N, 64, H1, W1]) {\n  branch = x -> conv: Conv2d(64, kernel = 3, stride = 2, padding = 1)\n  return relu(branch + x)\n}\n',
  );
  archc(['check', 'downsample.arch'], 1);
} finally {
  rmSync(folder, { recursive: true, force: true });
}
