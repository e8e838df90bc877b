import { readdirSync, readFileSync } from 'node:fs';
import { resolve } from 'node:path';
import type { File } from '../../src/1-syntax/ast.js';
import { parse } from '../../src/1-syntax/parse.js';
import type { Diagnostic } from '../../src/diagnostics/diagnostic.js';
import { Report } from '../../src/diagnostics/report.js';

const root = resolve(import.meta.dirname, '../..');

export interface Source {
  readonly name: string;
  readonly text: string;
}

/** The models under `examples`. */
export const examples: readonly Source[] = readdirSync(resolve(root, 'examples'), { withFileTypes: true })
  .filter((entry) => entry.isDirectory() && readdirSync(resolve(root, 'examples', entry.name)).includes('model.arch'))
  .map(({ name }) => ({ name, text: readFileSync(resolve(root, 'examples', name, 'model.arch'), 'utf8') }));

/** Everything that the language has, in small files. */
export const samples: readonly Source[] = readdirSync(resolve(import.meta.dirname, 'samples'))
  .filter((name) => name.endsWith('.arch'))
  .map((name) => ({ name, text: readFileSync(resolve(import.meta.dirname, 'samples', name), 'utf8') }));

export interface Parsed {
  readonly file: File;
  readonly diagnostics: readonly Diagnostic[];
}

export function read(text: string): Parsed {
  const report = new Report();
  const file = parse('test.arch', text, report);
  return { file, diagnostics: report.diagnostics };
}
