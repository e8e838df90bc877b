// Packs a folder of official ONNX node tests (`<test>/model.onnx`, `<test>/test_data_set_0/*.pb`) into one archive that Node
// reads without other tools: a line of JSON, [[path, bytes], ...], and then the files in order, all compressed with Brotli.
//   node scripts/pack-onnx-node-tests.mjs <folder> test/onnx/node-tests/node-tests.br
import { readdirSync, readFileSync, writeFileSync } from 'node:fs';
import { join } from 'node:path';
import { brotliCompressSync, constants } from 'node:zlib';

const [folder, archive] = process.argv.slice(2);
if (folder === undefined || archive === undefined) throw new Error('usage: pack-onnx-node-tests.mjs <folder> <archive>');
const paths = readdirSync(folder, { recursive: true, withFileTypes: true })
  .filter((entry) => entry.isFile() && /\.(onnx|pb)$/.test(entry.name))
  .map((entry) => join(entry.parentPath, entry.name).slice(folder.length).replace(/^\//, ''))
  .sort();
const files = paths.map((path) => readFileSync(join(folder, path)));
const index = JSON.stringify(paths.map((path, i) => [path, files[i].length]));
const packed = brotliCompressSync(Buffer.concat([Buffer.from(`${index}\n`), ...files]), {
  params: { [constants.BROTLI_PARAM_LGWIN]: 24, [constants.BROTLI_PARAM_QUALITY]: 11 },
});
writeFileSync(archive, packed);
console.log(`${paths.length} files, ${packed.length} bytes`);
