import type { AssignStmt, Expr, LabelExpr, StorageStmt, TrainDecl } from '../../../1-syntax/ast.js';
import { eachNode } from '../../../1-syntax/walk.js';
import type { Cursor } from '../../cursor/cursor.js';
import { type GivenLayers, LayerFinder, type UsedLayer } from '../../names/given-layers.js';
import { storagesIn, weightName } from '../../names/members.js';
import { trainedModel } from '../../names/outer.js';

/** How many names are offered, and how deep layers are looked into. */
const most = 300;
const deepest = 6;

/** The names of the layers of the model that a `train` block trains, as patterns write them: `layers[*].attn`; with `weight`, also those of weights. */
export function patternNames({ item, view }: Cursor, of: 'layer' | 'weight'): readonly string[] {
  const finder = new LayerFinder(view.inside.session);
  const trained = item?.kind === 'train' ? trainedLayer(item, finder, view.module) : undefined;
  if (trained === undefined) return [];
  const found = new Set<string>();
  const visit = (layer: UsedLayer, prefix: string, depth: number): void => {
    if (depth > deepest || found.size >= most) return;
    const { decl, module } = layer;
    const given = finder.inside(layer);
    if (of === 'weight') for (const storage of storagesIn(decl)) addWeight(found, prefix, storage);
    eachNode(decl.body, (node) => {
      const { path, layer: expr } = labelled(node, given);
      if (path === undefined || expr === undefined || found.size >= most) return;
      const inner = finder.layerOf(expr, given, module);
      if (node.kind === 'assign' && inner === undefined) return;
      const name = path === '' ? prefix : prefix === '' ? path : `${prefix}.${path}`;
      if (path !== '') found.add(name);
      if (inner !== undefined) visit(inner, name, depth + 1);
    });
  };
  visit(trained, '', 0);
  return [...found].filter((name) => name !== '');
}

function trainedLayer(train: TrainDecl, finder: LayerFinder, module: Cursor['view']['module']): UsedLayer | undefined {
  const { model } = train;
  const trained = trainedModel(train, module);
  const written = finder.layerOf(model.kind === 'member' ? model.object : model, new Map(), module);
  return trained && { ...trained, given: written?.given ?? new Map() };
}

function addWeight(found: Set<string>, prefix: string, storage: StorageStmt): void {
  const name = weightName(storage);
  if (storage.storage !== 'state' && /^\w+$/.test(name)) found.add(prefix === '' ? name : `${prefix}.${name}`);
}

/** The path of a label, or of a layer that is bound to a name, and what makes the layer. `_` adds nothing to a path. */
function labelled(
  node: { readonly kind: string },
  given: GivenLayers,
): { readonly path?: string | undefined; readonly layer?: Expr | undefined } {
  if (node.kind === 'label') {
    const { segments, target } = node as LabelExpr;
    let path = '';
    for (const segment of segments) {
      if (segment.kind === 'index') path += segment.value.kind === 'number' ? `[${segment.value.value}]` : '[*]';
      else if (segment.kind === 'word') path += `${path === '' ? '' : '.'}${segment.name.text}`;
      else if (segment.value.parts.every((part) => typeof part === 'string'))
        path += `${path === '' ? '' : '.'}${segment.value.parts.join('')}`;
      else return {};
    }
    return { path: path === '_' ? '' : path, layer: target };
  }
  if (node.kind !== 'assign') return {};
  const { target, value } = node as AssignStmt;
  const callee = value.kind === 'call' ? value.callee : value;
  if (target.kind !== 'bind' || callee.kind !== 'name') return {};
  // A call of a layer that is given may apply it.
  const isBound = /^[A-Z]/.test(callee.name) || (value.kind === 'name' && given.has(callee.name));
  return isBound ? { path: target.name.text, layer: value } : {};
}
