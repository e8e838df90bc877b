/// <reference types="node" />
import { readdirSync, readFileSync } from 'node:fs';
import { join } from 'node:path';
import type { CompileOptions } from '../../src/compile.js';

const folder = join(import.meta.dirname, '../check/programs');

/** The files of programs. */
export const programFiles = readdirSync(folder);

/**
 * A program of `programs/*.txt`: `=== title {options}`, `>>> what is expected`, the source, and `--- path` before each further file. Expected are the
 * outputs and the names of the parameters, or the codes and lines of what is reported; in `warnings.txt` also those of the warnings.
 */
export interface Program {
  readonly title: string;
  readonly options: CompileOptions;
  readonly expected: string;
  readonly files: Readonly<Record<string, string>>;
}

/** The programs of one of these files. */
export function programsOf(file: string): readonly Program[] {
  const blocks = readFileSync(join(folder, file), 'utf8').split(/^=== /m).slice(1);
  return blocks.map((block) => {
    const [, title = '', options = '{}', expected = '', text = ''] = /^([^{\n]*?) ?(\{.*\})?\n>>> (.*)\n([\s\S]*)$/.exec(block) ?? [];
    const [main = '', ...others] = text.split(/^--- (.*)\n/m);
    const files: Record<string, string> = { 'main.arch': main };
    for (let i = 0; i < others.length; i += 2) files[others[i] ?? ''] = others[i + 1] ?? '';
    return { title, options: JSON.parse(options), expected, files };
  });
}
