import type { DeviceCheck } from './device-check.js';
import type { SessionAdvice } from './session-options.js';
import type { Signature } from './signature.js';

/** What the files of a model are, and what goes into them and comes out, as plain data: all that is needed to load and run it. */
export interface ModelManifest {
  readonly version: 1;
  readonly name: string;
  /** The text of the model's `##` comment. */
  readonly doc?: string | undefined;
  /** In the order of the source; at least one. The name of each is in its signature. */
  readonly entries: readonly ModelGraph[];
  /** All states of the model, by their names in those entries that read or set them. */
  readonly states: readonly ModelState[];
}

export interface ModelGraph {
  /** The name of the file. */
  readonly file: string;
  readonly signature: Signature;
  /** The session options with which ONNX Runtime runs it fastest, if these are not the defaults. */
  readonly sessionOptions?: SessionAdvice | undefined;
  /** The oldest version of ONNX Runtime that knows all operators of the file: `1.20`. */
  readonly runtime?: string | undefined;
  /** The checks that a GPU must pass before the file is loaded there, because some GPUs compute such models wrongly. */
  readonly deviceChecks?: readonly DeviceCheck[] | undefined;
}

export interface ModelState {
  /** The name of the input for its value before a call. */
  readonly input: string;
  /** The name of the output with its value after the call. */
  readonly output: string;
}
