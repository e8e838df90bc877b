import { inputValues, type Value } from '../../3-graph/graph.js';
import type { Report } from '../../diagnostics/report.js';
import type { Span } from '../../diagnostics/span.js';
import { knownAt, nearTo } from '../../name-patterns.js';
import type { Target } from '../../ops/targets.js';
import { formText, isAble, type WantedForm } from './form.js';
import { readSelections, type Selection, wantedFor } from './selection.js';

/** How the weights of a program are stored. */
export interface Quantization {
  /** The form that is wanted for a weight; undefined if nothing is said about it. */
  wanted(name: string): WantedForm | undefined;
  /** Weights that must stay as they are, because another entry reads them that way. */
  readonly kept: ReadonlySet<string>;
  /** The parts of the option. */
  readonly selections: readonly Selection[];
}

/** Whether anything that a weight is computed from will be stored as integers of a few bits. */
export function isToBePacked(value: Value, quantization: Quantization): boolean {
  const { source } = value;
  if (source.kind === 'node') return inputValues(source.node).some((input) => isToBePacked(input, quantization));
  const form = source.kind === 'parameter' ? quantization.wanted(source.parameter.name)?.form : undefined;
  return form !== undefined && form !== 'none' && form !== 'f16';
}

/**
 * Reads the option `quantize` for a program with these weights. Mistakes are reported at the place of its text: forms that do not exist or that the target has no operators for, patterns that match
 * nothing, and any form but `none` for a model that is trained. The result is then undefined.
 */
export function readQuantization(
  text: string,
  {
    names,
    model,
    target,
    isTrained,
  }: { readonly names: readonly string[]; readonly model: string; readonly target: Target; readonly isTrained: boolean },
  report: Report,
  place: Span,
): Quantization | undefined {
  const selections = readSelections(text, place.file, place.start, report);
  if (selections === undefined) return undefined;
  const before = report.diagnostics.length;
  for (const selection of selections) refuseUnable(selection, target, isTrained, report);
  const patterns = selections.flatMap((selection) => selection.patterns);
  for (const { text: pattern, span, matches } of patterns)
    if (names.length > 0 && !names.some(matches))
      report.add('unmatched-quantize', span, { pattern, model, near: nearTo(pattern, names), known: knownAt(pattern, names) });
  if (report.diagnostics.length > before) return undefined;
  return { wanted: (name) => wantedFor(selections, name), kept: new Set(), selections };
}

/** Warns about parts of the option for which no weight was stored. `stored` are the forms that the weights have. */
export function reportUnused({ selections }: Quantization, stored: ReadonlySet<string>, model: string, report: Report): void {
  for (const { wanted, span } of selections)
    if (wanted.form !== 'none' && !stored.has(formText(wanted))) report.add('nothing-quantized', span, { form: formText(wanted), model });
}

function refuseUnable({ wanted, span }: Selection, target: Target, isTrained: boolean, report: Report): void {
  const { form } = wanted;
  if (form === 'none') return;
  if (isTrained) report.add('quantize-trained', span, { form });
  else if (!isAble(target, form)) report.add('quantize-target', span, { form, target });
}
