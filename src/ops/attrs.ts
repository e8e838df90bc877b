import type { Dim } from '../dims/dim.js';
import type { DType } from './types.js';

/**
 * What an attribute (an option of an operator, known at compile time) may be.
 * - `int`, `ints`: integers the rule must know as numbers. One integer where `ints` is expected is a list of one.
 * - `size`, `sizes`: sizes the shape rule computes with; symbolic while a layer is checked on its own, constant in a built model.
 * - `dim`, `dims`: sizes that may stay symbolic in the built model; the graph computes them at run time.
 * - `axis`, `axes`: positions, which users may also give by dimension name; the rule normalizes negative ones with `rule.axis`.
 * - `float`, `floats`: numbers. One that is not known while a layer is checked on its own is NaN for the shape rule, which must refuse only
 *   what a comparison shows to be wrong: `p < 0`, not `!(p >= 0)`.
 * - `padding`: `"same"`, `"valid"`, one size, one per axis, or begin and end per axis (all begins, then all ends, as in ONNX).
 */
export type AttrKind =
  | 'int'
  | 'ints'
  | 'size'
  | 'sizes'
  | 'dim'
  | 'dims'
  | 'axis'
  | 'axes'
  | 'float'
  | 'floats'
  | 'bool'
  | 'string'
  | 'dtype'
  | 'padding';

/** A number that is not known, as the value of a `float`. */
export const openNumber = Symbol('openNumber');

export interface Attr<T> {
  readonly kind: AttrKind;
  readonly doc: string;
  /** Absent: the attribute must be given. If `undefined` is a possible value of T, it may be omitted without a default. */
  readonly fallback?: { readonly value: T };
  /** The allowed strings. */
  readonly choices?: readonly string[];
  /** Has a default and may still be given by position: PyTorch's function of the same name takes it at the same position. */
  readonly byPosition?: true;
  /** A number that is not computed with in the element type of the result, which need not have it. */
  readonly isApart?: true;
  /** If omitted, it is the float type of the build, like that of `Tensor[...]`; the fallback is that type in a build without options. */
  readonly buildFloat?: true;
}

function make<T>(kind: AttrKind, doc: string, fallback: readonly [T] | readonly [], choices?: readonly string[]): Attr<T> {
  return {
    kind,
    doc,
    ...(fallback.length === 1 ? { fallback: { value: fallback[0] } } : {}),
    ...(choices === undefined ? {} : { choices }),
  };
}

/** `optionalAttr(axes('...'))`: may be omitted, and is then `undefined`. */
export function optionalAttr<T>(attr: Attr<T>): Attr<T | undefined> {
  return { ...attr, fallback: { value: undefined } };
}

/** `positional(axes('...'))`: PyTorch's function of the same name takes this option at the same position with the same meaning. */
export function positional<T>(attr: Attr<T>): Attr<T> {
  return { ...attr, byPosition: true };
}

/** `apart(float('...'))`: the element type of the result need not have the number. */
export function apart<T>(attr: Attr<T>): Attr<T> {
  return { ...attr, isApart: true };
}

export const int = (doc: string, ...fallback: [number] | []): Attr<number> => make('int', doc, fallback);
export const ints = (doc: string, ...fallback: [readonly number[]] | []): Attr<readonly number[]> => make('ints', doc, fallback);
export const size = (doc: string, ...fallback: [Dim] | []): Attr<Dim> => make('size', doc, fallback);
export const sizes = (doc: string, ...fallback: [readonly Dim[]] | []): Attr<readonly Dim[]> => make('sizes', doc, fallback);
export const dimAttr = (doc: string, ...fallback: [Dim] | []): Attr<Dim> => make('dim', doc, fallback);
export const dimsAttr = (doc: string, ...fallback: [readonly Dim[]] | []): Attr<readonly Dim[]> => make('dims', doc, fallback);
export const axis = (doc: string, ...fallback: [number] | []): Attr<number> => make('axis', doc, fallback);
export const axes = (doc: string, ...fallback: [readonly number[]] | []): Attr<readonly number[]> => make('axes', doc, fallback);
export const float = (doc: string, ...fallback: [number] | []): Attr<number> => make('float', doc, fallback);
export const floats = (doc: string, ...fallback: [readonly number[]] | []): Attr<readonly number[]> => make('floats', doc, fallback);
export const bool = (doc: string, ...fallback: [boolean] | []): Attr<boolean> => make('bool', doc, fallback);
export const dtypeAttr = (doc: string, ...fallback: [DType] | []): Attr<DType> => make('dtype', doc, fallback);
/** An element type that is the build's float type if it is omitted. */
export const floatTypeAttr = (doc: string): Attr<DType> => ({ ...make<DType>('dtype', doc, ['f32']), buildFloat: true });
export const padding = (doc: string, ...fallback: [Padding] | []): Attr<Padding> => make('padding', doc, fallback);
export function choice<const C extends string>(doc: string, choices: readonly C[], ...fallback: [NoInfer<C>] | []): Attr<C> {
  return make('string', doc, fallback, choices);
}
export const text = (doc: string, ...fallback: [string] | []): Attr<string> => make('string', doc, fallback);

export type Padding = 'same' | 'valid' | readonly Dim[];

// `any` so that records of differently typed attributes are accepted; `Values` gives each its own type back.
// biome-ignore lint/suspicious/noExplicitAny: see above
export type Attrs = Readonly<Record<string, Attr<any>>>;
export type Values<A extends Attrs> = { readonly [K in keyof A]: A[K] extends Attr<infer T> ? T : never };
