import { parse } from '../../1-syntax/parse.js';
import type { Diagnostic } from '../../diagnostics/diagnostic.js';
import { Report } from '../../diagnostics/report.js';
import type { Context } from '../context.js';
import { mayBeNone } from '../modules/kinds.js';
import type { Module } from '../modules/modules.js';
import { moduleContext } from '../modules/names.js';
import type { CheckValue } from '../values/values.js';
import { type Assignment, slotNamed } from './assignments.js';
import type { ReadSettings } from './settings.js';
import type { Slot } from './slots.js';

/** A word that needs no quotes where a string is expected. */
const bareWord = /^[A-Za-z_][\w-]*(?:\.[\w-]+)*$/;

/**
 * Individual settings as values: the text of `--set D=2*128` is an expression in the names of the file, that of a string may be a bare
 * word. `undefined` if one is wrong, which is reported.
 */
export function setAssignments(
  cx: Context,
  model: string,
  slots: readonly Slot[],
  module: Module,
  { set, setOption }: Pick<ReadSettings, 'set' | 'setOption'>,
): readonly Assignment[] | undefined {
  const found: Assignment[] = [];
  let ok = true;
  for (const [name, text] of set) {
    const assignment = one(cx, model, slots, module, { option: setOption, name, text });
    if (assignment === undefined) ok = false;
    else found.push(assignment);
  }
  return ok ? found : undefined;
}

/** A setting as it was given. */
interface SetText {
  readonly option: string;
  readonly name: string;
  readonly text: string;
}

function one(cx: Context, model: string, slots: readonly Slot[], module: Module, { option, name, text }: SetText): Assignment | undefined {
  const file = `${option} ${name}`;
  // The displayed and the parsed text have the same length, so that every location is right in both.
  const shown = `${option} ${name} = `;
  const parsed = `${'let'.padStart(option.length)} ${name.replaceAll(/[^\n\r]/g, '_')} = `;
  cx.session.loader.sources.set(file, shown + text);
  const slot = slotNamed(cx, model, slots, name, { file, start: option.length + 1, end: option.length + 1 + name.length });
  if (slot === undefined) return undefined;
  const span = { file, start: shown.length, end: shown.length + text.length };
  const isNone = text === 'none' && mayBeNone(slot.param);
  if (slot.kind === 'string' && bareWord.test(text) && !isNone) return { slot, value: { kind: 'string', value: text }, span };
  const value = evaluated(cx, module, file, parsed + text);
  return value === undefined ? undefined : { slot, value, span };
}

function evaluated(cx: Context, module: Module, file: string, source: string): CheckValue | undefined {
  const report = new Report();
  const [item, more] = parse(file, source, report, cx.session.limits).items;
  // Anything after a value, which would be a declaration or a statement in a file, is an error here.
  if (item?.kind === 'let' && more !== undefined) {
    cx.error('unexpected-token', more.span, { expected: 'the end of the value', found: 'more text' });
    return undefined;
  }
  for (const problem of report.diagnostics) cx.problems.push(problem);
  if (item?.kind !== 'let' || item.params !== undefined || report.hasErrors) return undefined;
  const place = moduleContext(cx, module);
  const value = place.evaluateOptional(item.value);
  for (const problem of place.problems)
    cx.problems.push(problem.code === 'unknown-name' && problem.fixes.length === 0 ? quoted(problem) : problem);
  return value.kind === 'unknown' || place.problems.some((p) => p.severity === 'error') ? undefined : value;
}

/** Nothing can be defined on a command line; a word that names nothing was probably meant as text. */
function quoted(problem: Diagnostic): Diagnostic {
  return { ...problem, help: 'a value is written as in a file: a name of the file, a number, or a string in double quotes' };
}
