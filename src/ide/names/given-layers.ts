import type { CallExpr, Expr, LayerDecl } from '../../1-syntax/ast.js';
import { eachNode } from '../../1-syntax/walk.js';
import type { Module } from '../../2-check/modules/modules.js';
import type { Session } from '../../2-check/session.js';
import { declNamed } from './outer.js';

/** A layer, with the layers that its hyperparameters are given. */
export interface UsedLayer {
  readonly decl: LayerDecl;
  readonly module: Module;
  readonly given: GivenLayers;
}

/** Layers by the names of the hyperparameters and constants that hold them. */
export type GivenLayers = ReadonlyMap<string, UsedLayer>;

const deepest = 20;

/** Finds the layers that expressions mean, as far as their texts show. */
export class LayerFinder {
  readonly #session: Session;

  constructor(session: Session) {
    this.#session = session;
  }

  /** The layer that an expression is, with its hyperparameters or without: `Linear`, `Wrap(block = Feed(64))`, a hyperparameter. */
  layerOf(expr: Expr, known: GivenLayers, module: Module, depth = 0): UsedLayer | undefined {
    if (depth > deepest) return undefined;
    if (expr.kind === 'name') return known.get(expr.name) ?? this.#named(expr.name, module, depth);
    if (expr.kind !== 'call') return undefined;
    const layer = this.layerOf(expr.callee, known, module, depth + 1);
    return layer && { ...layer, given: this.#givenBy(expr, layer, known, module, depth) };
  }

  /** What hyperparameters and constants hold in the body of a layer: what they are given, else their defaults. */
  inside({ decl, module, given }: UsedLayer): GivenLayers {
    const all = new Map(given);
    const add = (name: string, value: Expr | undefined) => {
      const layer = value === undefined || all.has(name) ? undefined : this.layerOf(value, all, module);
      if (layer !== undefined) all.set(name, layer);
    };
    for (const { name, fallback } of decl.hyper ?? []) add(name.text, fallback);
    eachNode(decl.body, (node) => {
      const { name, params, value } = node as {
        readonly name?: { readonly text?: string };
        readonly params?: unknown;
        readonly value?: Expr;
      };
      if (node.kind === 'let' && params === undefined && name?.text !== undefined) add(name.text, value);
    });
    return all;
  }

  #named(name: string, module: Module, depth: number): UsedLayer | undefined {
    const found = declNamed(name, module) ?? this.#session.loader.prelude(name);
    if (found === undefined) return undefined;
    const { decl, module: home } = found;
    if (decl.kind === 'layer' || decl.kind === 'model') return { decl, module: home, given: new Map() };
    return decl.kind === 'let' && decl.params === undefined ? this.layerOf(decl.value, new Map(), home, depth + 1) : undefined;
  }

  #givenBy({ args }: CallExpr, { decl, given }: UsedLayer, known: GivenLayers, module: Module, depth: number): GivenLayers {
    const all = new Map(given);
    const positions = (decl.hyper ?? []).filter(({ fallback }) => fallback === undefined);
    for (const [i, { name, value }] of args.entries()) {
      const param = name?.text ?? positions[i]?.name.text;
      const layer = param === undefined ? undefined : this.layerOf(value, known, module, depth + 1);
      if (param !== undefined && layer !== undefined) all.set(param, layer);
    }
    return all;
  }
}
