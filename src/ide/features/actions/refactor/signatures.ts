import type { Result } from '../../../../1-syntax/ast.js';
import type { Edit } from '../../../../diagnostics/record.js';
import { insert, type Offer, type Place, replace } from '../action.js';
import { indentAt } from './tree.js';

/** Documentation for a declaration, and names for its outputs. */
export function signatureOffers(place: Place): readonly Offer[] {
  const { item, span, text, view } = place;
  if (item === undefined) return [];
  const head = 'body' in item && 'span' in item.body ? item.body.span.start : item.span.end;
  if (span.start > head) return [];
  const offers: Offer[] = [];
  if (item.doc === undefined && item.kind !== 'config')
    offers.push({
      title: 'add documentation',
      kind: 'refactor.rewrite',
      edits: () => [insert(view.path, item.span.start, `## ${item.name.text} \n${indentAt(text, item.span.start)}`)],
    });
  if ((item.kind === 'layer' || item.kind === 'model') && item.result !== undefined) {
    const edits = namedOutputs(place, item.result);
    if (edits !== undefined) offers.push({ title: 'name the outputs', kind: 'refactor.rewrite', isSlow: true, edits: () => edits });
  }
  return offers;
}

/** The names are those that a model without names has, so that its graph stays the same. */
function namedOutputs({ text, view }: Place, { outputs, named, span }: Result): readonly Edit[] | undefined {
  if (outputs.length === 0 || outputs.every(({ name }) => name !== undefined)) return undefined;
  const nameOf = (i: number) => (outputs.length === 1 ? 'output' : `output_${i}`);
  const types = outputs.filter(({ name }) => name === undefined);
  if (named)
    return types.map(({ type }) => insert(view.path, type.span.start, `${nameOf(outputs.findIndex((other) => other.type === type))}: `));
  const [only] = types;
  const start = only?.type.span.start ?? span.start;
  const end = only?.type.span.end ?? span.end;
  return [replace({ file: view.path, start, end }, `(${nameOf(0)}: ${text.slice(start, end)})`)];
}
