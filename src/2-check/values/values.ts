import type { AliasDecl, ConfigDecl, FnDecl, LayerDecl, LetFunction, Name } from '../../1-syntax/ast.js';
import type { Span } from '../../diagnostics/span.js';
import type { Dim } from '../../dims/dim.js';
import type { Fact } from '../../dims/fact.js';
import type { Op } from '../../ops/define.js';
import type { Initializer } from '../../ops/initializer.js';
import type { DType, TensorType } from '../../ops/types.js';
import type { JoinedScope } from '../layers/labels.js';
import type { Module } from '../modules/modules.js';
import type { Scope } from '../modules/scope.js';
import type { Formula } from './formula.js';

/**
 * The compile-time value of an expression. Integers and dimensions are the same kind. While a declaration is checked on its own, its
 * hyperparameters are rigid: an integer is a variable, and the other kinds may have no value (`undefined`). `unknown` is poison: an error
 * has been reported, or nothing can be said; everything accepts it silently.
 */
export type CheckValue =
  | IntValue
  | FloatValue
  | BoolValue
  | StringValue
  | DTypeValue
  | ListValue
  | TupleValue
  | FnValue
  | LayerValue
  | ConfigValue
  | RecordValue
  | TensorValue
  | AbsentValue
  | MaybeValue
  | NamespaceValue
  | Poison;

export interface IntValue {
  readonly kind: 'int';
  readonly dim: Dim;
}
export interface FloatValue {
  readonly kind: 'float';
  readonly value: number | undefined;
}
/** `undefined`: may be either; `whenTrue` and `whenFalse` are the facts that hold in the two branches of an `if`. */
export interface BoolValue {
  readonly kind: 'bool';
  readonly value: boolean | undefined;
  readonly whenTrue?: readonly Fact[];
  readonly whenFalse?: readonly Fact[];
  /** Whether `whenTrue` is all that the condition says, and `whenFalse` all that its negation says: `H != 1` says more than a list of facts can. */
  readonly complete?: { readonly whenTrue: boolean; readonly whenFalse: boolean };
  /** A size of the model's inputs that decides it at run time; set if the answer cannot be known at compile time. */
  readonly dependsOn?: readonly string[];
}
export interface StringValue {
  readonly kind: 'string';
  readonly value: string | undefined;
}
export interface DTypeValue {
  readonly kind: 'dtype';
  readonly dtype: DType;
}
export interface ListValue {
  readonly kind: 'list';
  readonly items: readonly CheckValue[];
}
export interface TupleValue {
  readonly kind: 'tuple';
  readonly items: readonly CheckValue[];
  /** The names of a layer's outputs or of the items of `return (a = x, b)`. */
  readonly names?: readonly (string | undefined)[];
  /** The names that were written: `return (a = x, b)`. */
  readonly written?: readonly (Name | undefined)[];
}
/** A tensor at run time. */
export interface TensorValue {
  readonly kind: 'tensor';
  readonly local: Local;
}
/** `none`: also an omitted optional input, and a size that only such an input has. */
export interface AbsentValue {
  readonly kind: 'absent';
  /** The name of the input. */
  readonly name?: string | undefined;
}
/**
 * Something that may be present or absent while a declaration is checked on its own: an optional input or hyperparameter, or what an open
 * condition makes of them.
 */
export interface MaybeValue {
  readonly kind: 'maybe';
  readonly value: CheckValue;
  /** When it is absent. */
  readonly absent: Formula;
}
/** `onnx`: its members are ONNX operators. */
export interface NamespaceValue {
  readonly kind: 'namespace';
  /** The operator selected from it, as in `onnx.HardSwish`. */
  readonly member?: string;
}
export interface Poison {
  readonly kind: 'unknown';
}

export type FnValue =
  | { readonly kind: 'fn'; readonly form: 'op'; readonly op: Op }
  /** One of `builtins`. */
  | { readonly kind: 'fn'; readonly form: 'builtin'; readonly name: string }
  | { readonly kind: 'fn'; readonly form: 'rearrange' }
  /** `tap` in a `train` block. */
  | { readonly kind: 'fn'; readonly form: 'tap'; readonly read: (pattern: string, span: Span) => CheckValue }
  | { readonly kind: 'fn'; readonly form: 'declared'; readonly decl: FnDecl; readonly module: Module }
  | {
      readonly kind: 'fn';
      readonly form: 'let';
      readonly decl: LetFunction;
      readonly module: Module;
      /** Where it was defined, if inside a body: the names it sees, and the body they belong to. */
      readonly closure?: { readonly scope: Scope; readonly home: object };
    };

/** The name of a `config`: called with values for its fields, it makes a record. */
export interface ConfigValue {
  readonly kind: 'config';
  readonly decl: ConfigDecl;
  readonly module: Module;
}

