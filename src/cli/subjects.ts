import { existsSync } from 'node:fs';
import { isAbsolute, relative } from 'node:path';
import process from 'node:process';
import type { Project, ProjectBuild } from '../api/project.js';
import { Report } from '../diagnostics/report.js';
import { suggest } from '../diagnostics/suggest.js';
import { type Host, HostError } from '../host.js';
import { findProject } from '../node/find-project.js';
import { projectFile, readProject } from '../project/read-project.js';
import { reportUnreadable } from '../project/report-unreadable.js';
import { looksLikeFile, type ParsedOptions } from './arguments.js';
import { withBuild } from './build-settings.js';
import type { CommandInput } from './command.js';
import type { CommandName } from './commands.js';
import { commandHost } from './input.js';
import { limitsOf } from './limits.js';
import { type Findings, reportFindings } from './reporting.js';
import { UsageError } from './usage-error.js';

/** What a command works on: a file, with the options that apply to it. */
export interface Subject {
  /** The path of a source file or a model, or `-`. */
  readonly file: string;
  readonly options: ParsedOptions;
  /** The build of the project, if one was named. */
  readonly build: ProjectBuild | undefined;
}

/** The subjects of a command. Diagnostics are mistakes in the project file; if there are any, there are no subjects. */
export interface Subjects extends Findings {
  readonly subjects: readonly Subject[];
}

/**
 * What the words of a command refer to: files by path, and builds of the nearest project file by name; without words, all builds. The settings of a build
 * apply only where it is named. Throws `UsageError` for a word that is neither, and `HostError` for a project file that cannot be read.
 */
export function subjectsOf(words: readonly string[], command: CommandName, options: ParsedOptions): Subjects {
  const named = words.filter((word) => !looksLikeFile(word));
  const file = (word: string): Subject => ({ file: word, options, build: undefined });
  if (words.length > 0 && named.length === 0) return { subjects: words.map(file), diagnostics: [], sources: new Map() };
  const path = nearestProject();
  if (path === undefined) throw withoutProject(named[0], command);
  const { project, diagnostics, sources } = readProject(path, projectHost(), limitsOf(options));
  // The codes of the catalog.
  const findings = { diagnostics: diagnostics as Findings['diagnostics'], sources };
  if (project === undefined) return { subjects: [], ...findings };
  if (project.builds.length === 0) throw new UsageError(`${path} has no builds`, '`archc init` in an empty folder writes an example');
  const ofBuild = (build: ProjectBuild): Subject => ({ file: build.file, options: withBuild(options, command, build), build });
  const subjects =
    words.length === 0
      ? project.builds.map(ofBuild)
      : [...new Set(words)].map((word) => (looksLikeFile(word) ? file(word) : ofBuild(buildNamed(word, project))));
  const report = new Report();
  const text = sources.get(path) ?? '';
  const isThere = ({ build }: Subject): boolean => {
    if (build === undefined || existsSync(build.file)) return true;
    reportUnreadable(new HostError(`${build.file} does not exist`), build, text, projectHost(), report);
    return false;
  };
  const found = subjects.filter(isThere);
  return { subjects: found, ...findings, diagnostics: [...findings.diagnostics, ...report.diagnostics] };
}

/** The findings for an error about a build. Throws any other error. */
export function findingsOf(error: unknown, build: ProjectBuild | undefined, sources: ReadonlyMap<string, string>): Findings {
  if (build === undefined || !(error instanceof HostError)) throw error;
  const report = new Report();
  reportUnreadable(error, build, sources.get(build.span.file) ?? '', projectHost(), report);
  return { diagnostics: report.diagnostics, sources };
}

/** The only subject of a command. If there is none, this is reported, and the result is the exit code. */
export function onlySubject({ positionals, options, terminal }: CommandInput, command: CommandName): Subject | number {
  const [, extra] = positionals;
  if (extra !== undefined) throw new UsageError(`\`archc ${command}\` takes one file, so \`${extra}\` is one too many`);
  const { subjects, ...findings } = subjectsOf(positionals, command, options);
  const [only, other] = subjects;
  if (only === undefined) return reportFindings(findings, options, terminal, true);
  if (other !== undefined)
    throw new UsageError(`\`archc ${command}\` takes one build`, `choose one: ${subjects.map(({ build }) => build?.name).join(', ')}`);
  return only;
}

/** The files that decide what the words refer to: those among the words, and the project file for builds. */
export function placesOf(words: readonly string[]): readonly string[] {
  const files = words.filter(looksLikeFile);
  return files.length > 0 && files.length === words.length ? files : [...files, nearestProject() ?? []].flat();
}

/** The file system, with the paths of a project as one would write them in the current folder. */
function projectHost(): Host {
  const files = commandHost();
  return {
    ...files,
    resolve: (source, from) => (isAbsolute(source) ? source : relative('.', files.resolve(source, from)).replaceAll('\\', '/') || '.'),
  };
}

/** The path of the project file as one would write it in the current folder. */
function nearestProject(): string | undefined {
  const path = findProject(process.cwd());
  return path === undefined ? undefined : relative(process.cwd(), path).replaceAll('\\', '/');
}

function withoutProject(word: string | undefined, command: CommandName): UsageError {
  const place = `there is no ${projectFile} here or above`;
  if (word === undefined) return new UsageError(`\`archc ${command}\` needs a file: ${place}`, `\`archc ${command} --help\` says more`);
  return new UsageError(`${word} is neither a source file nor a build: ${place}`, 'the name of a source file ends in .arch');
}

function buildNamed(word: string, { path, builds }: Project): ProjectBuild {
  const found = builds.find(({ name }) => name === word);
  if (found !== undefined) return found;
  const names = builds.map(({ name }) => name);
  const [near] = suggest(word, names);
  throw new UsageError(`${path} has no build \`${word}\``, near === undefined ? `it has ${names.join(', ')}` : `did you mean \`${near}\`?`);
}
