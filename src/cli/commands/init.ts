import { existsSync, lstatSync, statSync, writeFileSync } from 'node:fs';
import { dirname, join, relative, resolve } from 'node:path';
import { sourcesIn } from '../../node/find-sources.js';
import { hostError } from '../../node/host-error.js';
import { projectFile } from '../../project/read-project.js';
import { type CommandInput, exit } from '../command.js';
import { exampleFile, exampleText } from '../init/example.js';
import { type FoundModel, modelsIn } from '../init/find-models.js';
import { type NewBuild, newBuilds, projectText } from '../init/project-text.js';
import { commandHost } from '../input.js';
import { lines } from '../plain-text.js';
import { UsageError } from '../usage-error.js';
import { counted } from '../wording.js';

/** `archc init`: writes a project file with a build for each model here, or for an example if there is none. It never replaces a file. */
export function init({ positionals, options, terminal }: CommandInput): number {
  if (positionals.length > 0) throw new UsageError('`archc init` takes no arguments: it starts a project in the current folder');
  if (isThere(projectFile) && !isFile(projectFile))
    throw new UsageError(`${projectFile} is not a file, but a folder, a device or a link that leads nowhere`);
  if (isThere(projectFile)) throw new UsageError(`${projectFile} already exists`, '`archc build` builds its models');
  const { files, isCut } = sourcesIn('.');
  const host = commandHost();
  const remarks = isCut ? ['there are too many folders: some were not searched for models'] : [];
  const models = new Map<string, readonly FoundModel[]>();
  for (const file of files) {
    const found = modelsIn(file, host);
    if (typeof found === 'string') remarks.push(`${file} is left out: ${found}`);
    else models.set(file, found);
  }
  const isNew = files.length === 0;
  const builds = newBuilds(isNew ? new Map([[exampleFile, [{ name: 'LeNet', isComplete: true, isCorrect: true }]]]) : models);
  if (builds.length === 0)
    throw new UsageError(`no model in ${counted(files.length, 'file')} of this folder`, 'only files with a `model NAME(...)` can be built');
  if (isNew) create(exampleFile, exampleText);
  create(projectFile, projectText(builds, schemaPath()));
  if (!options.has('quiet')) terminal.err.write(lines([...remarks, ...told(builds, isNew)]));
  return exit.ok;
}

/** What was written, and what to do next. */
function told(builds: readonly NewBuild[], isNew: boolean): readonly string[] {
  const first = builds.find(({ isComplete, isCorrect }) => isComplete && isCorrect);
  const wrong = [...new Set(builds.filter(({ isCorrect }) => !isCorrect).map(({ model }) => model))];
  const names = builds.map(({ name }) => name).join(', ');
  const open = builds.filter(({ isComplete }) => !isComplete);
  return [
    ...(isNew ? [`wrote ${exampleFile}, an example`] : []),
    `wrote ${projectFile} with ${counted(builds.length, 'build')}: ${names}`,
    ...open.map(
      ({ name }) => `${name} has hyperparameters without a value: give them in "set" or "config" (\`archc check ${name}\` lists them)`,
    ),
    ...wrong.map((file) => `${file} has mistakes, which \`archc check ${file}\` shows`),
    first === undefined ? 'next: `archc check`' : `next: \`archc build\`, or \`archc run ${first.name}\` to see it run`,
  ];
}

/** Writes a new file. Throws `HostError` if something with this name exists. */
function create(path: string, text: string): void {
  try {
    writeFileSync(path, text, { flag: 'wx' });
  } catch (error) {
    throw hostError('write', path, error);
  }
}

function isThere(path: string): boolean {
  return lstatSync(path, { throwIfNoEntry: false }) !== undefined;
}

function isFile(path: string): boolean {
  return statSync(path, { throwIfNoEntry: false })?.isFile() === true;
}

/** The JSON schema in the nearest `node_modules` that has archc, if any. */
function schemaPath(): string | undefined {
  const schema = join('node_modules', 'archc', 'archc.schema.json');
  for (let folder = resolve('.'); ; folder = dirname(folder)) {
    const path = join(folder, schema);
    if (existsSync(path)) {
      const shown = relative('.', path).replaceAll('\\', '/');
      return shown.startsWith('.') ? shown : `./${shown}`;
    }
    if (dirname(folder) === folder) return undefined;
  }
}
