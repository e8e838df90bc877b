import type { Report } from '../../diagnostics/report.js';
import type { Span } from '../../diagnostics/span.js';
import { suggest } from '../../diagnostics/suggest.js';
import { matcherOf } from '../../name-patterns.js';
import { blockSizes, defaultBlock, hasBlocks, type StoredForm, storedForms, type WantedForm } from './form.js';

/** One part of the option: a form, and the weights that it is for. */
export interface Selection {
  readonly wanted: WantedForm;
  /** Where the form is in the text. */
  readonly span: Span;
  readonly patterns: readonly PatternText[];
}

export interface PatternText {
  readonly text: string;
  readonly span: Span;
  readonly matches: (name: string) => boolean;
}

/** The pattern for all weights that no earlier part matches. */
const rest = 'rest';

/**
 * Reads `int4 on layers[*].*, head, f16 on rest`: forms, each with the patterns of the names that it is for. A form without `on` is for the rest. Mistakes are reported at their place in `file`, where the
 * text begins at `start`; the result is then undefined.
 */
export function readSelections(text: string, file: string, start: number, report: Report): readonly Selection[] | undefined {
  const found: { readonly wanted: WantedForm; readonly span: Span; readonly patterns: PatternText[] }[] = [];
  const before = report.diagnostics.length;
  for (const part of partsOf(text, file, start)) {
    const [, head = '', gap = '', tail = ''] = /^(\S+)(\s+on(?:\s+|$)|)(.*)$/s.exec(part.text) ?? [];
    const isForm = part.text === '' || gap !== '' || found.length === 0 || storedForms.some((form) => form === head.split('/')[0]);
    const last = found.at(-1);
    if (!isForm && last !== undefined) {
      last.patterns.push(pattern(part));
      continue;
    }
    const span = { ...part.span, end: part.span.start + Math.max(head.length, 1) };
    const wanted = formOf(gap === '' && tail !== '' ? part.text : head, gap === '' && tail !== '' ? part.span : span, report);
    if (wanted === undefined) continue;
    const isPatternMissing = gap !== '' && tail === '';
    if (isPatternMissing) report.add('bad-quantize', part.span, { problem: { kind: 'no-pattern', form: head } });
    const from = part.span.start + head.length + gap.length;
    found.push({
      wanted,
      span,
      patterns: [pattern({ text: tail === '' ? rest : tail, span: tail === '' ? span : { ...part.span, start: from } })],
    });
  }
  const patterns = found.flatMap((selection) => selection.patterns);
  const first = patterns.findIndex(({ text }) => text === rest);
  for (const { span } of first < 0 ? [] : patterns.slice(first + 1))
    report.add('bad-quantize', span, { problem: { kind: 'nothing-left' } });
  return report.diagnostics.length === before ? found : undefined;
}

/** The form of the first selection that matches a weight; undefined if none does. */
export function wantedFor(selections: readonly Selection[], name: string): WantedForm | undefined {
  return selections.find(({ patterns }) => patterns.some(({ matches }) => matches(name)))?.wanted;
}

interface Part {
  readonly text: string;
  readonly span: Span;
}

/** The parts between commas, without the spaces around them. */
function partsOf(text: string, file: string, start: number): readonly Part[] {
  let at = start;
  return text.split(',').map((piece) => {
    const from = at + piece.length - piece.trimStart().length;
    at += piece.length + 1;
    const trimmed = piece.trim();
    return { text: trimmed, span: { file, start: from, end: from + Math.max(trimmed.length, 1) } };
  });
}

function pattern({ text, span }: Part): PatternText {
  return { text, span, matches: text === rest ? () => true : matcherOf(text) };
}

/** `int4`, `int4/128` */
function formOf(text: string, span: Span, report: Report): WantedForm | undefined {
  const [name = '', size, ...more] = text.split('/');
  const form = storedForms.find((known) => known === name);
  if (form === undefined) {
    report.add('bad-quantize', span, { problem: { kind: 'form', text, forms: storedForms, near: suggest(name, storedForms) } });
    return undefined;
  }
  if (size === undefined) return { form, block: hasBlocks(form) ? defaultBlock : 0 };
  return withBlock(form, [size, ...more].join('/'), span, report);
}

function withBlock(form: StoredForm, size: string, span: Span, report: Report): WantedForm | undefined {
  const block = blockSizes.find((known) => String(known) === size);
  if (hasBlocks(form) && block !== undefined) return { form, block };
  report.add('bad-quantize', span, { problem: hasBlocks(form) ? { kind: 'block', size, sizes: blockSizes } : { kind: 'no-blocks', form } });
  return undefined;
}
