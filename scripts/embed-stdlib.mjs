// Writes src/stdlib.generated.ts: the standard library as text inside the compiler, so that it needs no files.
// `node scripts/embed-stdlib.mjs --check` only reports whether the file is up to date.
import { existsSync, readdirSync, readFileSync, writeFileSync } from 'node:fs';
import { fileURLToPath } from 'node:url';

const source = new URL('../stdlib/', import.meta.url);
const target = new URL('../src/stdlib.generated.ts', import.meta.url);

/** Modules whose names must be imported, so that they do not fill every file: `import { rope } from "std/attention"`. */
const importOnly = new Set(['attention']);

/** The text of src/stdlib.generated.ts for the contents of stdlib/. */
export function generatedLibrary() {
  const files = existsSync(source)
    ? readdirSync(source)
        .filter((name) => name.endsWith('.arch'))
        .sort()
    : [];
  const modules = files.map((file) => {
    const name = file.slice(0, -'.arch'.length);
    return { name, path: `std/${name}`, text: readFileSync(new URL(file, source), 'utf8').replaceAll('\r\n', '\n') };
  });
  const prelude = new Map();
  for (const { name, path, text } of modules) {
    if (importOnly.has(name)) continue;
    for (const [, declared] of text.matchAll(/^(?:fn|layer|model|let)\s+([A-Za-z]\w*)/gm)) {
      if (prelude.has(declared)) throw new Error(`${declared} is declared in ${prelude.get(declared)} and in ${path}`);
      prelude.set(declared, path);
    }
  }
  const record = (entries) =>
    `Object.assign(Object.create(null), {\n${entries.map(([key, value]) => `  ${JSON.stringify(key)}: ${JSON.stringify(value)},\n`).join('')}})`;
  return [
    '// Made by scripts/embed-stdlib.mjs from stdlib/*.arch. Do not edit.',
    '',
    '/** The text of each standard module by its path, `std/layers`. */',
    `export const standardLibrary: Readonly<Record<string, string>> = ${record(modules.map(({ path, text }) => [path, text]))};`,
    '',
    '/** The module that declares each name which needs no import. */',
    `export const preludeNames: Readonly<Record<string, string>> = ${record([...prelude].sort(([a], [b]) => (a < b ? -1 : 1)))};`,
    '',
  ].join('\n');
}

/** Writes the file if it has changed; returns whether it did. */
export function embedStandardLibrary() {
  const text = generatedLibrary();
  if (existsSync(target) && readFileSync(target, 'utf8') === text) return false;
  writeFileSync(target, text);
  return true;
}

if (process.argv[1] === fileURLToPath(import.meta.url)) {
  if (process.argv.includes('--check')) {
    const isFresh = existsSync(target) && readFileSync(target, 'utf8') === generatedLibrary();
    if (!isFresh) console.error('src/stdlib.generated.ts is out of date: run `node scripts/embed-stdlib.mjs`');
    process.exitCode = isFresh ? 0 : 1;
  } else if (embedStandardLibrary()) console.log('wrote src/stdlib.generated.ts');
}
