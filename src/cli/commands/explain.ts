import { existsSync, readFileSync } from 'node:fs';
import { join } from 'node:path';
import { catalog } from '../../diagnostics/catalog.js';
import { suggest } from '../../diagnostics/suggest.js';
import { type CommandInput, exit } from '../command.js';
import { packageRoot } from '../package-root.js';
import { lines, trusted } from '../plain-text.js';
import { UsageError } from '../usage-error.js';

/** `archc explain CODE`: the page of a code. */
export function explain({ positionals, terminal }: CommandInput): number {
  const codes = Object.keys(catalog).sort();
  const [code, ...rest] = positionals;
  if (rest.length > 0) throw new UsageError('`archc explain` takes one code');
  if (code === undefined) {
    terminal.out.write(lines(codes));
    return exit.ok;
  }
  const name = /^(?:error|warning)\[(.*)\]$/.exec(code)?.[1] ?? code;
  const page = join(packageRoot(), 'docs', 'errors', `${name}.md`);
  if (!codes.includes(name) || !existsSync(page)) {
    const [near] = suggest(name, codes);
    throw new UsageError(
      `there is no diagnostic \`${name}\``,
      near === undefined ? '`archc explain` lists all codes' : `did you mean \`archc explain ${near}\`?`,
    );
  }
  terminal.out.write(trusted(readFileSync(page, 'utf8')));
  return exit.ok;
}