/** `LlamaConfig(D = 64)`: a value for each field of its `config`. */
export interface RecordValue {
  readonly kind: 'record';
  readonly decl: ConfigDecl;
  readonly module: Module;
  readonly fields: ReadonlyMap<string, CheckValue>;
  /** The fields that were written, without defaults; two records with the same values are equal regardless of it. */
  readonly given: ReadonlySet<string>;
}

/** A layer or model: a declaration, and the hyperparameters it was given so far. */
export interface LayerValue {
  readonly kind: 'layer';
  readonly decl: LayerDecl;
  readonly module: Module;
  /** The hyperparameters that were written, by name: `Linear(bias = false)`. The others may still be given. */
  readonly given?: ReadonlyMap<string, GivenValue> | undefined;
  /** All of them, with defaults filled in; absent until all those without a default are given. */
  readonly hyper?: ReadonlyMap<string, CheckValue> | undefined;
  /** The declaration that specialized it: `layer Proj = Linear(bias = false)`. */
  readonly alias?: AliasDecl | undefined;
  /** The label it was given: `fc1: Linear(10)`. */
  readonly label?: Label | undefined;
  /** Set when it was bound to a name: every application uses the same weights. */
  readonly shared?: SharedInstance | undefined;
  /** A layer inside the shared one, on the way to one of its weights: `attn.q_proj`. */
  readonly path?: string | undefined;
}

/** The layer or model of a declaration, before it is given anything. Copies of it are fast to make, because it has every property. */
export function layerValue(decl: LayerDecl, module: Module): LayerValue {
  const no = undefined;
  return { kind: 'layer', decl, module, given: no, hyper: no, alias: no, label: no, shared: no, path: no };
}

/** A hyperparameter that was written, and where. */
export interface GivenValue {
  readonly value: CheckValue;
  readonly span: Span;
}

export interface Label {
  readonly text: string;
  readonly span: Span;
  /** It is `_`: what it labels is named as if it were written in the enclosing scope. */
  readonly addsNoLevel?: boolean;
}

/** Weights bound to a name: `tok = Embedding(V, D)`. Its parameters become known with its first application. */
export interface SharedInstance {
  readonly id: number;
  readonly label: string;
  /** Where its names go if it was bound as `_: Layer(...)`; the label is then used only for messages. */
  readonly joins?: JoinedScope | undefined;
  readonly span: Span;
  /** By their names in the layer. */
  readonly parameters: Map<string, ParameterSpec>;
  /** Whether it has been applied: only then are all of its parameters known. */
  applied: boolean;
  /** A `train` block freezes it: it is used as for inference, and its weights are not trained. */
  readonly isFrozen?: boolean;
}

/** A parameter as its layer declares it; its name is relative to the layer. */
export interface ParameterSpec {
  readonly type: TensorType;
  readonly init: Initializer;
  readonly trainable: boolean;
  readonly span: Span;
}

/** A tensor that is carried from call to call, as its layer declares it. */
export interface StateSpec {
  /** Its name in the layer. */
  readonly name: string;
  readonly start: StateStart;
  /** What its names in the graph are made of. */
  readonly naming: StateNaming;
  readonly span: Span;
}

/** The value before the first call: no elements along the sizes that only states have, or the same initial value for every run. */
/** `stored`: with the value that a file has for it, as the weights in training. */
export type StateStart = { readonly kind: 'empty' | 'stored' } | Initializer;

/** `relative`: below the labels around it, where the name after the call ends in `.next`. `full`: both names as they are. */
export type StateNaming =
  | { readonly kind: 'relative'; readonly name: string }
  | { readonly kind: 'full'; readonly input: string; readonly output: string };

/** A tensor in the typed body of a declaration: one definition, any number of uses. */
export interface Local {
  readonly type: TensorType;
  /** The expression that made it. */
  readonly span: Span;
  /** The user's name for it, if it has one. */
  readonly hint?: string | undefined;
  /** Its number, if it was written as one. */
  readonly literal?: number | undefined;
  /** The two whole numbers between which it is chosen: they determine its element type. */
  readonly wholeChoices?: readonly Span[] | undefined;
}

export const unknown: Poison = { kind: 'unknown' };

/** Whether a result is poison: the mistake behind it is reported elsewhere, so nothing more is reported about it. */
export function isPoison(result: unknown): result is Poison {
  return typeof result === 'object' && result !== null && 'kind' in result && result.kind === 'unknown';
}

