import type { AliasDecl, LayerDecl } from '../../1-syntax/ast.js';
import { suggest } from '../../diagnostics/suggest.js';
import type { Context } from '../context.js';
import type { Signature } from '../modules/signature.js';
import { noSettings, type ReadSettings } from '../settings/settings.js';

/** What to build of a file: which model, with which hyperparameters, optional inputs and fixed sizes. */
export interface ModelChoice {
  /** The settings of its hyperparameters. */
  readonly settings: ReadSettings;
  /** Whether the settings are for this model alone, and not for one of several. */
  readonly isOnly: boolean;
  /** Optional inputs that the graph must have. */
  readonly with: ReadonlySet<string>;
  /** Input sizes given as numbers: `T` in every entry that has it, `step.T` in one. */
  readonly sizes: ReadonlyMap<string, number>;
}

/** Nothing is set from outside. */
export const asDeclared: ModelChoice = { settings: noSettings, isOnly: true, with: new Set(), sizes: new Map() };

/** The signature of what becomes a graph: of the model itself, or of one of its entries. */
export interface NamedSignature {
  /** The name of the entry; undefined for the model itself. */
  readonly entry: string | undefined;
  readonly signature: Signature;
}

/** `--with` and `--bind` must name optional inputs and sizes that exist; a size is at least 0. */
export function checkChoice(cx: Context, decl: LayerDecl | AliasDecl, signatures: readonly NamedSignature[], choice: ModelChoice): void {
  const { text: model, span } = decl.name;
  const inputs = signatures.flatMap(({ signature }) => signature.inputs);
  const optional = [...new Set(inputs.filter((p) => p.type.optional).map((p) => p.name.text))];
  for (const name of choice.with) {
    if (!optional.includes(name))
      cx.error('unknown-optional', span, { name, model, optional, isInput: inputs.some((p) => p.name.text === name) });
  }
  const known = new Set(signatures.flatMap(({ signature }) => [...signature.inputDims]));
  const all = new Set([...known, ...signatures.flatMap(sizesByEntry)]);
  for (const [name, size] of choice.sizes) {
    if (!all.has(name)) cx.error('unknown-size', span, { name, model, known: [...known], near: suggest(name, all) });
    else if (!Number.isSafeInteger(size)) cx.error('not-an-integer', span, { what: `the number ${size}`, where: `the size \`${name}\`` });
    else if (size < 0) cx.error('negative-size', span, { size: String(size) });
  }
}

function sizesByEntry({ entry, signature }: NamedSignature): readonly string[] {
  return entry === undefined ? [] : [...signature.inputDims].map((name) => `${entry}.${name}`);
}

/** The sizes that are given as numbers for one of the signatures. */
export function sizesFor({ entry, signature }: NamedSignature, { sizes }: ModelChoice): ReadonlyMap<string, number> {
  const given = new Map<string, number>();
  for (const name of signature.inputDims) {
    const size = (entry === undefined ? undefined : sizes.get(`${entry}.${name}`)) ?? sizes.get(name);
    if (size !== undefined) given.set(name, size);
  }
  return given;
}
