// Runs the numeric checks of src/ops/capabilities on this machine, and reports what differs from the table, including what was never run, such as CUDA and f16 on WebGPU, and all
// the rest.
//
//     npm run verify-device -- --provider cuda
//
// `--only TEXT` runs only the forms that contain the text. It exits with 1 if something is not computed that the table says is.
import { rmSync } from 'node:fs';
import { join } from 'node:path';
import { fileURLToPath } from 'node:url';
import { parseArgs } from 'node:util';
import { importFromKit } from './kit-bundle.mjs';

const providers = ['cpu', 'cuda', 'webgpu', 'wasm'];
const { provider = '', only } = parseArgs({ options: { provider: { type: 'string' }, only: { type: 'string' } } }).values;
if (!providers.includes(provider)) {
  console.error(`--provider is one of ${providers.join(', ')}`);
  process.exit(2);
}
const outfile = join(fileURLToPath(new URL('..', import.meta.url)), `node_modules/.archc-verify-${process.pid}.mjs`);
try {
  const { verifiedDevice } = await importFromKit('test/kit/capabilities/verify-device.ts', outfile);
  const { report, isRight } = await verifiedDevice({ provider, only });
  console.log(report);
  process.exitCode = isRight ? 0 : 1;
} finally {
  rmSync(outfile, { force: true });
}