/** "an integer", "a tensor [N, 10]", "the layer `Linear`": for messages. */
export function describe(value: CheckValue, show: (type: TensorType) => string): string {
  switch (value.kind) {
    case 'int':
      return value.dim.constant === undefined ? `the size \`${value.dim}\`` : `the integer ${value.dim}`;
    case 'float':
      return value.value === undefined ? 'a number' : `the number ${value.value}`;
    case 'bool':
      return value.value === undefined ? 'a boolean' : String(value.value);
    case 'string':
      return value.value === undefined ? 'a string' : `the string "${value.value}"`;
    case 'dtype':
      return `the dtype ${value.dtype}`;
    case 'list':
      return `a list of ${value.items.length}`;
    case 'tuple':
      return value.names === undefined || value.written !== undefined
        ? `a tuple of ${value.items.length}`
        : `${value.items.length} outputs`;
    case 'fn':
      return `the function \`${nameOfFn(value)}\``;
    case 'layer':
      return value.given === undefined ? `the layer \`${value.decl.name.text}\`` : `an unapplied \`${value.decl.name.text}\` layer`;
    case 'config':
      return `the config \`${value.decl.name.text}\``;
    case 'record':
      return `a record \`${value.decl.name.text}\``;
    case 'tensor':
      return `a tensor ${show(value.local.type)}`;
    case 'absent':
      return value.name === undefined ? '`none`' : `the optional input \`${value.name}\`, which was not given`;
    case 'maybe':
      return `${describe(value.value, show)}, or \`none\``;
    case 'namespace':
      return 'the `onnx` namespace';
    case 'unknown':
      return 'an unknown value';
  }
}

export function nameOfFn(fn: FnValue): string {
  switch (fn.form) {
    case 'op':
      return fn.op.name;
    case 'builtin':
      return fn.name;
    case 'rearrange':
    case 'tap':
      return fn.form;
    case 'declared':
      return fn.decl.name.text;
    case 'let':
      return fn.decl.name.text;
  }
}

/**
 * A key that is equal exactly for values that make a body behave the same: instantiations are cached by it. `idOf` numbers declarations and
 * other objects that are equal only to themselves.
 */
export function keyOf(value: CheckValue, idOf: (object: object) => number): string {
  switch (value.kind) {
    case 'int':
      return `i${value.dim.key}`;
    case 'float':
      return `f${Object.is(value.value, -0) ? '-0' : value.value}`;
    case 'bool':
      return `b${value.value}`;
    case 'string':
      return `s${JSON.stringify(value.value)}`;
    case 'dtype':
      return `d${value.dtype}`;
    case 'list':
    case 'tuple':
      return `${value.kind}(${value.items.map((v) => keyOf(v, idOf)).join()})`;
    case 'fn':
      if (value.form === 'rearrange' || value.form === 'tap' || value.form === 'builtin') return `fn ${nameOfFn(value)}`;
      return `fn${idOf(value.form === 'op' ? value.op : value.decl)}${closureKey(value, idOf)}`;
    case 'layer': {
      const made = value.hyper === undefined ? '' : `(${[...value.hyper].map(([k, v]) => `${k}=${keyOf(v, idOf)}`).join()})`;
      // Hyperparameters that were written cannot be given again.
      const written = [...(value.given ?? [])].map(([k, v]) => (value.hyper === undefined ? `${k}=${keyOf(v.value, idOf)}` : k)).sort();
      const given = value.given === undefined ? '' : `~${written.join()}`;
      const shared = value.shared === undefined ? '' : `#${value.shared.id}.${value.path ?? ''}`;
      return `layer${idOf(value.decl)}${made}${given}${shared}`;
    }
    case 'config':
      return `config${idOf(value.decl)}`;
    case 'record':
      return `record${idOf(value.decl)}(${[...value.fields.values()].map((v) => keyOf(v, idOf)).join()})`;
    case 'tensor':
      return keyOfType(value.local.type);
    case 'absent':
      return 'absent';
    case 'maybe':
      return `maybe(${keyOf(value.value, idOf)})`;
    case 'namespace':
      return `ns${value.member ?? ''}`;
    case 'unknown':
      return '?';
  }
}

/** The behavior of a function defined inside a body depends on the names that it sees there. */
function closureKey(fn: FnValue, idOf: (object: object) => number): string {
  return fn.form === 'let' && fn.closure !== undefined ? `@${idOf(fn.closure.scope)}:${fn.closure.scope.version}` : '';
}

/** Whether it contains a tensor, at any depth. */
export function holdsTensor(value: CheckValue): boolean {
  if (value.kind === 'maybe') return holdsTensor(value.value);
  return value.kind === 'tensor' || ((value.kind === 'list' || value.kind === 'tuple') && value.items.some(holdsTensor));
}

export function keyOfType(type: TensorType): string {
  let key: string = type.dtype;
  for (const size of type.shape) key += `,${size.key}`;
  return `${key}]`;
}

/** The size, known only at run time, on which a value depends, in words. */
export function openSize(value: CheckValue | undefined): Dim | readonly string[] {
  if (value?.kind === 'int') return value.dim;
  return (value?.kind === 'bool' ? value.dependsOn : undefined) ?? [];
}
