import type { StorageStmt, StringExpr } from '../../1-syntax/ast.js';
import { decideFact } from '../../dims/decide.js';
import { Dim } from '../../dims/dim.js';
import { programElements } from '../../ops/program.js';
import type { TensorType } from '../../ops/types.js';
import type { Context } from '../context.js';
import { initialValueOf } from '../layers/initial-values.js';
import { initializerIn, isDeclared, randomInitializers } from '../layers/initializers.js';
import { signatureOf } from '../modules/signature.js';
import { sizesOfStates } from '../sizes/empty-sizes.js';
import { textOf } from '../values/builtins.js';
import { type CheckValue, type StateNaming, type StateStart, unknown } from '../values/values.js';
import { initialState } from './initial-state.js';

/** Initial values of states are written into the metadata of the file. */
const mostValues = 65_536;

/**
 * `state k: Tensor[N, P, D] = empty`: its value is the tensor that the state is before the call. Reports what is wrong, and is then
 * unknown. `type` is undefined if a size in it is not known, which was reported.
 */
export function declareState(cx: Context, statement: StorageStmt, type: TensorType | undefined): CheckValue {
  const { name, span } = statement;
  const start = startOf(cx, statement, type);
  const naming = namingOf(cx, statement);
  if (type === undefined || start === undefined || naming === undefined) return unknown;
  const count = start.kind === 'computed' ? programElements(start.program) : 0;
  if (count > mostValues) {
    cx.error('initial-value-too-large', (statement.init ?? name).span, { name: name.text, count, limit: mostValues });
    return unknown;
  }
  const state = { name: name.text, start, naming, span: name.span };
  if (cx.session.startsStates && !cx.rigid) return initialState(cx, statement, type, state);
  // A size that is given as a number is what one call has; the first call may have another.
  const isOpen = !cx.rigid && cx.outermost?.isBound !== true;
  if (start.kind === 'empty' && isOpen && !demandEmptySizes(cx, statement, type)) return unknown;
  const output = cx.local(type, span, name.text);
  cx.states.set(output, state);
  cx.steps.push({ kind: 'state', state, output, span });
  return { kind: 'tensor', local: output };
}

/** The value before the first call; undefined if it is wrong, which is reported. */
function startOf(cx: Context, statement: StorageStmt, type: TensorType | undefined): StateStart | undefined {
  const { name, init } = statement;
  if (init === undefined) {
    cx.error('state-without-init', name.span, { name: name.text });
    return undefined;
  }
  if (init.kind === 'name' && init.name === 'empty' && !isDeclared(cx, 'empty')) return { kind: 'empty' };
  const named = initializerIn(cx, init);
  if (named !== undefined && randomInitializers.has(named)) {
    cx.error('random-state', init.span, { name: name.text, initializer: named });
    return undefined;
  }
  return type === undefined ? undefined : initialValueOf(cx, statement, type);
}

/** The names in the graph; undefined for an empty one, which is reported. */
function namingOf(cx: Context, { name, named }: StorageStmt): StateNaming | undefined {
  if (named === undefined) return { kind: 'relative', name: name.text };
  const read = (text: StringExpr): string | undefined => {
    const value = textOf(cx.evaluate(text)) ?? '?';
    if (value !== '') return value;
    cx.error('empty-name', text.span, { name: name.text });
    return undefined;
  };
  if (named.kind === 'string') {
    const text = read(named);
    return text === undefined ? undefined : { kind: 'relative', name: text };
  }
  const [input, output] = [read(named.input), read(named.output)];
  return input === undefined || output === undefined ? undefined : { kind: 'full', input, output };
}

/** Whether a state has sizes that can be 0 in the first call. Reports if not. */
function demandEmptySizes(cx: Context, { name, init }: StorageStmt, { shape }: TensorType): boolean {
  const { span } = init ?? name;
  const { outermost } = cx;
  const signature = outermost && signatureOf(outermost.decl, outermost.module);
  const sizes = shape.flatMap((size) => sizesOfStates(cx, size, signature));
  if (sizes.length === 0) {
    cx.error('state-never-empty', span, { name: name.text, shape: shape.map(String) });
    return false;
  }
  const full = sizes.find((size) => {
    const least = { kind: 'at-least', left: Dim.variable(size, 0), right: Dim.one } as const;
    return outermost?.empty.has(size) === true && decideFact(least, cx.facts).kind === 'proved';
  });
  if (full === undefined) return true;
  cx.error('state-not-empty', span, { name: name.text, size: full });
  return false;
}
