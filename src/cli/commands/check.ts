import { resolve } from 'node:path';
import { type CheckedFile, check } from '../../check.js';
import type { Diagnostic } from '../../diagnostics/diagnostic.js';
import type { Host } from '../../host.js';
import { writeAtomically } from '../../node/write-atomically.js';
import type { CheckResult } from '../../stages.js';
import { type CommandInput, exit } from '../command.js';
import { compileOptions } from '../compile-options.js';
import { fixFiles } from '../fixing.js';
import { commandHost, sourcePath } from '../input.js';
import { line } from '../plain-text.js';
import { type Findings, reportFindings } from '../reporting.js';
import { UsageError } from '../usage-error.js';
import { watch } from '../watch.js';
import { counted } from '../wording.js';

/** `archc check FILE...`: every mistake in the files, each file with its imports. */
export async function checkFiles(input: CommandInput): Promise<number> {
  const { positionals, options, terminal } = input;
  if (positionals.length === 0) throw new UsageError('`archc check` needs a file', '`archc check --help` says more');
  if (options.has('fix') && options.has('watch')) throw new UsageError('`--fix` changes files; `--watch` would wait for that for ever');
  if (options.has('fix') && positionals.includes('-')) throw new UsageError('`--fix` needs a file: standard input cannot be changed');
  if (options.has('watch')) {
    const known = new Map<string, CheckedFile>();
    return watch(input, positionals, () => checkOnce(input, known));
  }
  const { code } = checkOnce(input);
  if (code === exit.ok && !options.has('quiet') && (options.value('format') ?? 'human') === 'human') {
    terminal.err.write(line(`checked ${counted(positionals.length, 'file')}`));
  }
  return code;
}

/** Checks the files. With `--watch`, `known` are the checks of their texts before, which go on. */
function checkOnce(
  { positionals, options, terminal }: CommandInput,
  known?: Map<string, CheckedFile>,
): { readonly code: number; readonly sources: Findings['sources'] } {
  const host = commandHost();
  const files = positionals.map(sourcePath);
  const checkFile = (file: string, through: Host): CheckedFile => {
    const before = known?.get(file);
    const text = before && through.read(file);
    const isKnown = before !== undefined && text !== undefined;
    const now = isKnown ? before.next(text) : check(file, through, { ...compileOptions(options), lower: true });
    known?.set(file, now);
    return now;
  };
  const checkAll = (through: Host): Findings => merged(files.map((file) => checkFile(file, through)));
  if (!options.has('fix')) {
    const findings = checkAll(host);
    return { code: reportFindings(findings, options, terminal), sources: findings.sources };
  }
  const { findings, applied, texts } = fixFiles(files, host, checkAll);
  for (const [file, text] of texts) writeAtomically(file, [new TextEncoder().encode(text)]);
  for (const { file, line: at, code, title } of options.has('quiet') ? [] : applied)
    terminal.err.write(line(`fixed ${file}:${at}: ${title} [${code}]`));
  return { code: reportFindings(findings, options, terminal), sources: findings.sources };
}

/** Files may import the same file, whose mistakes are reported once. What one of them imports from another is used. */
function merged(results: readonly CheckResult[]): Findings {
  const sources = new Map(results.flatMap((result) => [...result.sources]));
  const seen = new Set<string>();
  const imported = new Set(
    results.flatMap(({ imports }) => [...imports].flatMap(([file, names]) => [...names].map((name) => `${resolve(file)}:${name}`))),
  );
  const isImported = ({ code, span }: Diagnostic): boolean => {
    const name = sources.get(span.file)?.slice(span.start, span.end);
    return code === 'unused-declaration' && imported.has(`${resolve(span.file)}:${name}`);
  };
  const diagnostics = results
    .flatMap((result) => result.diagnostics)
    .filter((d) => {
      const key = `${d.code} ${d.span.file} ${d.span.start} ${d.span.end} ${d.message}`;
      return seen.has(key) || isImported(d) ? false : seen.add(key);
    });
  return { diagnostics, sources };
}
