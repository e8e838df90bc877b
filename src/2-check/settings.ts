import { parse } from '../1-syntax/parse.js';
import type { Diagnostic } from '../diagnostics/diagnostic.js';
import { Report } from '../diagnostics/report.js';
import type { ModelChoice } from './check.js';
import { interpreter } from './interpreter.js';
import type { Module } from './modules.js';
import { moduleContext } from './names.js';
import type { Session } from './session.js';
import type { CheckValue } from './values.js';

export interface Settings {
  readonly model?: string | undefined;
  readonly set?: Readonly<Record<string, string>> | undefined;
  readonly bind?: Readonly<Record<string, number>> | undefined;
  readonly with?: readonly string[] | undefined;
}

/** Settings from outside as values: the text of `--set D=2*128` is an expression in the names of the file. `undefined` if one is wrong. */
export function settings(session: Session, module: Module, given: Settings): ModelChoice | undefined {
  const set = new Map<string, CheckValue>();
  let ok = true;
  for (const [name, text] of Object.entries(given.set ?? {})) {
    const path = `--set ${name}`;
    const source = `let ${name} = ${text}`;
    session.loader.sources.set(path, source);
    const parsed = new Report();
    const [item, more] = parse(path, source, parsed).items;
    // Whatever stands behind a value, and would be a declaration or a statement in a file, is too much here.
    if (item?.kind === 'let' && more !== undefined)
      session.report.add('unexpected-token', more.span, { expected: 'the end of the value', found: 'more text' });
    else for (const problem of parsed.diagnostics) session.report.push(problem);
    if (item?.kind !== 'let' || session.report.hasErrors) {
      ok = false;
      continue;
    }
    const cx = moduleContext({ session, interpreter }, module);
    const value = cx.evaluate(item.value);
    for (const problem of cx.problems)
      session.report.push(problem.code === 'unknown-name' && problem.fixes.length === 0 ? quoted(problem) : problem);
    if (value.kind === 'unknown') ok = false;
    else set.set(name, value);
  }
  return ok ? { model: given.model, set, with: new Set(given.with ?? []), sizes: new Map(Object.entries(given.bind ?? {})) } : undefined;
}

/** Nothing can be defined on a command line; a word that names nothing was probably meant as a text. */
function quoted(problem: Diagnostic): Diagnostic {
  return { ...problem, help: 'a value is written as in a file: a name of the file, a number, or a string in double quotes' };
}
