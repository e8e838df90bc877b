import type { DimExpr, Expr, FnDecl, LayerDecl, Name, NameExpr, Param, Result, SizeDim, TensorTypeExpr } from '../../1-syntax/ast.js';
import { eachNode, exprsOf } from '../../1-syntax/walk.js';
import type { Report } from '../../diagnostics/report.js';
import { flatMap } from '../../lists.js';
import { isEntryLayer, namesAround } from '../models/entry-layers.js';
import type { Module } from './modules.js';

/** The parameters of a declaration, divided into run-time tensors and compile-time values. */
export interface Signature {
  readonly inputs: readonly (Param & { readonly type: TensorTypeExpr })[];
  readonly hyper: readonly Param[];
  readonly result: Result | undefined;
  /** Names of sizes: they are bound by the argument types. */
  readonly dims: ReadonlySet<string>;
  /** The sizes that the inputs mention; the others are bound by the result. */
  readonly inputDims: ReadonlySet<string>;
  /** The clauses of `where` that mention sizes that only the result has. */
  readonly lateClauses: readonly Expr[];
  /** The sizes that may be 0, because `where` says so: `P >= 0`, `P in 0..64`. Every other size is at least 1. */
  readonly emptyDims: ReadonlySet<string>;
  readonly rests: ReadonlySet<string>;
  /** The axes of each type, divided by its `*B`. */
  readonly axes: ReadonlyMap<TensorTypeExpr, AroundRest>;
  /** Names and fields (`c.width`) that appear in a type, whatever they are: as an axis option, each means the axis of its size. */
  readonly sizeNames: ReadonlySet<string>;
}

export function signatureOf(decl: LayerDecl | FnDecl, module: Module): Signature {
  const known = module.signatures.get(decl);
  if (known !== undefined) return known;
  const signature = readSignature(decl, module);
  module.signatures.set(decl, signature);
  return signature;
}

function readSignature(decl: LayerDecl | FnDecl, module: Module): Signature {
  const params = decl.kind === 'fn' ? decl.params : [...(decl.hyper ?? []), ...(decl.inputs ?? [])];
  const inputs = params.filter(isTensor);
  const hyper = params.filter((p) => !isTensor(p));
  const taken = new Set(hyper.map((p) => p.name.text));
  if (isEntryLayer(decl)) for (const name of namesAround(decl.entryOf)) taken.add(name);
  const inputDims = new Set<string>();
  const dims = new Set<string>();
  const rests = new Set<string>();
  const collect = (types: readonly TensorTypeExpr[], into: Set<string>) => {
    for (const type of types) {
      for (const dim of type.dims) {
        if (dim.kind === 'rest') rests.add(dim.name.text);
        else
          for (const name of namesIn(dim.size))
            if (!taken.has(name) && module.decls.get(name)?.kind !== 'let' && !module.imports.has(name)) into.add(name);
      }
    }
  };
  collect(
    inputs.map((p) => p.type),
    inputDims,
  );
  collect(
    (decl.result?.outputs ?? []).map((o) => o.type),
    dims,
  );
  for (const name of inputDims) dims.add(name);
  const types = [...inputs.map((p) => p.type), ...(decl.result?.outputs ?? []).map((o) => o.type)];
  const sizeNames = new Set(flatMap(types, ({ dims }) => flatMap(dims, (dim) => (dim.kind === 'size' ? dottedIn(dim.size) : []))));
  const emptyDims = new Set(flatMap(decl.where, fromZero).filter((name) => inputDims.has(name)));
  const axes = new Map(types.map((type) => [type, aroundRest(type.dims)]));
  const isLate = (name: string) => dims.has(name) && !inputDims.has(name);
  const lateClauses = dims.size === inputDims.size ? [] : decl.where.filter((clause) => mentions(clause, isLate));
  return { inputs, hyper, result: decl.result, dims, inputDims, lateClauses, emptyDims, rests, axes, sizeNames };
}

/** Whether an expression reads a name that `isMeant` accepts, anywhere in it. */
function mentions(expr: Expr, isMeant: (name: string) => boolean): boolean {
  let found = false;
  eachNode(expr, (node) => {
    found ||= node.kind === 'name' && isMeant((node as NameExpr).name);
  });
  return found;
}

/** The names for which a clause of `where` begins at 0. */
function fromZero(clause: Expr): readonly string[] {
  if (clause.kind !== 'binary') return [];
  const { op, left, right } = clause;
  if (op === '&' || op === '&&') return [...fromZero(left), ...fromZero(right)];
  if (op === '>=') return left.kind === 'name' && isZero(right) ? [left.name] : [];
  if (op === '<=') return right.kind === 'name' && isZero(left) ? [right.name] : [];
  return op === 'in' && left.kind === 'name' && right.kind === 'range' && isZero(right.start) ? [left.name] : [];
}

function isZero(expr: Expr): boolean {
  return expr.kind === 'number' && expr.value === 0;
}

