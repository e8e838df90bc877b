import { readFileSync } from 'node:fs';
import { basename, dirname, join } from 'node:path';
import { joinChunks } from '../../6-emit/onnx/encode.js';
import { moduleFiles } from '../../module-files.js';
import { makeFolder } from '../../node/make-folder.js';
import { writeAtomically } from '../../node/write-atomically.js';
import { prepareModel } from '../../prepare-model.js';
import { type CommandInput, exit } from '../command.js';
import { compileOptions } from '../compile-options.js';
import { commandHost, sourcePath } from '../input.js';
import { lines } from '../plain-text.js';
import { type Findings, mergedFindings, reportFindings } from '../reporting.js';
import { findingsOf, placesOf, type Subject, subjectsOf } from '../subjects.js';
import { UsageError } from '../usage-error.js';
import { type Round, watch } from '../watch.js';

/** `archc types MODEL.arch...`: the declarations that TypeScript reads for `import ... from './model.arch'`. */
export async function types(input: CommandInput): Promise<number> {
  if (input.positionals.includes('-')) throw new UsageError('`archc types` needs a file: standard input has no place beside it');
  if (input.options.has('watch')) return watch(input, placesOf(input.positionals), () => typesOfAll(input));
  return typesOfAll(input).code;
}

/** A file of declarations. */
interface Declarations extends Findings {
  readonly path: string;
  readonly text: Uint8Array | undefined;
}

function typesOfAll({ positionals, options, terminal }: CommandInput): Round {
  const { subjects, ...ofProject } = subjectsOf(positionals, 'types', options);
  const made = subjects.map((subject) => declarationsOf(subject, ofProject.sources));
  demandEqual(made);
  const findings = mergedFindings([ofProject, ...made]);
  const code = reportFindings(findings, options, terminal);
  if (code === exit.ok) {
    const texts = new Map(made.flatMap(({ path, text }) => (text === undefined ? [] : [[path, text] as const])));
    const told = [...texts].map(([path, text]) => `${path}: ${replace(path, text) ? 'written' : 'unchanged'}`);
    if (!options.has('quiet')) terminal.err.write(lines(told));
  }
  return { code, sources: findings.sources };
}

function declarationsOf({ file, options, build }: Subject, sources: Findings['sources']): Declarations {
  const path = sourcePath(file);
  const name = basename(path).replace(/\.arch$/, '');
  const place = join(options.value('output') ?? dirname(path), `${name}.d.arch.ts`);
  try {
    const { compiled, report, prepared } = prepareModel(path, commandHost(), {
      settings: compileOptions(options),
      weights: { file: undefined, frozen: new Map(), patterns: [], seed: 0 },
      emit: ['dts'],
    });
    const findings = { diagnostics: report.diagnostics, sources: compiled.sources, path: place };
    if (prepared === undefined) return { ...findings, text: undefined };
    prepared.weights.close();
    const [text] = moduleFiles(prepared.model, { source: basename(path), file: `${name}.onnx`, emit: ['dts'], data: [] });
    return { ...findings, text: text && joinChunks([...text.chunks]) };
  } catch (error) {
    return { ...findingsOf(error, build, sources), path: place, text: undefined };
  }
}

/** Refuses builds of one file whose types differ. */
function demandEqual(all: readonly Declarations[]): void {
  const known = new Map<string, Uint8Array>();
  for (const { path, text } of all) {
    const other = known.get(path);
    if (text !== undefined && other !== undefined && !isEqual(text, other))
      throw new UsageError(
        `several builds have types for ${path}, and they differ`,
        'name the build that programs import: `archc types NAME`',
      );
    if (text !== undefined) known.set(path, text);
  }
}

/** Writes a file unless it is already so: programs that watch it stay quiet. Returns whether it was written. */
function replace(path: string, text: Uint8Array): boolean {
  try {
    if (isEqual(readFileSync(path), text)) return false;
  } catch {
    // It does not exist yet, or `writeAtomically` says why it cannot be written.
  }
  makeFolder(dirname(path));
  writeAtomically(path, [text]);
  return true;
}

function isEqual(a: Uint8Array, b: Uint8Array): boolean {
  return a.length === b.length && a.every((byte, i) => byte === b[i]);
}
