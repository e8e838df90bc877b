import { join } from 'node:path';
import { serveStdio } from '../../lsp/node.js';
import { type CommandInput, exit } from '../command.js';
import { packageRoot } from '../package-root.js';
import { UsageError } from '../usage-error.js';

/** `archc lsp`: serves an editor on standard input and output. The process ends when the editor says so, or closes the input. */
export function lsp({ positionals }: CommandInput): number {
  if (positionals.length > 0) throw new UsageError('`archc lsp` takes no arguments: editors send it the files that are open');
  const root = packageRoot();
  serveStdio({ standardLibrary: join(root, 'stdlib'), docs: join(root, 'docs') });
  return exit.ok;
}
