import type { Artifact, LayerCost, ModelManifest, Signature } from 'archc';
import type { TrainingManifest } from 'archc/runtime';

/** Sizes by their names. */
export type Sizes = Readonly<Record<string, number>>;

/** What is compiled: the text of the editor. */
export interface Source {
  readonly text: string;
  /** Needed if the text has several models. */
  readonly model: string | undefined;
}

/** A compiled model with a number for each of its sizes. */
export interface Measured {
  readonly sizes: Sizes;
  readonly entries: readonly { readonly name: string; readonly signature: Signature; readonly cost: readonly LayerCost[] }[];
}

/** Files of a model. */
export interface Built {
  readonly artifacts: readonly Artifact[];
  readonly manifest: ModelManifest;
}

/** Files of a training, whose batches have these sizes. */
export interface BuiltTraining {
  readonly artifacts: readonly Artifact[];
  readonly training: TrainingManifest;
  readonly sizes: Sizes;
}

/** What a model is run with. `files` are their contents, or where they are. */
export interface Run {
  readonly files: Readonly<Record<string, Uint8Array | string>>;
  readonly manifest: ModelManifest;
  readonly entry: string;
  /** The entry, with a number for each size. */
  readonly signature: Signature;
  readonly provider: 'webgpu' | 'cpu';
  readonly seed: number;
}

export interface RunResult {
  readonly provider: string;
  readonly threads: number;
  readonly loadMilliseconds: number;
  readonly runMilliseconds: number;
  readonly outputs: readonly Output[];
}

/** What is shown of a tensor. */
export interface Output {
  readonly name: string;
  readonly dtype: string;
  readonly shape: readonly number[];
  readonly least: number;
  readonly greatest: number;
  readonly mean: number;
  readonly notFinite: number;
  /** How many elements are in each of equal parts of the range. */
  readonly histogram: readonly number[];
  /** The first elements along the last axis, if there are few. */
  readonly row: readonly number[] | undefined;
  /** The elements along the last two axes, if they look like a picture. */
  readonly picture: { readonly width: number; readonly height: number; readonly values: Float32Array } | undefined;
}

export interface Training {
  readonly files: Readonly<Record<string, Uint8Array>>;
  readonly training: TrainingManifest;
  readonly provider: 'webgpu' | 'cpu';
  readonly rate: number | undefined;
  readonly steps: number;
}

/** One step. */
export interface StepDone {
  readonly step: number;
  readonly loss: number;
  readonly metrics: Readonly<Record<string, number>>;
  readonly milliseconds: number;
}

export interface TrainingResult {
  readonly provider: string;
  /** The trained model. */
  readonly onnx: Uint8Array;
}

/** What the tab can do. */
export interface Device {
  readonly hasGpu: boolean;
  readonly threads: number;
}
