import { readFileSync } from 'node:fs';
import { dirname, join } from 'node:path';
import { fileURLToPath, pathToFileURL } from 'node:url';
import { build } from 'esbuild';

const root = fileURLToPath(new URL('..', import.meta.url));

/** Keeps the paths of sources: they find their files relative to their own place, which the bundle has to know. */
const ownPlaces = {
  name: 'own places',
  setup: (builder) => {
    builder.onLoad({ filter: /[\\/]test[\\/].*\.ts$/ }, ({ path }) => ({
      contents: readFileSync(path, 'utf8')
        .replaceAll('import.meta.dirname', JSON.stringify(dirname(path)))
        .replaceAll('import.meta.url', JSON.stringify(pathToFileURL(path).href)),
      loader: 'ts',
    }));
  },
};

let count = 0;

/** Bundles a source of the tests with the current compiler into `outfile`, and imports it. */
export async function importFromKit(source, outfile) {
  await build({
    entryPoints: [join(root, source)],
    bundle: true,
    packages: 'external',
    platform: 'node',
    format: 'esm',
    outfile,
    logLevel: 'error',
    plugins: [ownPlaces],
  });
  return import(`${pathToFileURL(outfile)}?${count++}`);
}
