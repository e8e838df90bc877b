import { type CheckResult, check } from '../../index.js';
import { type CommandInput, exit } from '../command.js';
import { compileOptions } from '../compile-options.js';
import { commandHost, sourcePath } from '../input.js';
import { line } from '../plain-text.js';
import { type Findings, reportFindings } from '../reporting.js';
import { UsageError } from '../usage-error.js';
import { watch } from '../watch.js';
import { counted } from '../wording.js';

/** `archc check FILE...`: every mistake of the files, each file with its imports. */
export async function checkFiles(input: CommandInput): Promise<number> {
  const { positionals, options, terminal } = input;
  if (positionals.length === 0) throw new UsageError('`archc check` needs a file', '`archc check --help` says more');
  if (options.has('watch')) return watch(input, positionals, () => checkOnce(input));
  const { code } = checkOnce(input);
  if (code === exit.ok && !options.has('quiet') && (options.value('format') ?? 'human') === 'human') {
    terminal.err.write(line(`checked ${counted(positionals.length, 'file')}`));
  }
  return code;
}

function checkOnce({ positionals, options, terminal }: CommandInput): { readonly code: number; readonly sources: Findings['sources'] } {
  const host = commandHost();
  const results: CheckResult[] = positionals.map((word) => check(sourcePath(word), host, compileOptions(options)));
  const findings = merged(results);
  return { code: reportFindings(findings, options, terminal), sources: findings.sources };
}

/** Files may import the same file: what is wrong there is said once. */
function merged(results: readonly Findings[]): Findings {
  const sources = new Map(results.flatMap((result) => [...result.sources]));
  const seen = new Set<string>();
  const diagnostics = results
    .flatMap((result) => result.diagnostics)
    .filter((d) => {
      const key = `${d.code} ${d.span.file} ${d.span.start} ${d.span.end} ${d.message}`;
      return seen.has(key) ? false : seen.add(key);
    });
  return { diagnostics, sources };
}
