import type { CheckOptions, CompileOptions } from '../../api/options.js';
import type { ProjectBuild } from '../../api/project.js';
import { weightsOf } from '../../demand-options.js';
import { type Diagnostic, plainDiagnostic } from '../../diagnostics/diagnostic.js';
import type { Span } from '../../diagnostics/span.js';
import { type BinaryHost, type Host, HostError } from '../../host.js';
import { prepareModel } from '../../prepare-model.js';
import { optionsOf, projectFile, readProject } from '../../project/read-project.js';
import { atBoundSize } from './size-place.js';

/** The builds of a project file, none if it has mistakes, and the mistakes. */
interface ReadBuilds {
  readonly builds: readonly ProjectBuild[];
  readonly mistakes: readonly Diagnostic[];
}

const nothingRead: ReadBuilds = { builds: [], mistakes: [] };

/** The builds of the project files around sources, and what they find wrong. */
export class Builds {
  readonly #host: Host & Partial<BinaryHost>;
  readonly #chosen: () => string | undefined;
  /** Folder -> what its project file says; nothing if it cannot be read. */
  readonly #projects = new Map<string, ReadBuilds | undefined>();

  /** `host` reads project files, weights, and sources as the editor has them; `chosen` is the name of the build that the user wants. */
  constructor(host: Host & Partial<BinaryHost>, chosen: () => string | undefined) {
    this.#host = host;
    this.#chosen = chosen;
  }

  /** A project file may have changed. */
  refresh(): void {
    this.#projects.clear();
  }

  /** The build of a source file that the user has chosen, else the first one; undefined if no project file around it builds it. */
  buildOf(path: string): ProjectBuild | undefined {
    const own = normalPath(path);
    const builds = this.#projectAround(path).builds.filter(({ file }) => normalPath(file) === own);
    return builds.find(({ name }) => name === this.#chosen()) ?? builds[0];
  }

  /** What the declarations of a file are checked with: the element type of the build and its operators. Hyperparameters stay variables. */
  checkOptions(path: string): CheckOptions {
    const { dtype, opset, limits } = this.buildOf(path)?.options ?? {};
    return { dtype, opset, limits };
  }

  /** What a model of a file is compiled with, to show it and its costs: the settings of the build, if it builds this model; otherwise none. */
  compileOptions(path: string, model?: string): CompileOptions {
    const build = this.buildOf(path);
    if (build === undefined || (model !== undefined && (build.options.model ?? model) !== model)) return {};
    try {
      return { ...optionsOf(build, this.#host), entry: undefined, train: undefined, gradients: undefined };
    } catch (error) {
      if (error instanceof HostError) return {};
      throw error;
    }
  }

  /** Whether there is something to say about the build of a file. */
  has(path: string): boolean {
    return this.buildOf(path) !== undefined || this.#projectAround(path).mistakes.length > 0;
  }

  /** Everything that a build of a file reports before it writes: weights that do not fit, nodes that leave the device, options that are wrong. Of a project file with mistakes, these. */
  diagnostics(path: string): readonly Diagnostic[] {
    const build = this.buildOf(path);
    if (build === undefined) return this.#projectAround(path).mistakes;
    try {
      const options = optionsOf(build, this.#host);
      // In a browser, weights cannot be opened.
      const weights = weightsOf(this.#host.openBinary === undefined ? { seed: options.seed } : options);
      const { report, prepared } = prepareModel(path, this.#host, { settings: options, weights, emit: options.emit });
      prepared?.weights.close();
      const clauseAt = ({ file, start, end }: Span) => this.#host.read(file)?.slice(start, end) ?? '';
      return report.diagnostics.map(plainDiagnostic).map((found) => atBoundSize(found, build, clauseAt(found.span)));
    } catch (error) {
      if (error instanceof HostError) return [];
      throw error;
    }
  }

  #projectAround(path: string): ReadBuilds {
    for (let folder = parentOf(path); folder !== undefined; folder = parentOf(folder)) {
      const read = this.#readIn(folder);
      if (read !== undefined) return read;
    }
    return nothingRead;
  }

  #readIn(folder: string): ReadBuilds | undefined {
    if (this.#projects.has(folder)) return this.#projects.get(folder);
    const read = this.#read(folder === '' ? projectFile : `${folder}/${projectFile}`);
    this.#projects.set(folder, read);
    return read;
  }

  #read(path: string): ReadBuilds | undefined {
    try {
      if (this.#host.read(path) === undefined) return undefined;
      const { project, diagnostics } = readProject(path, this.#host);
      // An editor says itself what is wrong with JSON.
      const mistakes = (diagnostics as readonly Diagnostic[]).filter(({ code }) => code !== 'bad-json');
      return { builds: project?.builds ?? [], mistakes };
    } catch (error) {
      if (error instanceof HostError) return undefined;
      throw error;
    }
  }
}

const windowsPath = /^(?:[A-Za-z]:[\\/]|\\\\)/;

/** A path in a form that is the same for all ways to write it: Windows has two separators, and drives in both cases. */
function normalPath(path: string): string {
  return windowsPath.test(path) ? path.replaceAll('\\', '/').replace(/^[a-z]:/, (drive) => drive.toUpperCase()) : path;
}

/** The folder of a path; that of the files of an unnamed root is the empty text. */
function parentOf(path: string): string | undefined {
  const at = Math.max(path.lastIndexOf('/'), windowsPath.test(path) ? path.lastIndexOf('\\') : -1);
  if (at > 0) return path.slice(0, at);
  return path === '' || at === 0 || /^[A-Za-z]:$/.test(path) ? undefined : '';
}
