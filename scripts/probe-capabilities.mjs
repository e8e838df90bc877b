// Writes src/ops/capabilities/kernels.generated.ts: which forms of ONNX operators the kernels of the installed ONNX Runtime compute, on the CPU and on WebGPU.
//
//     node scripts/probe-capabilities.mjs
//
// It tries each form that archc writes, in every opset, in a process of its own, and takes some minutes. WebGPU is found as the tests find it.
import { readFileSync, rmSync, writeFileSync } from 'node:fs';
import { dirname, join } from 'node:path';
import { fileURLToPath, pathToFileURL } from 'node:url';
import { build } from 'esbuild';

const root = fileURLToPath(new URL('..', import.meta.url));
const table = join(root, 'src/ops/capabilities/kernels.generated.ts');
const outfile = join(root, 'node_modules/.archc-probe.mjs');

/** The sources find their files by their own places, which the bundle has to know. */
const ownPlaces = {
  name: 'own places',
  setup: (builder) => {
    builder.onLoad({ filter: /[\\/]test[\\/]kit[\\/].*\.ts$/ }, ({ path }) => ({
      contents: readFileSync(path, 'utf8')
        .replaceAll('import.meta.dirname', JSON.stringify(dirname(path)))
        .replaceAll('import.meta.url', JSON.stringify(pathToFileURL(path).href)),
      loader: 'ts',
    }));
  },
};

/** The text of the table, with the compiler that has the table as it is now. What was answered before is not asked again. */
async function probed(round, answers) {
  await build({
    entryPoints: [join(root, 'test/kit/capabilities/write-table.ts')],
    bundle: true,
    packages: 'external',
    platform: 'node',
    format: 'esm',
    outfile,
    logLevel: 'error',
    plugins: [ownPlaces],
  });
  const { writtenTable } = await import(`${pathToFileURL(outfile)}?${round}`);
  return writtenTable(answers);
}

const answers = new Map();
try {
  // The compiler chooses forms by the table: another table may lead to other forms.
  for (let round = 1, before = readFileSync(table, 'utf8'); ; round++) {
    const text = await probed(round, answers);
    if (text === before) break;
    writeFileSync(table, text);
    console.log(`wrote ${table}, round ${round}`);
    before = text;
  }
  console.log('the table says what ONNX Runtime does');
} finally {
  rmSync(outfile);
}
