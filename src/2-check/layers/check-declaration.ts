import type { FnDecl, LayerDecl } from '../../1-syntax/ast.js';
import { Dim } from '../../dims/dim.js';
import { Facts } from '../../dims/facts.js';
import { Context, type Interpreter } from '../context.js';
import type { Module } from '../modules/modules.js';
import { checkDistinct, checkKeys, signatureOf } from '../modules/signature.js';
import type { Definition, Session } from '../session.js';
import { assumeFacts, factsInAdvance } from '../sizes/assume.js';
import { reportUnmet } from '../sizes/unmet.js';
import { formulaOf } from '../values/formula-of.js';
import { runBody } from './bodies.js';
import { declareInputs } from './inputs.js';
import { Labels } from './labels.js';
import { rigidParam, typedDefault } from './rigid-values.js';

/**
 * Checks a declaration on its own, once: sizes and integer hyperparameters are variables, its `where` facts hold, and both branches of an
 * open condition are checked. What is proved here holds for every use; what is refuted is an error here; what stays open is decided at each
 * use.
 */
export function definitionOf(
  session: Session,
  interpreter: Interpreter,
  decl: LayerDecl | FnDecl,
  module: Module,
): Definition | 'checking' {
  const known = session.definitions.get(decl);
  if (known !== undefined) return known;
  session.definitions.set(decl, 'checking');
  const signature = signatureOf(decl, module);
  checkDistinct(session.report, decl);
  checkKeys(session.report, decl);
  const choices = new Set(signature.hyper.map((p) => p.name.text));
  const sizes = new Set(signature.inputDims);
  const outermost = { decl, module, sizes };
  const cx = new Context({
    session,
    interpreter,
    module,
    rigid: true,
    depth: 0,
    choices,
    outermost,
    labels: new Labels(),
    facts: Facts.none,
  });
  for (const param of signature.hyper) {
    const { usual, kind } = typedDefault(cx, decl.name.text, param, module);
    const value = rigidParam(cx, param.name.text, param, kind, usual, (name, min) => {
      choices.add(name);
      sizes.add(name);
      return { kind: 'int', dim: Dim.variable(name, min) };
    });
    cx.body.define(param.name.text, { value, span: param.span, role: 'hyper', sizeNames: signature.sizeNames });
  }
  for (const name of signature.dims) if (!signature.inputDims.has(name)) cx.late.add(name);
  const inputs = declareInputs(cx, signature, { with: 'all', sizes: new Map() }, () => factsInAdvance(cx, decl));
  if (inputs !== undefined) {
    // Facts about sizes are among `cx.facts`; for other conditions, the choices that they leave are known here.
    cx.path = assumeFacts(cx, decl).open.map((clause) => formulaOf(cx, clause));
    runBody(cx, decl, signature);
    if (!module.standard) reportUnmet(cx, decl);
  }
  for (const problem of cx.problems) session.report.push(problem);
  const definition: Definition = { broken: cx.problems.some((p) => p.severity === 'error'), open: cx.open, axes: cx.axes };
  session.definitions.set(decl, definition);
  return definition;
}
