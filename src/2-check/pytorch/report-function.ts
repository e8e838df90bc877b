import type { Fix } from '../../diagnostics/diagnostic.js';
import { suggest } from '../../diagnostics/suggest.js';
import { attrNamed } from '../../ops/attributes.js';
import type { Attr, AttrKind } from '../../ops/attrs.js';
import type { InputSpec, Op } from '../../ops/define.js';
import { opNamed } from '../../ops/registry.js';
import type { Argument, CallSite, Context } from '../context.js';
import { looksLike } from '../expressions/attr-values.js';
import type { CheckValue } from '../values/values.js';
import { counterpart } from './foreign.js';
import { functions } from './functions.js';
import { idleNames } from './idle-names.js';
import { type Place, readForeign } from './read.js';
import { sourceOf, spanOfList } from './source.js';

/** A call of an operator, with its arguments as text. */
export interface Spelling {
  readonly callee: string;
  readonly written: readonly string[];
}

/** Reports a PyTorch call of an operator, with the equivalent spelling here. False if it is not one. */
export function reportFunction(cx: Context, op: Op, args: readonly Argument[], site: CallSite): boolean {
  // What is piped into a stage is not in its list.
  const listed = args.filter(({ expr, span }) => expr !== undefined && span.start >= site.span.start && span.end <= site.span.end);
  const list = spanOfList(listed);
  const spelling = list === undefined ? undefined : spellingOf(cx, op, args);
  if (list === undefined || spelling === undefined) return false;
  const { callee } = spelling;
  const text = spelling.written.slice(args.length - listed.length).join(', ');
  const written = `${callee}(${text})`;
  const edits = [...(callee === op.name ? [] : [{ span: site.calleeSpan, text: callee }]), { span: list, text }];
  const fixes: Fix[] = [{ title: `write \`${written}\``, edits }];
  cx.error('foreign-arguments', list, { callee: op.name, like: op.name === 'range' ? 'Python' : 'PyTorch', written }, { fixes });
  return true;
}

/** A call with the arguments of PyTorch in its spelling here. Undefined if they are not PyTorch's. */
export function spellingOf(cx: Context, op: Op, args: readonly Argument[]): Spelling | undefined {
  if (args.some((a) => a.value.kind === 'unknown' && !idleNames.has(a.name ?? ''))) return undefined;
  return ofTwo(cx, op, args) ?? transposed(cx, op, args) ?? oneList(cx, op, args) ?? asRead(cx, op, args);
}

/** `flatten(x)` gives one axis in PyTorch, and `nn.Flatten()`, here `x -> flatten`, keeps the first: the call must say which is meant. */
export function meansAllAxes(cx: Context, op: Op, args: readonly Argument[], site: CallSite): boolean {
  const [x] = args;
  if (op.name !== 'flatten' || args.length !== 1 || x?.value.kind !== 'tensor' || x.value.local.type.shape.length < 2) return false;
  if (x.span.start < site.span.start || x.span.end > site.span.end) return false;
  const text = textOf(cx, x);
  const help = `\`flatten(${text}, 1)\` keeps the first axis, as \`${text} -> flatten\` does; PyTorch's \`flatten(${text})\` is \`flatten(${text}, 0)\``;
  cx.error('bad-option', site.span, { message: 'this call of `flatten` does not say where it begins', help });
  return true;
}

/** `max(x, y)` compares two tensors, `max(x, 0.0)` a tensor and a number; a whole number would be an axis. */
function ofTwo(cx: Context, op: Op, args: readonly Argument[]): Spelling | undefined {
  const callee = op.name === 'max' ? 'maximum' : op.name === 'min' ? 'minimum' : undefined;
  if (callee === undefined || args.length !== 2 || args.some((a) => a.name !== undefined)) return undefined;
  if (args[0]?.value.kind !== 'tensor' || (args[1]?.value.kind !== 'tensor' && args[1]?.value.kind !== 'float')) return undefined;
  return { callee, written: args.map((arg) => textOf(cx, arg)) };
}

/** `transpose(x, 1, 2)` swaps two axes; here, the new order of all axes is written. */
function transposed(cx: Context, op: Op, args: readonly Argument[]): Spelling | undefined {
  if (op.name !== 'transpose') return undefined;
  const [x, a, b, ...more] = args;
  if (x?.value.kind !== 'tensor' || more.length > 0) return undefined;
  const order = [...x.value.local.type.shape.keys()];
  const axisOf = ({ value }: Argument) => (value.kind === 'int' ? order.at(value.dim.constant ?? order.length) : undefined);
  const [i, j] = [a, b].map((arg) => (arg === undefined ? undefined : axisOf(arg)));
  if (i === undefined || j === undefined) return undefined;
  [order[i], order[j]] = [j, i];
  return { callee: op.name, written: [textOf(cx, x), `[${order.join(', ')}]`] };
}

