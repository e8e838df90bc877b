import { basename } from 'node:path';
import type { Code } from '../diagnostics/catalog.js';
import type { Diagnostic } from '../diagnostics/diagnostic.js';
import { projectFile } from '../project/read-project.js';
import { exit } from './command.js';

/** Codes for problems with a command line or a file that it names, not with the model. */
const usage: ReadonlySet<string> = new Set<Code>([
  'no-model',
  'several-models',
  'unknown-model',
  'missing-setting',
  'unknown-setting',
  'ambiguous-setting',
  'setting-name',
  'setting-kind',
  'json-item',
  'missing-key',
  'bad-json',
  'settings-too-large',
  'unused-config',
  'unknown-size',
  'unknown-optional',
  'unmatched-tap',
  'weights-file',
  'weights-map',
  'unknown-project-key',
  'project-value',
  'missing-project-key',
  'build-name',
  'build-file',
  'shared-output',
]);

/** The exit code for the findings. A mistake in the model takes precedence over one in the command line. */
export function exitCodeOf(diagnostics: readonly Diagnostic[], deniesWarnings: boolean): number {
  const errors = diagnostics.filter(({ severity }) => severity === 'error');
  if (errors.length === 0) return deniesWarnings && diagnostics.length > 0 ? exit.diagnostics : exit.ok;
  return errors.every(isUsage) ? exit.usage : exit.diagnostics;
}

/** The text of an option is a file of its own: `--set D`, `--entry`. What is wrong in the project file is a setting, too. */
function isUsage({ code, span }: Diagnostic): boolean {
  return usage.has(code) || span.file.startsWith('--') || basename(span.file) === projectFile;
}
