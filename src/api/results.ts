import type { Diagnostic } from '../diagnostics/record.js';
import type { Span } from '../diagnostics/span.js';
import type { Model } from './model.js';
import type { ModelManifest } from './model-manifest.js';
import type { ModelView } from './model-view.js';

export interface CheckResult {
  /** Sorted by file and place; empty for a file without mistakes. */
  readonly diagnostics: readonly Diagnostic[];
  /** Whether any of them is an error. */
  readonly failed: boolean;
  /** Path -> text of every file that was read. A check lists those of the standard library only if a message points to them. */
  readonly sources: ReadonlyMap<string, string>;
  /** Path -> the names that other files import from it. */
  readonly imports: ReadonlyMap<string, ReadonlySet<string>>;
}

/** What a check of one text of a file found. */
export interface CheckedFile extends CheckResult {
  /**
   * Checks the next text of the file, with the result that a new check would have. Only declarations that have changed, and those that depend on them, are
   * checked again. The files that it imports are read again from the host. Throws `HostError` as `check` does.
   */
  next(text: string): CheckedFile;
  /**
   * What the smallest expression around an offset is, or the name that is declared or assigned there: a hyperparameter, an input, an output, a variable. It is
   * also known in a declaration with mistakes, unless it depends on them; undefined where there is none. A declaration is evaluated on its own: its sizes and
   * hyperparameters are variables. `path` is the file, by default the one that is checked. Throws `Error` if `next` was given another text.
   */
  typeAt(offset: number, path?: string): ExpressionType | undefined;
}

/** What an expression is, or a name where it is declared or assigned. */
export interface ExpressionType {
  /** Where it is. */
  readonly span: Span;
  /** In words: `a tensor [N, 4*D]`, `a tensor [N], or \`none\``, `the size \`D\``, `the layer \`Linear\``. */
  readonly description: string;
  /** The element type of a tensor, which may be `none`, and its sizes as numbers or formulas. */
  readonly tensor?: { readonly dtype: string; readonly shape: readonly (number | string)[] };
}

export interface CompileResult extends CheckResult {
  /** Absent if there was an error. */
  readonly model?: Model | undefined;
}

export interface ViewResult extends CheckResult {
  /** Absent if there was an error. */
  readonly view?: ModelView | undefined;
}

export interface BuildResult extends CompileResult {
  /** The files of the model; absent if there was an error. */
  readonly artifacts?: readonly Artifact[] | undefined;
  /** What `Model.load` of `archc/runtime` takes besides the files; absent if there was an error. */
  readonly manifest?: ModelManifest | undefined;
  /** The ONNX file of a model with one entry, including its weights; absent if there was an error. */
  readonly bytes?: Uint8Array | undefined;
}

/** A file that a build makes. */
export interface Artifact {
  readonly name: string;
  readonly bytes: Uint8Array;
  /** The entry of the model whose graph it is; undefined for the weights that several graphs share. */
  readonly entry: string | undefined;
}

export interface BuildFileResult extends CompileResult {
  /** Absent if there was an error. */
  readonly written?: WrittenModel | undefined;
}

export interface WrittenModel {
  /** The `.onnx` files by name, with their bytes, in the order in which they were given. */
  readonly files: readonly { readonly name: string; readonly size: number }[];
  /** The data file that was written next to it, by name. */
  readonly dataFile: { readonly name: string; readonly size: number } | undefined;
  /** The weight files in the folder that the model refers to; the model does not work without them. */
  readonly referenced: readonly string[];
  /** The other files, by name: those of a `train` block, the module and its declarations; absent if there are none. */
  readonly beside?: readonly string[] | undefined;
}
