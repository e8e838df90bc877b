import type { LabelExpr, LayerDecl, StorageStmt } from '../../../1-syntax/ast.js';
import { eachNode } from '../../../1-syntax/walk.js';
import type { Module } from '../../../2-check/modules/modules.js';
import type { Cursor } from '../../cursor/cursor.js';
import { storagesIn, weightName } from '../../names/members.js';
import { declNamed, trainedModel } from '../../names/outer.js';

/** How many names are offered, and how deep layers are looked into. */
const most = 300;
const deepest = 6;

/** The names of the layers of the model that a `train` block trains, as patterns write them: `layers[*].attn`; with `weight`, also those of weights. */
export function patternNames({ item, view }: Cursor, of: 'layer' | 'weight'): readonly string[] {
  const trained = item?.kind === 'train' ? trainedModel(item, view.module) : undefined;
  if (trained === undefined) return [];
  const found = new Set<string>();
  const { loader } = view.inside.session;
  const visit = (decl: LayerDecl, module: Module, prefix: string, depth: number): void => {
    if (depth > deepest || found.size >= most) return;
    if (of === 'weight') for (const storage of storagesIn(decl)) addWeight(found, prefix, storage);
    eachNode(decl.body, (node) => {
      const { path, callee } = labelled(node, module);
      if (path === undefined || found.size >= most) return;
      const name = path === '' ? prefix : prefix === '' ? path : `${prefix}.${path}`;
      if (path !== '') found.add(name);
      const target = callee === undefined ? undefined : (declNamed(callee, module) ?? loader.prelude(callee));
      if (target?.decl.kind === 'layer' || target?.decl.kind === 'model') visit(target.decl, target.module, name, depth + 1);
    });
  };
  visit(trained.decl, trained.module, '', 0);
  return [...found].filter((name) => name !== '');
}

function addWeight(found: Set<string>, prefix: string, storage: StorageStmt): void {
  const name = weightName(storage);
  if (storage.storage !== 'state' && /^\w+$/.test(name)) found.add(prefix === '' ? name : `${prefix}.${name}`);
}

/** The path of a label, or of a layer that is bound to a name, and the name of the layer that it labels. `_` adds nothing to a path. */
function labelled(
  node: { readonly kind: string },
  module: Module,
): { readonly path?: string | undefined; readonly callee?: string | undefined } {
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
    return { path: path === '_' ? '' : path, callee: calleeOf(target) };
  }
  if (node.kind !== 'assign') return {};
  const { target, value } = node as unknown as { target: { kind: string; name?: { text: string } }; value: { kind: string } };
  const callee = calleeOf(value);
  const isLayer = callee !== undefined && /^[A-Z]/.test(callee) && (declNamed(callee, module) !== undefined || value.kind === 'call');
  return target.kind === 'bind' && isLayer ? { path: target.name?.text, callee } : {};
}

function calleeOf(node: { readonly kind: string }): string | undefined {
  const { name, callee } = node as { readonly name?: unknown; readonly callee?: { readonly kind: string } };
  if (node.kind === 'name' && typeof name === 'string') return name;
  return node.kind === 'call' && callee !== undefined ? calleeOf(callee) : undefined;
}
