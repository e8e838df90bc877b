import { resolve } from 'node:path';
import { type CheckedFile, check } from '../../check.js';
import type { Diagnostic } from '../../diagnostics/diagnostic.js';
import type { BinaryHost, Host } from '../../host.js';
import { writeAtomically } from '../../node/write-atomically.js';
import { prepareModel } from '../../prepare-model.js';
import type { CheckResult } from '../../stages.js';
import { type CommandInput, exit } from '../command.js';
import { compileOptions } from '../compile-options.js';
import { fixFiles } from '../fixing.js';
import { commandHost, sourcePath } from '../input.js';
import { checkWeightsOptions, weightsOptions } from '../model-weights.js';
import { line } from '../plain-text.js';
import { type Findings, mergedFindings, reportFindings } from '../reporting.js';
import { findingsOf, placesOf, type Subject, subjectsOf } from '../subjects.js';
import { UsageError } from '../usage-error.js';
import { type Round, watch } from '../watch.js';
import { counted } from '../wording.js';

/** `archc check FILE...`: every mistake in the files, each file with its imports. A word may also name a build of the project; without words, all builds are checked. */
export async function checkFiles(input: CommandInput): Promise<number> {
  const { positionals, options, terminal } = input;
  if (options.has('fix') && options.has('watch'))
    throw new UsageError('`--fix` and `--watch` exclude each other: `--fix` changes the files that `--watch` waits for');
  if (options.has('fix') && positionals.includes('-')) throw new UsageError('`--fix` needs a file: standard input cannot be changed');
  if (options.has('watch')) {
    const known: Known = new Map();
    return watch(input, placesOf(positionals), () => checkOnce(input, known));
  }
  const { code, count } = checkOnce(input);
  if (code === exit.ok && !options.has('quiet') && (options.value('format') ?? 'human') === 'human')
    terminal.err.write(line(`checked ${count}`));
  return code;
}

/** The latest check of each file and its settings. */
type Known = Map<string, CheckedFile>;

interface Checked extends Round {
  /** `2 files` */
  readonly count: string;
}

/** Checks what the words refer to. With `--watch`, `known` has the checks of the previous texts, which are continued. */
function checkOnce({ positionals, options, terminal }: CommandInput, known?: Known): Checked {
  const host = commandHost();
  const { subjects, ...ofProject } = subjectsOf(positionals, 'check', options);
  const files = subjects.map(({ file }) => sourcePath(file));
  const checkSubject = ({ file: word, options: own, build }: Subject, through: Host): CheckedFile => {
    const file = sourcePath(word);
    // What a build would make of its graph is checked below.
    const settings = { ...compileOptions(own), lower: build === undefined, asBuild: build !== undefined };
    const key = JSON.stringify([file, settings]);
    const before = known?.get(key);
    const text = before && through.read(file);
    const isKnown = before !== undefined && text !== undefined;
    const now = isKnown ? before.next(text) : check(file, through, settings);
    known?.set(key, now);
    return now;
  };
  const checkAll = (through: Host): Findings => {
    const faults: Findings[] = [];
    const attempt = <T>({ build }: Subject, work: () => T): readonly T[] => {
      try {
        return [work()];
      } catch (error) {
        faults.push(findingsOf(error, build, ofProject.sources));
        return [];
      }
    };
    const checked = subjects.map((subject) => attempt(subject, () => checkSubject(subject, through)));
    const builds = subjects.flatMap((subject, i) =>
      subject.build === undefined || checked[i]?.[0]?.failed !== false
        ? []
        : attempt(subject, () => findingsOfBuild(subject, { ...host, ...through })),
    );
    return mergedFindings([ofProject, merged(checked.flat()), ...builds, ...faults]);
  };
  const count = subjects.some(({ build }) => build !== undefined) ? counted(subjects.length, 'build') : counted(files.length, 'file');
  if (!options.has('fix')) {
    const findings = checkAll(host);
    return { code: reportFindings(findings, options, terminal), sources: findings.sources, count };
  }
  const { findings, applied, texts } = fixFiles(files, host, checkAll);
  for (const [file, text] of texts) writeAtomically(file, [new TextEncoder().encode(text)]);
  for (const { file, line: at, code, title } of options.has('quiet') ? [] : applied)
    terminal.err.write(line(`fixed ${file}:${at}: ${title} [${code}]`));
  return { code: reportFindings(findings, options, terminal), sources: findings.sources, count };
}

/** Everything that a build of a project reports before it writes. */
function findingsOfBuild({ file, options, build }: Subject, host: Host & BinaryHost): Findings {
  const { compiled, report, prepared } = prepareModel(sourcePath(file), host, {
    settings: compileOptions(options),
    weights: weightsOptions(options),
    emit: build?.options.emit,
    isOnlyChecked: true,
    onCompiled: () => checkWeightsOptions(options, host),
  });
  prepared?.weights.close();
  return { diagnostics: report.diagnostics, sources: compiled.sources };
}

/** Merges findings. A declaration that one of the files imports from another counts as used. */
function merged(results: readonly CheckResult[]): Findings {
  const { diagnostics, sources } = mergedFindings(results);
  const imported = new Set(
    results.flatMap(({ imports }) => [...imports].flatMap(([file, names]) => [...names].map((name) => `${resolve(file)}:${name}`))),
  );
  const isImported = ({ code, span }: Diagnostic): boolean => {
    const name = sources.get(span.file)?.slice(span.start, span.end);
    return code === 'unused-declaration' && imported.has(`${resolve(span.file)}:${name}`);
  };
  return { diagnostics: diagnostics.filter((d) => !isImported(d)), sources };
}
