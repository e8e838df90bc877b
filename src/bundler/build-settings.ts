import { dirname, isAbsolute, join, relative, resolve } from 'node:path';
import type { ArchcOptions, Environment, ImportOptions } from '../api/bundler.js';
import type { BuildFileOptions } from '../api/options.js';
import type { ProjectBuild } from '../api/project.js';
import type { Diagnostic } from '../diagnostics/record.js';
import { suggest } from '../diagnostics/suggest.js';
import { type BinaryHost, type Host, HostError } from '../host.js';
import { buildsOf, findProject } from '../node/find-project.js';
import type { Target } from '../ops/targets.js';
import { optionsOf, readProject } from '../project/read-project.js';
import type { ImportRequest } from './import-request.js';
import { shownPath } from './problem.js';

/** How an imported model is built. */
export interface BuildSettings {
  /** Undefined if `archc.json` has mistakes, which are the diagnostics. */
  readonly options: BuildFileOptions | undefined;
  readonly diagnostics: readonly Diagnostic[];
  /** The build of `archc.json` that applies, if one does. */
  readonly build: ProjectBuild | undefined;
  /** The text of `archc.json` by its path. */
  readonly sources: ReadonlyMap<string, string>;
  /** The files other than sources that decide what is built, by absolute paths. */
  readonly files: readonly string[];
}

/** Where a plugin is used. */
export interface Place {
  readonly root: string;
  readonly environment: Environment;
}

const fitting: Readonly<Record<Environment, readonly Target[]>> = {
  client: ['webgpu', 'wasm', 'portable'],
  server: ['cpu', 'cuda', 'portable'],
};
const usual: Readonly<Record<Environment, Target>> = { client: 'portable', server: 'cpu' };

/** Finds out how to build what a program imports: from `archc.json`, the options of the plugin and the query. Throws `HostError`. */
export function buildSettings(request: ImportRequest, given: ArchcOptions, place: Place, host: Host & BinaryHost): BuildSettings {
  const own = optionsFor(request, given, place.root);
  const path = given.project === false ? undefined : findProject(dirname(request.file));
  if (path === undefined)
    return { ...settled(request, own, undefined, place, host), diagnostics: [], build: undefined, sources: new Map() };
  const { project, diagnostics, sources } = readProject(path, host);
  if (project === undefined) return { options: undefined, diagnostics, build: undefined, sources, files: [path] };
  const build = chosenBuild(buildsOf(project, request.file), request.build ?? own.build, request, place);
  const { options, files } = settled(request, own, build, place, host);
  return { options, diagnostics, build, sources, files: [path, ...files] };
}

/** The options of the plugin for a file. */
function optionsFor({ file }: ImportRequest, { models = {}, ...all }: ArchcOptions, root: string): ImportOptions {
  const { project: _p, dts: _d, environment: _e, assetsDir: _a, cacheDir: _c, ...general } = all;
  const found = Object.entries(models).find(([path]) => resolve(root, path) === file);
  return defined({ ...general, ...found?.[1] });
}

function settled(
  request: ImportRequest,
  { target, build: _, ...own }: ImportOptions,
  build: ProjectBuild | undefined,
  { root, environment }: Place,
  host: Host,
): Pick<BuildSettings, 'options' | 'files'> {
  const { emit: _emit, copyWeights: _copy, ...ofBuild } = build === undefined ? {} : optionsOf(build, host);
  const query = defined({ model: request.model, train: request.train, entry: request.entry });
  const places = Object.entries(ofBuild.writtenIn ?? {}).filter(([name]) => !Object.hasOwn(own, name) && !Object.hasOwn(query, name));
  const options: BuildFileOptions = {
    ...ofBuild,
    ...own,
    ...query,
    ...(own.weights === undefined ? {} : { weights: resolve(root, own.weights) }),
    ...(own.frozenWeights === undefined ? {} : { frozenWeights: mapped(own.frozenWeights, (path) => resolve(root, path)) }),
    writtenIn: places.length === 0 ? undefined : Object.fromEntries(places),
    target: targetOf(target, ofBuild.target, environment),
    // What is bundled has the weights with it.
    copyWeights: true,
    ...(request.kind === 'inline' ? { externalData: 'never' as const } : {}),
  };
  const weights = [options.weights ?? [], ...Object.values(options.frozenWeights ?? {})].flat();
  return { options, files: [...(build?.config === undefined ? [] : [build.config]), ...weights].map((path) => resolve(path)) };
}

function targetOf(given: ImportOptions['target'], ofBuild: Target | undefined, environment: Environment): Target {
  const own = typeof given === 'string' ? given : given?.[environment];
  return own ?? (ofBuild !== undefined && fitting[environment].includes(ofBuild) ? ofBuild : usual[environment]);
}

/** The build that is named, the only one, or the only one for this side of the program. Throws `HostError` if that leaves a choice. */
function chosenBuild(
  builds: readonly ProjectBuild[],
  wanted: string | undefined,
  { file }: ImportRequest,
  { root, environment }: Place,
): ProjectBuild | undefined {
  const names = builds.map(({ name }) => name);
  if (wanted !== undefined) {
    const found = builds.find(({ name }) => name === wanted);
    if (found !== undefined) return found;
    const [near] = suggest(wanted, names);
    const hint = near !== undefined ? `; did you mean \`${near}\`?` : names.length === 0 ? '' : `; it has ${names.join(', ')}`;
    throw new HostError(`archc.json has no build \`${wanted}\` of ${shownPath(file, root)}${hint}`);
  }
  if (builds.length < 2) return builds[0];
  const fits = builds.filter(({ options: { target = 'portable' } }) => fitting[environment].includes(target));
  const [only, ...others] = fits.length === 0 ? builds : fits;
  if (others.length === 0) return only;
  throw new HostError(
    `archc.json has several builds of ${shownPath(file, root)}: choose one with \`?build=${only?.name}\` after the import or the option \`build\`; there are ${names.join(', ')}`,
  );
}

/** The form in which a path is stored: relative to the root, so that a cache can move with its project. */
export function keptPath(path: string, root: string): string {
  return relative(root, path).replaceAll('\\', '/');
}

/** The path that was kept. */
export function foundPath(path: string, root: string): string {
  return isAbsolute(path) ? path : join(root, path);
}

function mapped(values: Readonly<Record<string, string>>, change: (value: string) => string): Readonly<Record<string, string>> {
  return Object.fromEntries(Object.entries(values).map(([name, value]) => [name, change(value)]));
}

function defined<T extends object>(values: T): T {
  return Object.fromEntries(Object.entries(values).filter(([, value]) => value !== undefined)) as T;
}