/** `reshape(x, N, -1)`: several numbers where one list is expected. */
function oneList(cx: Context, op: Op, args: readonly Argument[]): Spelling | undefined {
  const [attr, ...others] = op.lists().positionalAttrs;
  const named = args.filter((a) => a.name !== undefined);
  if (attr === undefined || others.length > 0 || named.some(({ name = '' }) => attrNamed(op, name) === undefined && !idleNames.has(name)))
    return undefined;
  const inputs = Object.keys(op.inputs).length;
  const numbers = args.slice(inputs).filter((a) => a.name === undefined);
  const { kind }: Attr<unknown> = op.attrs[attr];
  if (numbers.length < 2 || !['dims', 'sizes', 'ints', 'axes'].includes(kind)) return undefined;
  if (!numbers.every(({ value }) => value.kind === 'int') || !args.slice(0, inputs).every(({ value }) => value.kind === 'tensor'))
    return undefined;
  const tensors = args.slice(0, inputs).map((arg) => textOf(cx, arg));
  const options = named.flatMap((arg) => (idleNames.has(arg.name ?? '') ? [] : [`${arg.name} = ${textOf(cx, arg)}`]));
  return { callee: op.name, written: [...tensors, `[${numbers.map((arg) => textOf(cx, arg)).join(', ')}]`, ...options] };
}

function asRead(cx: Context, op: Op, args: readonly Argument[]): Spelling | undefined {
  const foreign = Object.hasOwn(functions, op.name) ? functions[op.name] : undefined;
  const here = foreign?.here === undefined ? op : opNamed(foreign.here);
  if (foreign === undefined || here === undefined) return undefined;
  const reading = readForeign(foreign, placesOf(cx, here), args);
  if (reading === undefined) return undefined;
  const { written, inferred } = reading;
  const axes = inferred?.arg.value.kind === 'list' || inferred?.arg.value.kind === 'tuple' ? inferred.arg.value.items.length : 1;
  // `layer_norm(x, [C, H, W])` normalizes three axes; here, the first of them is written.
  return { callee: here.name, written: axes > 1 ? [...written, `axis = -${axes}`] : written };
}

function placesOf(cx: Context, op: Op): readonly Place[] {
  const inputs = Object.entries<InputSpec>(op.inputs).map(
    ([name, spec]): Place => ({
      name,
      needed: typeof spec === 'string',
      leads: true,
      write: (arg) => tensorText(cx, arg, spec),
    }),
  );
  const attrs = Object.entries<Attr<unknown>>(op.attrs).map(
    ([name, { kind, fallback, choices }]): Place => ({
      name: name === 'axes' ? 'axis' : name,
      needed: fallback === undefined,
      leads: fallback === undefined && !isVariadic(op),
      write: (arg) => flagOf(kind, arg.value) ?? choiceOf(choices, arg.value) ?? (looksLike(arg.value, kind) ? textOf(cx, arg) : undefined),
    }),
  );
  return [...inputs, ...attrs];
}

function isVariadic(op: Op): boolean {
  return Object.values<InputSpec>(op.inputs).some((spec) => typeof spec !== 'string' && spec.mode === 'variadic');
}

/** A tensor as it is written; `none` for an optional one is omitted. */
function tensorText(cx: Context, arg: Argument, spec: InputSpec): string | undefined {
  const { kind } = arg.value;
  if (kind === 'absent' && typeof spec !== 'string' && spec.mode === 'optional') return '';
  const isPossible = kind === 'tensor' || kind === 'list' || kind === 'tuple' || kind === 'absent';
  return isPossible ? textOf(cx, arg) : undefined;
}

/** `correction = 1` is `unbiased = true`. */
function flagOf(kind: AttrKind, value: CheckValue): string | undefined {
  const number = kind === 'bool' && value.kind === 'int' ? value.dim.constant : undefined;
  return number === 0 ? 'false' : number === 1 ? 'true' : undefined;
}

/** `"bilinear"` is `"linear"`. */
function choiceOf(choices: readonly string[] | undefined, value: CheckValue): string | undefined {
  if (choices === undefined || value.kind !== 'string' || value.value === undefined || choices.includes(value.value)) return undefined;
  const [meant] = suggest(value.value, choices);
  return meant === undefined ? undefined : `"${meant}"`;
}

/** What to write for an argument by name that an operator does not have. */
export function withoutArgument(op: Op, name: string): string | undefined {
  const without = Object.hasOwn(functions, op.name) ? functions[op.name]?.without : undefined;
  return without !== undefined && Object.hasOwn(without, name) ? without[name] : undefined;
}

/** What to write for arguments that an operator does not accept, or that have another meaning in PyTorch. */
export function otherwise(op: Op): string | undefined {
  return Object.hasOwn(functions, op.name) ? functions[op.name]?.otherwise : undefined;
}

/** The same for an argument by name, if that is PyTorch's. */
export function otherwiseFor(op: Op, name: string): string | undefined {
  if (idleNames.has(name)) return 'leave it out: it means nothing here';
  if (name === 'dtype' && Object.hasOwn(op.inputs, 'x')) return `convert the tensor first: \`${op.name}(cast(x, f32), ..)\``;
  const foreign = Object.hasOwn(functions, op.name) ? functions[op.name] : undefined;
  return foreign?.params.some((param) => counterpart(param).name === name) === true ? foreign.otherwise : undefined;
}

function textOf(cx: Context, { span }: Argument): string {
  return sourceOf(cx, span);
}
