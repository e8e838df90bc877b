// Writes the generated files of src/ops/capabilities/probed-kernels.ts: which forms of ONNX operators the kernels of the installed ONNX Runtime compute: on the CPU, on WebGPU, and on the CPU in a
// browser.
//
//     npm run probe
//     npm run probe -- --new      # only what the table lacks
//
// It tries each form that archc writes or asks about, in every opset, in separate processes, and takes some minutes. It finds Chromium and WebGPU in the same way as the tests.
import { readFileSync, rmSync, writeFileSync } from 'node:fs';
import { join } from 'node:path';
import { fileURLToPath } from 'node:url';
import { importFromKit } from './kit-bundle.mjs';

const root = fileURLToPath(new URL('..', import.meta.url));
const folder = join(root, 'src/ops/capabilities');
const outfile = join(root, 'node_modules/.archc-probe.mjs');

const isTrusted = process.argv.includes('--new');
const answers = new Map();
try {
  // The compiler chooses forms by the table, so another table may lead to other forms. Earlier answers are reused.
  for (let round = 1; ; round++) {
    const { writtenTable } = await importFromKit('test/kit/capabilities/write-table.ts', outfile);
    const files = await writtenTable(answers, isTrusted);
    const changed = [...files].filter(([name, text]) => readFileSync(join(folder, name), 'utf8') !== text);
    if (changed.length === 0) break;
    for (const [name, text] of changed) writeFileSync(join(folder, name), text);
    console.log(`wrote ${changed.map(([name]) => name).join(' and ')}, round ${round}`);
  }
  console.log('the table says what ONNX Runtime does');
} finally {
  rmSync(outfile, { force: true });
}
