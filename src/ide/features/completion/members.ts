import { T } from '../../../../grammar/tokens.js';
import type { LabelExpr, LayerDecl } from '../../../1-syntax/ast.js';
import { eachNode } from '../../../1-syntax/walk.js';
import { presentIn } from '../../../2-check/values/absence.js';
import type { CheckValue } from '../../../2-check/values/values.js';
import { showType } from '../../../ops/types.js';
import { arrowBefore } from '../../cursor/callee.js';
import { type Cursor, isFollowedBy } from '../../cursor/cursor.js';
import { chainBefore, startOfOperand, valueBefore } from '../../cursor/values.js';
import { entriesIn, storagesIn, weightName } from '../../names/members.js';
import { trainedModel } from '../../names/outer.js';
import { signatureText } from '../../present/callable.js';
import { declaredParameter, documentation, sourceText } from '../../present/declared.js';
import { onnxCallable, onnxNames } from '../../present/onnx.js';
import { valueText } from './expressions.js';
import { argumentsText, Places, type Suggestion } from './item.js';

/** The members of what is before the dot. */
export function memberSuggestions(cursor: Cursor): readonly Suggestion[] {
  const { tokens, count, view, head, item } = cursor;
  const chain = chainBefore(tokens, count - 1);
  if (chain.length === 1 && chain[0]?.image === 'onnx') return onnxSuggestions(cursor);
  if (head?.tokenType === T.soft.train && chain.length === 1 && chain[0]?.image === 'model') {
    const trained = item?.kind === 'train' ? trainedModel(item, view.module) : undefined;
    if (trained !== undefined) return layerMembers(cursor, { kind: 'layer', decl: trained.decl, module: trained.module });
  }
  const value = valueBefore(cursor, count - 1);
  return value === undefined ? [] : membersOf(cursor, presentIn(value));
}

function membersOf(cursor: Cursor, value: CheckValue): readonly Suggestion[] {
  const { float } = cursor.view.inside.session;
  switch (value.kind) {
    case 'record':
      return value.decl.fields.map((field) => {
        const { text, doc } = declaredParameter(field, value.module);
        const known = value.fields.get(field.name.text);
        const shown = known && valueText(known, float);
        const detail = field.type === undefined ? (shown ?? text) : sourceText(value.module, field.type.span.start, field.type.span.end);
        return { label: field.name.text, kind: 'field', detail, documentation: doc, rank: 1 };
      });
    case 'tuple':
      return (value.names ?? []).flatMap((name, i): readonly Suggestion[] => {
        const item = value.items[i];
        return name === undefined ? [] : [{ label: name, kind: 'variable', detail: item && valueText(item, float), rank: 1 }];
      });
    case 'tensor': {
      const { shape, dtype } = value.local.type;
      const swapped = shape.length < 2 ? undefined : { dtype, shape: [...shape.slice(0, -2), ...shape.slice(-2).reverse()] };
      if (swapped === undefined) return [];
      return [{ label: 'T', kind: 'field', detail: `Tensor${showType(swapped, float)}`, rank: 1, subject: { of: 'built-in', name: 'T' } }];
    }
    case 'layer':
      return layerMembers(cursor, value);
    default:
      return [];
  }
}

/** The entries of a model, the weights of a layer, and the labels of the layers in it. */
function layerMembers(
  cursor: Cursor,
  {
    decl,
    module,
    shared,
  }: Pick<Extract<CheckValue, { kind: 'layer' }>, 'kind' | 'decl' | 'module'> & {
    readonly shared?: Extract<CheckValue, { kind: 'layer' }>['shared'];
  },
): readonly Suggestion[] {
  const { float } = cursor.view.inside.session;
  const entries = entriesIn(decl).map((entry): Suggestion => {
    const lists = [entry.inputs.map((param) => declaredParameter(param, module))];
    const detail = sourceText(module, entry.span.start, entry.result.span.end);
    const places = new Places();
    const args = argumentsText({ name: entry.name.text, lists }, 0, places);
    const doc = entry.doc === undefined ? undefined : documentation(entry.doc);
    const base = { label: entry.name.text, kind: 'entry' as const, detail, documentation: doc, rank: 1 };
    return isFollowedBy(cursor, '(') ? base : { ...base, insert: `${entry.name.text}(${args})`, isSnippet: true };
  });
  const weights = storagesIn(decl)
    .filter(({ storage, named }) => storage !== 'state' && named?.kind !== 'named-pair')
    .map((statement): Suggestion => {
      const name = weightName(statement);
      const type = shared?.parameters.get(name)?.type;
      const detail =
        type === undefined ? sourceText(module, statement.type.span.start, statement.type.span.end) : `Tensor${showType(type, float)}`;
      return { label: name, kind: 'weight', detail: `${statement.storage} ${detail}`, rank: 2 };
    })
    .filter(({ label }) => /^[A-Za-z_]\w*$/.test(label));
  const labels = labelsOf(decl).map((label): Suggestion => ({ label, kind: 'label', rank: 3 }));
  return [...entries, ...weights, ...labels];
}

/** The first words of the labels in a body. */
export function labelsOf({ body }: LayerDecl): readonly string[] {
  const found = new Set<string>();
  eachNode(body, (node) => {
    const [first] = node.kind === 'label' ? (node as LabelExpr).segments : [];
    if (first?.kind === 'word' && first.name.text !== '_' && first.name.text !== '') found.add(first.name.text);
  });
  return [...found];
}

function onnxSuggestions(cursor: Cursor): readonly Suggestion[] {
  const { opset } = cursor.view.inside.session;
  const { tokens, count } = cursor;
  const isPiped = arrowBefore(tokens, startOfOperand(tokens, count - 1)) !== undefined;
  return onnxNames(opset).map((name): Suggestion => {
    const callable = onnxCallable(name, opset);
    const base = {
      label: name,
      kind: 'operator' as const,
      detail: callable && signatureText(callable).label,
      rank: 1,
      subject: { of: 'onnx' as const, name },
    };
    if (callable === undefined || isFollowedBy(cursor, '(')) return base;
    const places = new Places();
    const args = argumentsText(callable, 0, places, { skipsTensor: isPiped });
    if (isPiped && args === '') return base;
    return { ...base, insert: `${name}(${places.isEmpty ? '$0' : args})`, isSnippet: true };
  });
}
