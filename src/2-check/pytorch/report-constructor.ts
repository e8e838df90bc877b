import type { Param } from '../../1-syntax/ast.js';
import type { Fix } from '../../diagnostics/diagnostic.js';
import { opNamed } from '../../ops/registry.js';
import type { Argument, Context } from '../context.js';
import { fitsKind, type Kind, kindOf } from '../modules/kinds.js';
import type { Module } from '../modules/modules.js';
import { literalValue } from '../values/literals.js';
import type { CheckValue } from '../values/values.js';
import { constructors } from './constructors.js';
import { type Place, readForeign } from './read.js';
import { sourceOf, spanOfList } from './source.js';

/** Reports PyTorch arguments of a library layer, with the equivalent spelling here. False if they are not PyTorch's. */
export function reportConstructor(
  cx: Context,
  callee: string,
  params: readonly Param[],
  module: Module,
  args: readonly Argument[],
): boolean {
  const foreign = module.standard && Object.hasOwn(constructors, callee) ? constructors[callee] : undefined;
  const list = spanOfList(args);
  const [first] = args;
  if (foreign === undefined || list === undefined || first === undefined) return false;
  const reading = readForeign(foreign, placesOf(cx, params, module), args);
  if (reading === undefined) return false;
  if (severalAxes(reading.inferred?.arg.value)) {
    const help = `\`${callee}\` normalises the last axis; over several, call the function with parameters of your own: \`layer_norm(x, weight, bias, axis = -2)\``;
    cx.error('inferred-width', first.span, { callee, foreign: reading.inferred?.name ?? '', help });
    return true;
  }
  const { inferred, foreignName } = reading;
  // If archc's order also makes sense, the intention is unclear.
  const sure = foreignName || !fitsOwnOrder(params, module, args);
  const text = reading.written.join(', ');
  const written = `${callee}(${text})`;
  const fixes: Fix[] = sure ? [{ title: `write \`${written}\``, edits: [{ span: list, text }] }] : [];
  if (inferred === undefined) {
    const options = params.filter((p) => p.fallback !== undefined).map((p) => p.name.text);
    cx.error('argument-by-name', first.nameSpan ?? first.span, { callee, what: 'this', options, written }, { fixes });
    return true;
  }
  const note = foreign.note === undefined ? '' : `; ${foreign.note}`;
  const given = `${callee}(${sourceOf(cx, list)})`;
  const help = sure
    ? `write \`${written}\`${note}`
    : `PyTorch's \`${given}\` is \`${written}\`${note}; in the order of archc it would be \`${callee}(${inOwnOrder(cx, params, args)})\``;
  cx.error('inferred-width', inferred.arg.nameSpan ?? inferred.arg.span, { callee, foreign: inferred.name, help }, { fixes });
  return true;
}

function severalAxes(value: CheckValue | undefined): boolean {
  return (value?.kind === 'list' || value?.kind === 'tuple') && value.items.length > 1;
}

/** Parameters without a default come first, and the first of them by position, as in the documentation. */
function placesOf(cx: Context, params: readonly Param[], module: Module): readonly Place[] {
  const sorted = [...params].sort((a, b) => Number(a.fallback !== undefined) - Number(b.fallback !== undefined));
  return sorted.map((param, i) => {
    const kind = kindHere(param, module);
    const needed = param.fallback === undefined;
    return { name: param.name.text, needed, leads: needed && i === 0, write: (arg) => asWritten(cx, kind, arg) };
  });
}

function asWritten(cx: Context, kind: Kind, { value, span }: Argument): string | undefined {
  // `"gelu"` names the function.
  if (value.kind === 'string' && kind === 'fn') return value.value;
  // A number of slopes: one for all, or one for each channel.
  if (kind === 'bool' && value.kind === 'int') return value.dim.constant === 1 ? '' : 'true';
  return fitsKind(value, kind) ? sourceOf(cx, span) : undefined;
}

/** The kind of a parameter, if its default determines it without being computed: a literal, or the name of a function. */
function kindHere(param: Param, module: Module): Kind {
  const { fallback } = param;
  if (param.type === undefined && fallback?.kind === 'name' && opNamed(fallback.name) !== undefined) return 'fn';
  return kindOf(param, fallback === undefined ? undefined : literalValue(fallback), module);
}

/** Whether the arguments could be meant in the order that the parameters have here, as if all of them were given by position. */
function fitsOwnOrder(params: readonly Param[], module: Module, args: readonly Argument[]): boolean {
  const left = params.filter((p) => !args.some((a) => a.name === p.name.text));
  return args
    .filter((a) => a.name === undefined)
    .every(({ value }, i) => {
      const param = left[i];
      if (param === undefined) return false;
      return fitsKind(value, kindHere(param, module)) && !(param.name.text === 'eps' && !isSmall(value));
    });
}

function isSmall(value: CheckValue): boolean {
  if (value.kind === 'int') return value.dim.constant !== undefined && value.dim.constant < 1;
  return value.kind === 'float' && (value.value === undefined || value.value < 1);
}

/** The arguments with the names that they would have in archc's order. */
function inOwnOrder(cx: Context, params: readonly Param[], args: readonly Argument[]): string {
  const left = params.filter((p) => !args.some((a) => a.name === p.name.text)).values();
  return args
    .map(({ name, span }) => {
      const value = sourceOf(cx, span);
      if (name !== undefined) return `${name} = ${value}`;
      const param = left.next().value;
      return param === undefined || param.fallback === undefined ? value : `${param.name.text} = ${value}`;
    })
    .join(', ');
}
