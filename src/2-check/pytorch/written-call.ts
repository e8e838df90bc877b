import type { CallExpr, Expr } from '../../1-syntax/ast.js';
import { calls } from './calls.js';
import type { Given } from './given.js';
import { idleNames } from './idle-names.js';

/** The tensor that a method is called on. */
export interface Receiver {
  readonly text: string;
  readonly rank: number;
}

/** A spelling, and whether it can be used as it is: without a word that stands for something not given. */
export interface Written {
  readonly text: string;
  readonly isComplete: boolean;
}

/** Whether a parameter takes all arguments from its position on: `x.permute(0, 2, 1)`. */
function isList(param: string | undefined): boolean {
  return param === 'dims' || param === 'sizes';
}

/** A PyTorch call in its spelling here. `receiver` is what a method is called on; without `expr`, only the name is given. */
export function writtenCall(
  name: string,
  expr: CallExpr | undefined,
  receiver: Receiver | undefined,
  textOf: (e: Expr) => string,
): Written | undefined {
  const foreign = Object.hasOwn(calls, name) ? calls[name] : undefined;
  if (foreign === undefined || (foreign.isMethod === true && receiver === undefined)) return undefined;
  const { params } = foreign;
  const written = (expr?.args ?? []).map((arg) => ({ name: arg.name?.text === 'input' ? 'x' : arg.name?.text, value: arg.value }));
  const spare = written.filter(({ name: n }) => n !== undefined && !params.includes(n) && !idleNames.has(n));
  const named = new Map(written.flatMap(({ name: n, value }) => (n === undefined ? [] : [[n, value] as const])));
  const inOrder = written.flatMap(({ name: n, value }) => (n === undefined ? [value] : []));
  const offset = receiver === undefined ? 0 : 1;
  const tooMany = inOrder.length + offset > params.length && !isList(params.at(-1));
  let isComplete = (expr !== undefined || receiver !== undefined) && spare.length === 0 && !tooMany;
  const open = (word: string): string => {
    isComplete = false;
    return word;
  };
  const exprOf = (param: string) =>
    named.get(param) ?? (params.indexOf(param) < offset ? undefined : inOrder[params.indexOf(param) - offset]);
  const of = (param: string, word: string): string => {
    if (receiver !== undefined && param === params[0]) return receiver.text;
    const value = exprOf(param);
    return value === undefined ? open(word) : textOf(value);
  };
  const given: Given = {
    called: expr !== undefined,
    rank: receiver?.rank,
    has: (param) => exprOf(param) !== undefined,
    open,
    of,
    operand: (param, word) => asOperand(of(param, word)),
    isList: (param) => exprOf(param)?.kind === 'list' || exprOf(param)?.kind === 'tuple',
    items: (param) => {
      const first = exprOf(param);
      if (first === undefined) return [];
      if (first.kind === 'list' || first.kind === 'tuple') return first.items.map(({ value }) => textOf(value));
      return param === params.at(-1) ? inOrder.slice(params.indexOf(param) - offset).map(textOf) : [textOf(first)];
    },
  };
  const text = foreign.write(given);
  return { text, isComplete };
}

/** In brackets, unless it is a name, a number or a call. */
export function asOperand(text: string): string {
  return /^(?:[\w.]+|\w+\([^()]*\))$/.test(text) ? text : `(${text})`;
}
