// Writes src/ops/capabilities/kernels.generated.ts: which forms of ONNX operators the kernels of the installed ONNX Runtime compute: on the CPU, on WebGPU, and on the CPU in a
// browser.
//
//     npm run probe
//     npm run probe -- --new      # only what the table does not have
//
// It tries each form that archc writes, or asks about, in every opset, in processes of their own, and takes some minutes. Chromium and WebGPU are found as the tests find them.
import { readFileSync, rmSync, writeFileSync } from 'node:fs';
import { join } from 'node:path';
import { fileURLToPath } from 'node:url';
import { importFromKit } from './kit-bundle.mjs';

const root = fileURLToPath(new URL('..', import.meta.url));
const table = join(root, 'src/ops/capabilities/kernels.generated.ts');
const outfile = join(root, 'node_modules/.archc-probe.mjs');

const isTrusted = process.argv.includes('--new');
const answers = new Map();
try {
  // The compiler chooses forms by the table: another table may lead to other forms. What was answered before is not asked again.
  for (let round = 1, before = readFileSync(table, 'utf8'); ; round++) {
    const { writtenTable } = await importFromKit('test/kit/capabilities/write-table.ts', outfile);
    const text = await writtenTable(answers, isTrusted);
    if (text === before) break;
    writeFileSync(table, text);
    console.log(`wrote ${table}, round ${round}`);
    before = text;
  }
  console.log('the table says what ONNX Runtime does');
} finally {
  rmSync(outfile, { force: true });
}
