// What the build computes in advance, so that no process has to: the decisions of the parser and the syntax trees of the standard library.
import { mkdtempSync, rmSync } from 'node:fs';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import { fileURLToPath, pathToFileURL } from 'node:url';
import { build } from 'esbuild';

const root = fileURLToPath(new URL('..', import.meta.url));

/** The decisions, and the tree of each standard module by its path, `std/layers`. */
export async function prepare() {
  const folder = mkdtempSync(join(tmpdir(), 'archc-build-'));
  const outfile = join(folder, 'compiler.mjs');
  await build({
    stdin: {
      contents: "export { ArchParser } from './grammar/parser.ts'; export { standardFile, standardModules } from './src/stdlib.ts';",
      resolveDir: root,
      loader: 'ts',
    },
    bundle: true,
    platform: 'node',
    format: 'esm',
    outfile,
    logLevel: 'error',
  });
  const { ArchParser, standardFile, standardModules } = await import(pathToFileURL(outfile).href);
  rmSync(folder, { recursive: true });
  const trees = new Map(
    standardModules().map((path) => {
      const { text, ...tree } = standardFile(path);
      demandPlain(tree, path, new Set());
      return [path, tree];
    }),
  );
  return { decisions: new ArchParser().decisions(), trees };
}

/** Throws for what JSON cannot represent: other kinds of values, and a node that has two parents. */
function demandPlain(value, place, seen) {
  if (typeof value === 'number' && !Number.isFinite(value)) throw new Error(`${place} is ${value}`);
  if (value === null || ['string', 'boolean', 'number', 'undefined'].includes(typeof value)) return;
  if (typeof value.toJSON === 'function') value = value.toJSON();
  if (typeof value !== 'object') throw new Error(`${place} is a ${typeof value}`);
  if (!Array.isArray(value) && Object.getPrototypeOf(value) !== Object.prototype)
    throw new Error(`${place} is a ${value.constructor.name}`);
  if (seen.has(value) && 'kind' in value) throw new Error(`${place} has two parents`);
  seen.add(value);
  for (const [key, inner] of Object.entries(value)) demandPlain(inner, `${place}.${key}`, seen);
}

/** Puts the decisions into a bundle. */
export function withDecisions(decisions) {
  return replacing(
    'decisions',
    /[\\/]grammar[\\/]prepared-decisions\.ts$/,
    `export const preparedDecisions = JSON.parse(${JSON.stringify(JSON.stringify(decisions))});`,
  );
}

/** Makes a bundle read the trees of standard modules from the adjacent `stdlib/layers.json`. */
export function withTrees() {
  return replacing(
    'trees',
    /[\\/]src[\\/]stdlib-trees\.ts$/,
    `import { readFileSync } from 'node:fs';
     export function preparedTree(path) {
       return JSON.parse(readFileSync(new URL(\`stdlib/\${path.slice('std/'.length)}.json\`, import.meta.url), 'utf8'));
     }`,
  );
}

function replacing(name, filter, contents) {
  return {
    name,
    setup: (builder) => {
      let isReplaced = false;
      builder.onLoad({ filter }, () => {
        isReplaced = true;
        return { contents, loader: 'js' };
      });
      builder.onEnd(() => {
        if (!isReplaced) throw new Error(`the ${name} found no place in the bundle`);
      });
    },
  };
}
