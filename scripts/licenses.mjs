// The licenses of the packages whose code is in a bundle.
import { readFileSync } from 'node:fs';
import { dirname, resolve } from 'node:path';
import { fileURLToPath } from 'node:url';

const root = fileURLToPath(new URL('..', import.meta.url));

/** The license texts of every package whose code is in the bundles, as their licenses require. */
export function licenses(program, metafiles) {
  const folders = new Set();
  for (const { inputs } of metafiles) {
    for (const input of Object.keys(inputs)) {
      const match = /^(.*node_modules\/(?:@[^/]+\/)?[^/]+)\//.exec(input);
      if (match !== null) folders.add(match[1]);
    }
  }
  const texts = [...folders].sort().map((folder) => {
    const { name, version, license } = JSON.parse(readFileSync(resolve(root, folder, 'package.json'), 'utf8'));
    return `${name} ${version} (${license})\n\n${licenseText(folder)}`;
  });
  return `${program} contains code of these packages.\n\n${texts.join(`\n${'-'.repeat(80)}\n\n`)}`;
}

function licenseText(folder) {
  // A package of a monorepo may leave the text to its parent package.
  for (let at = folder; at.includes('node_modules/'); at = dirname(at)) {
    for (const name of ['LICENSE', 'LICENSE.txt', 'LICENSE.md', 'License.txt', 'license', 'LICENSE-MIT.txt']) {
      try {
        return readFileSync(resolve(root, at, name), 'utf8');
      } catch {
        // The next name.
      }
    }
  }
  return 'See the package for its license text.\n';
}
