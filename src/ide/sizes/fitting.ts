import type { TensorTypeExpr } from '../../1-syntax/ast.js';
import type { Decl } from '../../2-check/modules/modules.js';
import { Dim } from '../../dims/dim.js';
import { Facts } from '../../dims/facts.js';
import { completeAttrs } from '../../ops/attributes.js';
import type { Attr } from '../../ops/attrs.js';
import type { InputSpec, Op } from '../../ops/define.js';
import { RuleFailure } from '../../ops/rule.js';
import { SymbolicRule } from '../../ops/symbolic-rule.js';
import type { DType, TensorType } from '../../ops/types.js';

/** Whether the first tensor of a declaration can have a type, as far as its rank, its element type and the numbers among its sizes show. */
export function fitsDecl(decl: Decl, type: TensorType, float: DType): boolean | undefined {
  const first = firstTensor(decl);
  return first && fitsType(first, type, float);
}

/** Whether a declaration takes tensors of one rank only. */
export function hasOneRank(decl: Decl): boolean {
  return firstTensor(decl)?.dims.every(({ kind }) => kind !== 'rest') === true;
}

function firstTensor(decl: Decl): TensorTypeExpr | undefined {
  const params = decl.kind === 'fn' ? decl.params : decl.kind === 'layer' || decl.kind === 'model' ? (decl.inputs ?? []) : [];
  return params.flatMap(({ type }) => (type?.kind === 'tensor-type' ? [type] : []))[0];
}

function fitsType({ dims, dtype }: TensorTypeExpr, { shape, dtype: given }: TensorType, float: DType): boolean {
  const isKnown = dtype === undefined || /^(?:bool|string|b?f\d+|[iu]\d+)$/.test(dtype.text);
  if (isKnown && (dtype?.text ?? float) !== given) return false;
  const rest = dims.findIndex((dim) => dim.kind === 'rest');
  if (rest < 0 ? dims.length !== shape.length : shape.length < dims.length - 1) return false;
  return dims.every((dim, i) => {
    if (dim.kind === 'rest' || dim.size.kind !== 'number') return true;
    const size = shape[rest >= 0 && i > rest ? shape.length - dims.length + i : i]?.constant;
    return size === undefined || size === dim.size.value;
  });
}

/** Whether an operator takes a tensor of a type as its first one. */
export function fitsOperator(op: Op, type: TensorType): boolean {
  const { inputs, attrs } = op.lists();
  try {
    const given = Object.fromEntries(attrs.flatMap(([name, attr]) => (attr.fallback === undefined ? [[name, anyValue(attr)]] : [])));
    const x = Object.fromEntries(inputs.map(([name, spec]) => [name, standIn(spec, type)]));
    op.infer(new SymbolicRule(Facts.none, () => {}, op.name), x, completeAttrs(op, given) as never);
    return true;
  } catch (error) {
    // What stands in for the other tensors and for options may be wrong as well.
    if (!(error instanceof RuleFailure)) return true;
    const [first] = inputs;
    const isFirst = error.demand.input === undefined || error.demand.input === first?.[0];
    return !(isFirst && (error.code === 'rank-mismatch' || error.code === 'dtype-mismatch'));
  }
}

function standIn(spec: InputSpec, type: TensorType): TensorType | readonly TensorType[] | undefined {
  if (typeof spec !== 'string') return spec.mode === 'variadic' ? [type] : undefined;
  return type;
}

/** A value that an option without a default accepts. */
function anyValue({ kind, choices }: Attr<unknown>): unknown {
  if (choices !== undefined) return choices[0];
  switch (kind) {
    case 'int':
      return 1;
    case 'size':
    case 'dim':
      return Dim.one;
    case 'ints':
      return [1];
    case 'sizes':
    case 'dims':
    case 'padding':
      return [Dim.one];
    case 'axis':
      return 0;
    case 'axes':
      return [0];
    case 'float':
      return 0.5;
    case 'floats':
      return [0.5];
    case 'bool':
      return false;
    case 'string':
      return '';
    case 'dtype':
      return 'f32';
  }
}
