import type { Diagnostic } from '../diagnostics/record.js';
import type { Span } from '../diagnostics/span.js';
import type { BuildFileOptions } from './options.js';

/** A project file, `archc.json`. */
export interface Project {
  readonly path: string;
  /** In the order of the file. */
  readonly builds: readonly ProjectBuild[];
}

/** A model of a project and how it is built. Its paths are those of the host. */
export interface ProjectBuild {
  readonly name: string;
  /** Where the file says what the build writes: at `out` or, without it, at the name of the build. */
  readonly span: Span;
  /** The source file. */
  readonly file: string;
  /** The file of the model. */
  readonly out: string;
  /** The file for `config`, if there is one: `optionsOf` reads it. */
  readonly config: string | undefined;
  /** Options of `buildFile`, without `config`. */
  readonly options: BuildFileOptions;
}

export interface ProjectResult {
  /** Sorted by place; empty for a file without mistakes. */
  readonly diagnostics: readonly Diagnostic[];
  readonly failed: boolean;
  /** The text of the file by its path. */
  readonly sources: ReadonlyMap<string, string>;
  /** Absent if there was an error. */
  readonly project?: Project | undefined;
}
