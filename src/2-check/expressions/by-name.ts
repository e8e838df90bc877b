import type { Param } from '../../1-syntax/ast.js';
import { spanBeside } from '../../diagnostics/anchor.js';
import type { Fix } from '../../diagnostics/diagnostic.js';
import type { Argument, Context } from '../context.js';
import { fitsKind, kindOf } from '../modules/kinds.js';
import type { Module } from '../modules/modules.js';
import { literalValue } from '../values/literals.js';
import { type CheckValue, describe } from '../values/values.js';

/** An option that an argument could be for: its name, and whether a value is of its kind. */
export interface OpenOption {
  readonly name: string;
  readonly fits: (value: CheckValue) => boolean;
}

/**
 * Reports arguments that are given by position where only options remain, which are passed by name. `fixes` says whether the intention is
 * clear enough for a fix: in a declaration of the user's own, it follows from the order of the options.
 */
export function reportByName(
  cx: Context,
  callee: string,
  options: readonly OpenOption[],
  given: readonly Argument[],
  order: 'declared' | 'unknown',
  help?: string,
): void {
  const [first] = given;
  if (first === undefined) return;
  const names = help === undefined ? namesOf(options, given, order) : undefined;
  const written = names?.map((name, i) => `${name} = ${source(cx, given[i])}`);
  const fixes: Fix[] =
    names === undefined || written === undefined || given.some((arg) => arg.expr === undefined)
      ? []
      : [
          {
            title: `write \`${written.join(', ')}\``,
            edits: given.map(({ span }, i) => ({ span: spanBeside(span, span.start, span.start), text: `${names[i]} = ` })),
          },
        ];
  cx.error(
    'argument-by-name',
    first.span,
    {
      callee,
      what: first.value.kind === 'unknown' ? 'this' : describe(first.value, (t) => cx.show(t)),
      options: options.map(({ name }) => name),
      written: written?.join(', '),
    },
    { fixes, help },
  );
}

/** Which options the arguments are for, if that is clear. */
function namesOf(options: readonly OpenOption[], given: readonly Argument[], order: 'declared' | 'unknown'): readonly string[] | undefined {
  if (order === 'declared') {
    const inOrder = given.map(({ value }, i) => (options[i]?.fits(value) === true ? options[i]?.name : undefined));
    return inOrder.every((name) => name !== undefined) ? inOrder : undefined;
  }
  const [only, ...others] = given;
  if (only === undefined || only.value.kind === 'unknown' || others.length > 0) return undefined;
  const fitting = options.filter(({ fits }) => fits(only.value));
  return fitting.length === 1 ? fitting.map(({ name }) => name) : undefined;
}

function source(cx: Context, arg: Argument | undefined): string {
  return arg === undefined ? '' : cx.module.file.text.slice(arg.span.start, arg.span.end);
}

function isWord({ kind }: CheckValue): boolean {
  return kind === 'bool' || kind === 'string' || kind === 'fn';
}

/** Reports arguments of a declaration that are given by position although no remaining parameter may be given so. */
export function reportExtra(
  cx: Context,
  callee: string,
  params: readonly Param[],
  module: Module,
  args: readonly Argument[],
  extra: readonly Argument[],
): void {
  const named = new Set(args.map((a) => a.name));
  const open = params.filter((p) => p.fallback !== undefined && !named.has(p.name.text));
  const tooMany = extra[open.length];
  if (tooMany !== undefined) {
    cx.error('too-many-arguments', tooMany.span, {
      callee,
      what: describe(tooMany.value, (t) => cx.show(t)),
      max: params.length,
      known: params.map((p) => p.name.text),
    });
    return;
  }
  const options = open.map((param) => {
    const fallback = param.fallback === undefined ? undefined : literalValue(param.fallback);
    const kind = kindOf(param, fallback, module);
    // A number given to a library layer may also be one that PyTorch requires and archc infers.
    const fits = module.standard ? isWord : () => true;
    return { name: param.name.text, fits: (value: CheckValue) => fitsKind(value, kind) && fits(value) };
  });
  reportByName(cx, callee, options, extra, module.standard ? 'unknown' : 'declared');
}
