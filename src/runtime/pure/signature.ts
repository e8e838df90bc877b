import type { InitialState } from '../../api/signature.js';
import type { Span } from '../../diagnostics/span.js';
import { Dim } from '../../dims/dim.js';
import type { Fact } from '../../dims/fact.js';
import type { DType } from '../../ops/types.js';
import type { ValueRange } from '../../ops/value-range.js';

/** What must be known about a model to feed it and to read its outputs: the same for a model that was just compiled and for an ONNX file. */
export interface Signature {
  readonly inputs: readonly DeclaredInput[];
  /** The element types of the outputs by name; outputs of types that archc does not have are missing. */
  readonly outputs: ReadonlyMap<string, DType>;
  readonly states: readonly DeclaredState[];
  readonly demands: Demands;
}

/** An input as the model declares it. */
export interface DeclaredInput {
  readonly name: string;
  /** The element type, or the kind of value if it is not a tensor: `f32`, `sequence of f32`. */
  readonly type: string;
  /** Undefined for an element type that archc does not have, and for anything but a tensor. */
  readonly dtype: DType | undefined;
  /** Sizes by axis; undefined if the model leaves the rank open, as ONNX files may. */
  readonly shape: readonly Dim[] | undefined;
  /** Which integers it may hold, if not all of its type. Of an ONNX file, it is known if archc wrote it. */
  readonly range?: ValueRange | undefined;
  /** The place of its declaration, or the start of the ONNX file. */
  readonly span: Span;
}

/** A tensor that each call takes as it was after the call before. */
export interface DeclaredState {
  /** Undefined if the model does not read it. */
  readonly input: string | undefined;
  /** Undefined if the model does not set it, so that it stays as it is. */
  readonly output: string | undefined;
  /** What it is before the first call. */
  readonly start: InitialState;
}

/** Conditions on the sizes of the inputs. */
export interface Demands {
  /** Conditions that every run must satisfy; generated sizes are chosen to. */
  readonly facts: readonly Fact[];
  /** Demands that the compiler could neither prove nor refute. Generated sizes satisfy them if any of those tried do. */
  readonly open: readonly Fact[];
}

/** The names that the sizes of the inputs depend on, in the order in which they appear. */
export function sizeNames(inputs: readonly Pick<DeclaredInput, 'shape'>[]): readonly string[] {
  return [...new Set(inputs.flatMap(({ shape = [] }) => shape.flatMap((size) => [...size.variables()])))];
}

/** `N >= 1` for each name, except those that may be 0 because the model states `P >= 0`: all other sizes of the language are at least 1. */
export function positiveSizes(names: readonly string[], stated: readonly Fact[]): readonly Fact[] {
  const fromZero = stated.flatMap((fact) => (fact.kind === 'at-least' && fact.right.constant === 0 ? [fact.left.key] : []));
  const sizes = names.map((name) => Dim.variable(name, 0)).filter((size) => !fromZero.includes(size.key));
  return sizes.map((left) => ({ kind: 'at-least', left, right: Dim.one }));
}
