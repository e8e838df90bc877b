import type { NextStmt } from '../../1-syntax/ast.js';
import { suggest } from '../../diagnostics/suggest.js';
import { Dim } from '../../dims/dim.js';
import type { Context } from '../context.js';
import { reportNotTensor } from '../expressions/not-a-tensor.js';
import { signatureOf } from '../modules/signature.js';
import { sizesOfStates } from '../sizes/empty-sizes.js';
import { failureOf } from '../sizes/failure.js';
import { sizeOfData } from '../sizes/new-sizes.js';
import { isImpossible } from '../values/formula.js';
import type { Local, StateSpec } from '../values/values.js';

/** `next k = keys`: what the state is in the next call. */
export function setState(cx: Context, { name, value: expr, span }: NextStmt): void {
  const value = cx.evaluate(expr);
  const state = stateNamed(cx, name);
  if (state === undefined || value.kind === 'unknown') return;
  const first = cx.nexts.find(({ state: other, path }) => other === state.spec && !isImpossible([...path, ...cx.path]));
  if (first !== undefined) {
    cx.error('state-set-twice', name.span, { name: name.text }, { notes: [{ span: first.span, text: 'first set here' }] });
    return;
  }
  if (value.kind !== 'tensor') {
    reportNotTensor(cx, value, expr.span, `the state \`${name.text}\` is a tensor`);
    return;
  }
  // What the next call begins with does not matter to a training graph.
  if (cx.session.startsStates && !cx.rigid) return;
  if (!fits(cx, name.text, state, value.local, expr.span)) return;
  const before = cx.nexts;
  cx.nexts = [...before, { state: state.spec, span: name.span, path: cx.path }];
  cx.session.onRollback(() => {
    cx.nexts = before;
  });
  cx.steps.push({ kind: 'next', state: state.spec, input: value.local, span });
}

interface DeclaredState {
  readonly spec: StateSpec;
  /** What it is before the call. */
  readonly local: Local;
}

/** The state of this body with a name. Reports a name that is not a state's. */
function stateNamed(cx: Context, { text, span }: NextStmt['name']): DeclaredState | undefined {
  const binding = cx.scope.find(text, cx.body);
  if (text === '' || binding?.value.kind === 'unknown') return undefined;
  const local = binding?.value.kind === 'tensor' ? binding.value.local : undefined;
  const spec = local && cx.states.get(local);
  if (local !== undefined && spec !== undefined) return { spec, local };
  const known = [...cx.states.values()].map((state) => state.name);
  const near = suggest(text, known);
  const [best] = near;
  const fixes = best === undefined ? [] : [{ title: `write \`${best}\``, edits: [{ span, text: best }] }];
  const notes = binding === undefined ? [] : [{ span: binding.span, text: 'defined here' }];
  cx.error('next-of-no-state', span, { name: text, isDefined: binding !== undefined, known, near }, { fixes, notes });
  return undefined;
}

/**
 * Whether a state may become `value`: of the same element type and rank, and of the same sizes, except that a state that starts empty may
 * grow along the sizes that only states have. Reports if not.
 */
function fits(cx: Context, name: string, { spec, local }: DeclaredState, value: Local, span: NextStmt['span']): boolean {
  const [wanted, got] = [local.type, value.type];
  const report = (witness?: string, help?: string): false => {
    const isTable = wanted.shape.length === got.shape.length && wanted.dtype === got.dtype;
    const table = { wanted: wanted.shape.map(String), got: got.shape.map(String) };
    cx.error(
      'next-type',
      span,
      { name, wanted: cx.show(wanted), got: cx.show(got), witness, cast: wanted.dtype === got.dtype ? undefined : wanted.dtype },
      { ...(isTable ? { table } : {}), help, notes: [{ span: spec.span, text: 'the state is declared here' }] },
    );
    return false;
  };
  if (wanted.dtype !== got.dtype || wanted.shape.length !== got.shape.length) return report();
  const signature = cx.outermost && signatureOf(cx.outermost.decl, cx.outermost.module);
  // Numbers for sizes are those of one call; that the next one fits was checked for sizes that are names.
  const isBound = cx.outermost?.isBound === true;
  const decided = sizeOfData(cx.newSizes, got.shape);
  if (decided !== undefined)
    return report(undefined, `\`${decided.name}\` depends on the data of each call, but a caller must know the sizes of a state`);
  for (const [axis, size] of wanted.shape.entries()) {
    if (spec.start.kind === 'empty' && (isBound || sizesOfStates(cx, size, signature).length > 0)) continue;
    const other = got.shape[axis] ?? Dim.of(0);
    const failure = failureOf(cx, { kind: 'equal', left: size, right: other }, 'next-type', span);
    if (failure !== undefined) return report(failure.witness);
  }
  return true;
}
