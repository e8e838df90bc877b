import type { Span } from '../diagnostics/span.js';

/** A model as a tree of blocks: what a picture of it shows. Plain data. */
export interface ModelView {
  /** The version of this form of data. */
  readonly version: 1;
  readonly name: string;
  /** The text of the model's `##` comment. */
  readonly doc?: string;
  /** At least one; a model with a signature of its own has the entry `forward`. */
  readonly entries: readonly EntryView[];
  /** The ids of the blocks that show their contents. */
  readonly expanded: readonly string[];
}

export interface EntryView {
  readonly name: string;
  readonly doc?: string;
  /** The sizes for which `count` and `share` are computed. They satisfy what the model states, but say nothing else about it. */
  readonly sizes: Readonly<Record<string, number>>;
  /** The entry as a block, with everything in it. */
  readonly root: BlockView;
}

/**
 * What a block is. `model`: a whole entry; `layer`: one use of a layer; `operator`: one operator; `input` and `output`: those of the model; `state` and `next`: a
 * state before the call, and what it is after the call; `loop`: a `scan`; `cond`: a `cond`; `branch`: one of its two sides; `carry` and `item`: what a step of a
 * loop takes; `pass` and `emit`: what it gives; `test`: the condition of a `cond`; `result`: what it gives.
 */
export type BlockKind =
  | 'model'
  | 'layer'
  | 'operator'
  | 'input'
  | 'output'
  | 'state'
  | 'next'
  | 'loop'
  | 'cond'
  | 'branch'
  | 'carry'
  | 'item'
  | 'pass'
  | 'emit'
  | 'test'
  | 'result';

export interface BlockView {
  /** Unique in the view, and the same for each view of the same text: `forward/layers.0/self_attn`. */
  readonly id: string;
  readonly kind: BlockKind;
  /** The label of a layer, `fc1`, or of several equal ones, `layers.0 – 11`; the name of an operator, an input or a state. */
  readonly label: string;
  /** The kind of a layer: `Linear`; otherwise empty. */
  readonly type: string;
  /** The labels of a layer and of those around it, joined by dots, as patterns match them; for all else, those of the layers around it. */
  readonly path: string;
  /** How many equal layers in a row the block represents. Its contents are those of the first. */
  readonly repeat: number;
  /** Where the source uses the layer or the operator. */
  readonly span?: Span;
  /** The line of the span, counted from 1, and its text. */
  readonly line?: number;
  readonly code?: string;
  /** The numbers that training changes, and the other stored numbers, of all layers that the block represents. */
  readonly parameters: number;
  readonly buffers: number;
  /** Floating point operations of all layers that the block represents: a number or a formula. Around it may be a loop or equal layers, which multiply it. */
  readonly flops: number | string;
  /** The number of these operations for the `sizes` of the entry, if it is known. */
  readonly count?: number;
  /** The part of the operations of the entry for these sizes, including everything that multiplies them, from 0 to 1. */
  readonly share: number;
  /** The stored tensors that belong to the block itself, not to a layer in it. */
  readonly weights: readonly WeightView[];
  /** The options of an operator, as text. */
  readonly options?: Readonly<Record<string, string>>;
  readonly inputs: readonly TensorView[];
  readonly outputs: readonly TensorView[];
  /** What is inside, in the order of the source; empty for what has no inside. */
  readonly children: readonly BlockView[];
  /** The edges between the children, and between them and the border of the block. */
  readonly edges: readonly EdgeView[];
}

export interface TensorView {
  readonly dtype: string;
  /** A number or a formula for each axis. */
  readonly shape: readonly (number | string)[];
}

export interface WeightView extends TensorView {
  readonly name: string;
  readonly trainable: boolean;
}

/** A tensor that flows from one block to another. */
export interface EdgeView {
  /** One of the outputs of a child, or one of the inputs of the block around them. */
  readonly from: EndView;
  /** One of the inputs of a child, or one of the outputs of the block around them. */
  readonly to: EndView;
}

export interface EndView {
  /** The position of a child; -1 is the block around them. */
  readonly child: number;
  readonly port: number;
}

export interface ViewOptions {
  /** Patterns of the paths of layers that show their contents, besides those of `depth`: `encoder.layers[*]`. The blocks around them do so, too. */
  readonly expand?: readonly string[] | undefined;
  /** How many levels of layers show their contents: 0 for none. By default, as many as the picture can hold with about 40 blocks. */
  readonly depth?: number | undefined;
  /** The texts of the source files, for the lines of blocks. */
  readonly sources?: ReadonlyMap<string, string> | undefined;
}
