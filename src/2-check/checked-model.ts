import type { Span } from '../diagnostics/span.js';
import type { Dim } from '../dims/dim.js';
import type { Fact } from '../dims/fact.js';
import type { Op } from '../ops/define.js';
import type { OnnxAttr } from '../ops/onnx-builder.js';
import type { ScanSteps } from '../ops/scan-steps.js';
import type { NdArray, TensorType } from '../ops/types.js';
import type { BodySize } from './layers/body-size.js';
import type { InventedLabel, ScopeNames } from './layers/labels.js';
import type { MadeSize } from './sizes/new-sizes.js';
import type { CheckValue, Local, ParameterSpec, SharedInstance, StateSpec } from './values/values.js';

/** The typed body of one declaration for one set of hyperparameters and argument types, shared by many applications. */
export interface Instance {
  /** The declaration's name: `TransformerEncoderLayer`. */
  readonly kind: string;
  readonly inputs: readonly (Local | undefined)[];
  readonly steps: readonly Step[];
  readonly outputs: readonly InstanceOutput[];
  /** The sizes that are made in it, each after those that bound it. */
  readonly newSizes: readonly MadeSize[];
  /** The labels and parameters of its scope. */
  readonly names: ScopeNames;
  readonly size: BodySize;
}

export interface InstanceOutput {
  readonly name: string | undefined;
  readonly local: Local;
  /** What a use sees: the declared type with its names bound. */
  readonly type: TensorType;
  /** An inner value that a `train` block reads: not a result of the declaration. */
  readonly isTapped?: boolean;
}

/** The results that the declaration has. */
export function ownOutputs({ outputs }: Instance): readonly InstanceOutput[] {
  return outputs.filter(({ isTapped }) => isTapped !== true);
}

/** The label of a use, or the shared instance it refers to. `joined`: it adds no level, and its generated labels have other names. */
export type StepScope =
  | { readonly kind: 'label'; readonly label: string }
  | { readonly kind: 'shared'; readonly instance: SharedInstance }
  | { readonly kind: 'joined'; readonly renames: ReadonlyMap<string, InventedLabel> };

export type Step =
  | {
      readonly kind: 'op';
      readonly op: Op;
      readonly inputs: readonly StepInput[];
      readonly attrs: Readonly<Record<string, unknown>>;
      readonly outputs: readonly Local[];
      readonly span: Span;
    }
  | { readonly kind: 'constant'; readonly array: NdArray; readonly output: Local }
  | {
      readonly kind: 'parameter';
      readonly name: string;
      readonly parameter: ParameterSpec;
      readonly output: Local;
      readonly span: Span;
    }
  | {
      readonly kind: 'call';
      readonly instance: Instance;
      readonly scope: StepScope;
      readonly inputs: readonly (Local | undefined)[];
      readonly outputs: readonly Local[];
      /** What the new sizes of the instance are here, by their names in it, as far as they can be seen. */
      readonly sizes: ReadonlyMap<string, Dim>;
      readonly span: Span;
    }
  /** From here on, `instance` means the weights at `label` below the current scope. */
  | { readonly kind: 'bind'; readonly instance: SharedInstance }
  /** Reads the value that a state has before the call. */
  | { readonly kind: 'state'; readonly state: StateSpec; readonly output: Local; readonly span: Span }
  /** Says what a state is after the call. */
  | { readonly kind: 'next'; readonly state: StateSpec; readonly input: Local; readonly span: Span }
  /** Reads a weight of a shared instance: `tok.weight`. */
  | {
      readonly kind: 'weight';
      readonly instance: SharedInstance;
      readonly name: string;
      readonly parameter: ParameterSpec;
      readonly output: Local;
      readonly span: Span;
    }
  /** Runs one of two bodies, which read the tensors around them. */
  | {
      readonly kind: 'cond';
      readonly condition: Local;
      /** For a true condition, and for a false one. */
      readonly sides: readonly [StepBody, StepBody];
      readonly outputs: readonly Local[];
      readonly span: Span;
    }
  /** Runs a body for each position along an axis; it also reads the tensors around it. */
  | {
      readonly kind: 'scan';
      /** The initial carries, then the operands. */
      readonly inputs: readonly Local[];
      /** What they are at one step. */
      readonly formals: readonly Local[];
      readonly steps: ScanSteps;
      /** Its results are the next carries, then what it emits. */
      readonly body: StepBody;
      /** The last carries, then what was emitted. */
      readonly outputs: readonly Local[];
      readonly span: Span;
    }
  /** An ONNX operator by its own name: `onnx.HardSwish(x)`. */
  | {
      readonly kind: 'onnx';
      readonly opType: string;
      readonly domain: string;
      readonly inputs: readonly (Local | undefined)[];
      readonly attrs: Readonly<Record<string, OnnxAttr>>;
      readonly outputs: readonly Local[];
      readonly span: Span;
    };

/** What control flow runs. */
export interface StepBody {
  readonly steps: readonly Step[];
  readonly results: readonly Local[];
}

/** The bodies in a step of control flow; other steps have none. */
export function bodiesOf(step: Step): readonly StepBody[] {
  return step.kind === 'cond' ? step.sides : step.kind === 'scan' ? [step.body] : [];
}

/** What a step makes, in order. */
export function outputsOf(step: Step): readonly Local[] {
  if (step.kind === 'bind' || step.kind === 'next') return [];
  return 'outputs' in step ? step.outputs : [step.output];
}

export type StepInput = Local | readonly Local[] | undefined;

/** A model ready to be built. */
export interface CheckedModel {
  readonly name: string;
  readonly doc: string | undefined;
  readonly span: Span;
  /** The hyperparameters that it was made with. */
  readonly hyper: ReadonlyMap<string, CheckValue>;
  /** At least one. A model with a signature of its own has one entry, which is called `forward`. */
  readonly entries: readonly CheckedEntry[];
}

/**
 * What becomes one graph: its instance, its input names and the facts that hold for its sizes. `isBuildFloat` says that a type was
 * written as `Tensor[..]`, without an element type of its own.
 */
export interface CheckedEntry {
  readonly name: string;
  readonly doc: string | undefined;
  readonly span: Span;
  readonly instance: Instance;
  readonly inputs: readonly { readonly name: string; readonly type: TensorType; readonly span: Span; readonly isBuildFloat: boolean }[];
  /** `type` is the declared one: equal to that of `local` given the facts, and the form that the user reads. */
  readonly outputs: readonly { readonly name: string; readonly local: Local; readonly type: TensorType; readonly isBuildFloat: boolean }[];
  readonly facts: readonly { readonly fact: Fact; readonly text: string }[];
  /** Demands that are neither proved nor refuted: checked before a run, or errors under `strict`. */
  readonly residuals: readonly Residual[];
}

/** A demand on sizes that only a run can decide. */
export interface Residual {
  /** The code of the message if it fails. */
  readonly code: string;
  readonly span: Span;
  /** What must hold for the sizes, as text. */
  readonly facts: ReadonlyMap<string, Fact>;
}
