import { edited } from '../../../../../diagnostics/apply-fix.js';
import type { Edit } from '../../../../../diagnostics/record.js';
import type { FileItem } from '../../../../file-view.js';
import { namedItem } from '../../../../names/occurrences.js';
import { usesOf } from '../../../rename/uses.js';
import { isInside, type Offer, type Place, replace } from '../../action.js';
import { canComeFirst, indentAt, moved, statementAround } from '../tree.js';
import { before } from '../variables.js';
import { inlinedNames } from './names.js';
import { type Use, useAt } from './use.js';

/** Writes the body of a layer where it is used. Labels begin with that of the use, so that the weights keep their names. */
export function inlineLayerOffers(place: Place): readonly Offer[] {
  const { item } = place;
  const use = item && item.kind !== 'train' ? useAt(place, item) : undefined;
  if (item === undefined || use === undefined) return [];
  return [{ title: `inline \`${use.decl.name.text}\``, kind: 'refactor.inline', isSlow: true, edits: () => inlined(place, item, use) }];
}

function inlined(place: Place, item: FileItem, use: Use): readonly Edit[] | undefined {
  const { text, view } = place;
  const names = inlinedNames(place, item, use);
  if (names === undefined) return undefined;
  const { pipe, result, body, decl } = use;
  const written = (start: number, end: number) => {
    const own = names.edits.filter(({ span }) => isInside(span, { start, end }));
    const shifted = own.map((edit) => ({
      ...edit,
      span: { ...edit.span, file: view.path, start: edit.span.start - start, end: edit.span.end - start },
    }));
    return edited(text.slice(start, end), shifted);
  };
  const removed =
    usesOf(place.workspace, namedItem(decl, view.module)).flatMap(({ occurrences }) => occurrences).length === 2
      ? [removal(place, decl.span)]
      : [];
  const value = written(result.span.start, result.span.end);
  if (names.isStages && names.bindings.length === 0) {
    const [, stages = ''] = /^\w+\s*->\s*([\s\S]*)$/.exec(value) ?? [];
    return [replace(pipe.stage.span, stages), ...removed];
  }
  const found = statementAround(item, pipe.span);
  if (found === undefined || !canComeFirst(place, item, found, pipe.span)) return undefined;
  const indent = indentAt(text, found.statement.span.start);
  const [first, last] = [body[0], body.at(-1)];
  const statements =
    first === undefined || last === undefined
      ? []
      : [moved(written(first.span.start, last.span.end), indentAt(text, first.span.start), indent)];
  const lines = [...names.bindings, ...statements];
  const start = names.isStages ? text.slice(pipe.left.span.start, pipe.left.span.end) + value.replace(/^\w+/, '') : value;
  const use_ = replace(pipe.span, result.kind === 'if' || result.kind === 'cond' ? `(${start})` : start);
  return lines.length === 0 ? [use_, ...removed] : [before(place, found.statement, lines.join(`\n${indent}`)), use_, ...removed];
}

/** Takes a declaration out, with its documentation and the empty line after it. */
function removal({ text, view }: Place, span: { readonly start: number; readonly end: number }): Edit {
  let start = text.lastIndexOf('\n', span.start - 1) + 1;
  for (;;) {
    const above = start === 0 ? 0 : text.lastIndexOf('\n', start - 2) + 1;
    if (start === 0 || !/^[ \t]*##/.test(text.slice(above, start))) break;
    start = above;
  }
  const [rest = ''] = /^[ \t]*\n?(?:[ \t]*\n)*/.exec(text.slice(span.end)) ?? [];
  return replace({ file: view.path, start, end: span.end + rest.length }, '');
}
