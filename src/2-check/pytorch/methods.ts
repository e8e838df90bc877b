import type { CallExpr, MemberExpr } from '../../1-syntax/ast.js';
import type { Span } from '../../diagnostics/span.js';
import type { Op } from '../../ops/define.js';
import { ops } from '../../ops/index.js';
import { opNamed } from '../../ops/registry.js';
import type { Context } from '../context.js';
import { evaluateArgs } from '../expressions/applications.js';
import type { TensorValue } from '../values/values.js';
import { absentHelp, instead, operatorName, sameLetters } from './names.js';
import { type Advice, replacing } from './replacing.js';
import { otherwise, spellingOf } from './report-function.js';
import { sourceOf, spanOfList } from './source.js';

/** Members that the type of a tensor answers. */
const sizes: ReadonlySet<string> = new Set(['shape', 'size', 'ndim', 'dim', 'numel']);

/** `x.mean(1)` and `x.shape` for a tensor `x`: functions are not members of tensors, and sizes have names. */
export function methodAdvice(cx: Context, expr: MemberExpr, value: TensorValue): Advice {
  const { text: name } = expr.name;
  const tensor = tensorText(cx, expr);
  const call = cx.callOf(expr);
  const span = call?.span ?? expr.span;
  if (sizes.has(name)) return sizeAdvice(cx, expr, call, value);
  // `relu_` changes its tensor in PyTorch.
  const plain = name.replace(/(?<=[a-z])_$/, '');
  const other = instead(cx, plain, call, { text: tensor ?? 'x', rank: value.local.type.shape.length });
  if (other !== undefined && other.text === (tensor ?? 'x'))
    return { help: `leave it out: \`${other.text}\` is the same here`, fixes: tensor === undefined ? [] : replacing(cx, span, tensor) };
  if (other !== undefined) {
    const { help, fixes } = written(cx, span, other.text);
    return { help, fixes: other.isComplete && tensor !== undefined ? fixes : [] };
  }
  const absent = absentHelp(plain);
  if (absent !== undefined) return { help: absent, fixes: [] };
  const op = opNamed(operatorName(plain));
  if (op !== undefined) return asFunction(cx, expr, op, value, tensor ?? 'x');
  const [near] = sameLetters(
    plain,
    ops.map((o) => o.name),
  );
  if (near !== undefined) return { help: `functions are not members: did you mean \`${near}(${tensor ?? 'x'})\`?`, fixes: [] };
  return { help: 'a tensor has `.T`; the outputs of a layer have names only if it has several', fixes: [] };
}

/** The tensor as the first argument of a call; undefined if it is not on one line. */
function tensorText(cx: Context, { object }: MemberExpr): string | undefined {
  const text = sourceOf(cx, object.span);
  return /[\n#]/.test(text) ? undefined : text;
}

/** `x.size(0)` and `x.shape`: which size is meant, as far as it is given. */
function sizeAdvice(cx: Context, { object, name }: MemberExpr, call: CallExpr | undefined, value: TensorValue): Advice {
  const { shape } = value.local.type;
  if (name.text === 'ndim' || name.text === 'dim')
    return { help: `this tensor has ${shape.length === 1 ? '1 axis' : `${shape.length} axes`}`, fixes: [] };
  const tensor = object.kind === 'name' ? object.name : 'x';
  const [argument] = call?.args ?? [];
  const axis = argument === undefined ? 0 : Number(sourceOf(cx, argument.value.span));
  const size = shape.at(axis);
  if (size === undefined || !Number.isInteger(axis)) return { help: 'sizes have names, which can be used as numbers', fixes: [] };
  const written = name.text === 'size' ? `${tensor}.size(${axis})` : `${tensor}.shape[0]`;
  const help = `sizes have names, which can be used as numbers: the shape is \`[${shape.join(', ')}]\`, so \`${written}\` is \`${size}\``;
  return { help, fixes: call === undefined || argument === undefined ? [] : replacing(cx, call.span, String(size)) };
}

/** The call of an operator that a method stands for: with its arguments as they are written, or as those of PyTorch. */
function asFunction(cx: Context, expr: MemberExpr, op: Op, value: TensorValue, tensor: string): Advice {
  const call = cx.callOf(expr);
  const span = call?.span ?? expr.span;
  const given = call === undefined ? [] : cx.speculate(() => evaluateArgs(cx, call)).value;
  const args = [{ value, span: expr.object.span, expr: expr.object }, ...given];
  const list = spanOfList(given);
  const asIs = `${op.name}(${list === undefined ? tensor : `${tensor}, ${sourceOf(cx, list)}`})`;
  const isKnown = args.every((arg) => arg.value.kind !== 'unknown');
  const apply = () => cx.interpreter.apply(cx, { kind: 'fn', form: 'op', op }, args, { span, calleeSpan: expr.name.span });
  if (isKnown && cx.speculate(apply).problems.length === 0) return written(cx, span, asIs);
  if (op.name === 'flatten' && given.length === 0) return written(cx, span, `flatten(${tensor}, 0)`);
  const spelling = spellingOf(cx, op, args);
  if (spelling !== undefined) return written(cx, span, `${spelling.callee}(${spelling.written.join(', ')})`);
  const hint = otherwise(op);
  return { help: `functions are not members: ${hint ?? `write \`${asIs}\``}`, fixes: [] };
}

function written(cx: Context, span: Span, text: string): Advice {
  return { help: `functions are not members: write \`${text}\``, fixes: replacing(cx, span, text) };
}