/** No two parameters, and no two results, may have the same name; nor may an input and an output of a model, which are names in one graph. */
export function checkDistinct(report: Report, decl: LayerDecl | FnDecl): void {
  const params = decl.kind === 'fn' ? decl.params : [...(decl.hyper ?? []), ...(decl.inputs ?? [])];
  const inputs = params.map((p) => p.name);
  const isModel = decl.kind === 'model';
  const outputs = flatMap(decl.result?.outputs ?? [], (o) => (isModel || o.name === undefined ? [] : [o.name]));
  for (const names of isModel ? [[...inputs, ...outputNames(decl.result)]] : [inputs, outputs]) reportDuplicates(report, names);
}

/** What the outputs of a model are called in the graph: those without a name are `output`, or `output_0` and so on. */
export function outputNames(result: Result | undefined): readonly GivenName[] {
  const outputs = result?.outputs ?? [];
  return outputs.map(
    ({ name, type }, i) => name ?? { text: outputs.length === 1 ? 'output' : `output_${i}`, span: type.span, isUnwritten: true },
  );
}

/** A name, or what something without one is called. */
type GivenName = Name & { readonly isUnwritten?: boolean };

/** Only a model's hyperparameters may declare a key of a configuration file; other parameters may not. */
export function checkKeys(report: Report, decl: LayerDecl | FnDecl): void {
  const params = decl.kind === 'fn' ? decl.params : [...(decl.hyper ?? []), ...(decl.inputs ?? [])];
  for (const param of params) {
    if (param.from === undefined || (decl.kind === 'model' && !isTensor(param))) continue;
    report.add('misplaced-from', param.from.span, { name: param.name.text, of: isTensor(param) ? 'tensor' : decl.kind });
  }
}

/** Reports every name that occurs earlier in the list; those that could not be read are skipped. */
export function reportDuplicates(report: Report, names: readonly GivenName[]): void {
  const seen = new Map<string, GivenName>();
  for (const name of names) {
    const first = seen.get(name.text);
    if (name.text === '') continue;
    if (first === undefined) seen.set(name.text, name);
    else {
      const isUnwritten = name.isUnwritten ?? first.isUnwritten ?? false;
      const notes = [{ span: first.span, text: 'first declared here' }];
      report.add('duplicate-name', name.span, { name: name.text, isUnwritten }, { notes });
    }
  }
}

function isTensor(param: Param): param is Param & { readonly type: TensorTypeExpr } {
  return param.type?.kind === 'tensor-type';
}

/** The text of a name or of a field of one: `D`, `c.rope.D`. */
export function dottedName(expr: Expr): string | undefined {
  if (expr.kind === 'name') return expr.name;
  const object = expr.kind === 'member' ? dottedName(expr.object) : undefined;
  return object === undefined || expr.kind !== 'member' ? undefined : `${object}.${expr.name.text}`;
}

function dottedIn(expr: Expr): readonly string[] {
  const name = dottedName(expr);
  if (name !== undefined) return [name];
  return flatMap(expr.kind === 'call' ? expr.args.map((a) => a.value) : exprsOf(expr), dottedIn);
}

/** Names that a size expression of a type reads; called functions such as `min` are not sizes. */
export function namesIn(expr: Expr): readonly string[] {
  if (expr.kind === 'name') return [expr.name];
  // `c.width` is a value, not a size that matching could bind.
  if (expr.kind === 'member') return [];
  if (expr.kind === 'call') return flatMap(expr.args, (a) => namesIn(a.value));
  return flatMap(exprsOf(expr), namesIn);
}

/** The optional input that has the size `name`, if none of the inputs that are present has it. */
export function absentOwner(signature: Signature, name: string, isThere: (input: number) => boolean): string | undefined {
  let owner: string | undefined;
  for (const [i, { name: input, type }] of signature.inputs.entries()) {
    if (!type.dims.some((d) => d.kind === 'size' && namesIn(d.size).includes(name))) continue;
    if (isThere(i)) return undefined;
    owner ??= input.text;
  }
  return owner;
}

/** The axes of one of the types of a signature. */
export function axesOf({ axes }: Signature, type: TensorTypeExpr): AroundRest {
  return axes.get(type) ?? aroundRest(type.dims);
}

/** The bare name of an axis, if it is written as one. */
export function bareName(dim: DimExpr): string | undefined {
  return dim.kind === 'size' && dim.size.kind === 'name' ? dim.size.name : undefined;
}

/** Whether the size of an axis is written as 0. */
export function isWrittenEmpty(dim: DimExpr): boolean {
  return dim.kind === 'size' && isZero(dim.size);
}

/** The sizes written before and after the `*B` of a type. */
export interface AroundRest {
  readonly before: readonly SizeDim[];
  readonly rest: string | undefined;
  readonly after: readonly SizeDim[];
}

function aroundRest(dims: readonly DimExpr[]): AroundRest {
  const at = dims.findIndex((d) => d.kind === 'rest');
  const sizes = (part: readonly DimExpr[]) => part.filter((d): d is SizeDim => d.kind === 'size');
  const rest = dims[at];
  if (rest?.kind !== 'rest') return { before: sizes(dims), rest: undefined, after: [] };
  return { before: sizes(dims.slice(0, at)), rest: rest.name.text, after: sizes(dims.slice(at + 1)) };
}
