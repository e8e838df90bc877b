import { Dim } from '../../dims/dim.js';
import { error, example, type Wording } from './entry.js';

/** A use that lacks a tensor. */
export interface MissingInput {
  readonly callee: string;
  readonly input: string;
  readonly wanted: readonly string[];
  /** The hyperparameters that must be given. */
  readonly needed: readonly string[];
  readonly got: number;
  /** What is applied, as it is written. */
  readonly applied: string;
  /** Whether it is a layer without a list of hyperparameters. */
  readonly isBare: boolean;
}

/** Values and types: what fits where, and which sizes are equal. */
export const typesCatalog = {
  'argument-dtype': error((p: { callee: string; param: string; wanted: string; got: string }) => ({
    message: `\`${p.param}\` of \`${p.callee}\` is ${p.wanted}, but this tensor is ${p.got}`,
    label: p.got,
    help: `declare the tensor as \`Tensor<${p.wanted}>[...]\`, or convert it: \`cast(..., ${p.wanted})\``,
  })),
  'argument-rank': error((p: { callee: string; param: string; wanted: string; got: string }) => ({
    message: `\`${p.param}\` of \`${p.callee}\` has the form ${p.wanted}, but this tensor is ${p.got}`,
    label: p.got,
    help: 'add or remove axes with `unsqueeze`, `flatten` or `reshape`',
  })),
  'argument-rest': error((p: { callee: string; name: string; wanted: string; got: string; form: string }) => ({
    message: `the axes \`*${p.name}\` of \`${p.callee}\` are ${p.wanted} in one input and ${p.got} in another`,
    label: `${p.got} here`,
    help: `both inputs of the form ${p.form} need the same leading axes`,
  })),
  'argument-shape': error((p: { callee: string; arg: string; dim: string; wanted: Dim; got: Dim; witness: string | undefined }) => ({
    message: `\`${p.callee}\` needs ${p.dim === String(p.wanted) ? p.wanted : `${p.dim} = ${p.wanted}`}, but \`${p.arg}\` has ${p.got} there${example(p.witness)}`,
    label: `${p.got}, not ${p.wanted}`,
    help:
      p.got.constant !== undefined && p.wanted.constant !== undefined
        ? 'change one of the two sizes'
        : 'use one name for sizes that are equal, or state the equality with `where`',
  })),
  'not-a-size': error((p: { what: string; declared?: { name: string; what: string } | undefined }) => ({
    message: `a size is an integer, but ${p.declared === undefined ? `this is a ${p.what}` : `\`${p.declared.name}\` is a ${p.declared.what}`}`,
    label: 'not a size',
    help:
      p.declared === undefined
        ? 'write a number, a dimension name, or arithmetic on them'
        : `give the size a name that is not taken, such as \`${p.declared.name === 'K' ? 'J' : 'K'}\``,
  })),
  'negative-size': error((p: { size: string }) => ({
    message: `the size ${p.size} is too small: every axis has at least 1`,
    label: p.size,
    help: 'give a size of at least 1, or let it be empty with `where P >= 0`',
  })),
  'length-mismatch': error((p: { what: string; lengths: readonly number[] }) => ({
    message: `${p.what} needs lists of the same length, but these have ${p.lengths.join(' and ')}`,
    label: 'different lengths',
    help: 'make the lists the same length',
  })),
  'empty-list': error((p: { what: string }) => ({
    message: `${p.what} of an empty list`,
    label: 'the list has no items',
    help: 'test `len(...) > 0` first',
  })),
  'misplaced-pattern': error(() => ({
    message: 'a pattern `[...] => [...]` can only be used in `rearrange`',
    label: 'not allowed here',
    help: 'write `x -> rearrange([A, B] => [B, A])`',
  })),
  'not-a-list': error((p: { what: string }) => ({
    message: `a list is needed here, but this is ${p.what}`,
    label: 'not a list',
    help: 'write a list `[...]` or a range `0..n`',
  })),
  'not-an-integer': error((p: { what: string; where: string }) => ({
    message: `${p.where} must be an integer, but this is ${p.what}`,
    label: 'not an integer',
    help: 'write an integer or an expression of sizes',
  })),
  /** Operators bring their own sentences. */
  'not-a-constant': error((p: { what: string; sizes: Dim | readonly string[] } | Wording) => {
    if ('message' in p) return p;
    const names = p.sizes instanceof Dim ? [String(p.sizes)] : p.sizes;
    const isName = p.sizes instanceof Dim ? [...p.sizes.variables()].join() === String(p.sizes) : names.length === 1;
    const text = names.length === 0 ? 'a size of the input' : names.join(', ');
    return {
      message: `${p.what} must be known at compile time, but depends on ${isName ? `\`${text}\`` : text}, which ${names.length > 1 ? 'are' : 'is'} only known at run time`,
      label: `depends on ${text}`,
      help: 'give the size as a number with `--bind`, write it as a number in the input type, or use `where(condition, a, b)` on tensors',
    };
  }),
  'not-a-stage': error((p: { what: string }) => ({
    message: `a stage of a pipeline is a function or a layer, but this is ${p.what}`,
    label: 'cannot be applied',
    help: 'write `x -> f` or `x -> f(option = 1)`; arithmetic goes before the first `->`',
  })),
  'several-outputs': error((p: { count: number; names: readonly string[]; picked: string | undefined }) => ({
    message: `one tensor is needed here, but these are ${p.count}: ${p.names.map((n) => `\`${n}\``).join(', ')}`,
    label: `${p.count} tensors`,
    help: `take them apart first: \`(${p.names.join(', ')}) = ...\`${p.picked === undefined ? '' : `, or pick one by its name: \`.${p.picked}\``}`,
  })),
  'bad-operand': error((p: { op: string; what: readonly string[] }) => ({
    message: `\`${p.op}\` does not work on ${p.what.join(' and ')}`,
    label: 'no such operation',
    help: 'operators work on numbers, sizes, booleans and tensors',
  })),
  'not-a-tensor': error((p: { what: string; isLayer: boolean; where: string; help?: string }) => ({
    message: `${p.where}, but this is ${p.what}`,
    label: 'not a tensor',
    help: p.help ?? (p.isLayer ? 'apply the layer to a tensor first: `x -> Layer(...)`' : 'give a tensor'),
  })),
  'as-dtype': error((p: { wanted: string; got: string }) => ({
    message: `this tensor is ${p.got}, not ${p.wanted}`,
    label: p.wanted,
    help: `\`as\` only checks; convert with \`cast(..., ${p.wanted})\``,
  })),
  'as-mismatch': error((p: { wanted: string; got: string; witness: string | undefined }) => ({
    message: `the shape here is ${p.got}, not ${p.wanted}${example(p.witness)}`,
    label: p.got,
    help: `correct the comment to \`as ${p.got}\`, or the stages before it`,
  })),
  'missing-else': error((p: { word: 'if' | 'cond' }) => ({
    message: p.word === 'if' ? 'an `if` that is a value needs an `else`' : 'a `cond` needs an `else`',
    label: 'no value if the condition is false',
    help: p.word === 'if' ? 'add `else { ... }`, or `else { none }` if there is nothing then' : 'add `else { ... }`',
  })),
  'missing-value': error((p: { names?: readonly string[] }) => ({
    message: 'this branch has no value',
    label: 'ends without an expression',
    help:
      p.names === undefined
        ? 'end the block with its value'
        : `names are local to the block: write \`${list(p.names)} = cond c { ... } else { ... }\`, and the value at the end of each block`,
  })),
  'bad-condition': error((p: { what: string; tensor: 'one' | 'several' | undefined }) => ({
    message: `a condition must be true or false at compile time, but this is ${p.what}`,
    label: 'not a condition',
    help:
      p.tensor === undefined
        ? 'compare it with something'
        : p.tensor === 'one'
          ? 'to choose at run time, write `cond c { a } else { b }`'
          : 'to choose at run time, element by element, write `where(condition, a, b)`',
  })),
  'literal-dtype': error((p: { what: string; dtype: string; help: string }) => ({
    message: `${p.what} does not fit a tensor of ${p.dtype}`,
    label: `beside a tensor of ${p.dtype}`,
    help: p.help,
  })),
  'missing-tensor': error((p: { callee: string; input: string; doc: string; example: string }) => ({
    message: `\`${p.callee}\` is a function and needs the tensor \`${p.input}\``,
    label: `no \`${p.input}\``,
    help: `${p.input}: ${p.doc}; for example \`${p.example}\``,
  })),
  'absent-argument': error((p: { name: string | undefined; size?: string }) => ({
    message:
      p.size === undefined
        ? `${p.name === undefined ? 'this value' : `\`${p.name}\``} is optional, and may be missing`
        : `\`${p.size}\` is a size of ${p.name === undefined ? 'an input' : `\`${p.name}\``}, which is optional and may be missing`,
    label: p.size === undefined && p.name === undefined ? 'may be `none`' : 'may be left out',
    help:
      p.name === undefined
        ? 'bind it to a name and test that: `if m? { ... } else { ... }`'
        : `test it first: \`if ${p.name}? { ... } else { ... }\``,
  })),
  'bad-axis-name': error((p: { name: string; type: string; count: number }) => ({
    message: p.count === 0 ? `${p.type} has no axis of size \`${p.name}\`` : `${p.type} has ${p.count} axes of size \`${p.name}\``,
    label: p.count === 0 ? 'not found' : 'which one?',
    help: 'give the position of the axis: `axis = -1`',
  })),
  'not-callable': error((p: { what: string }) => ({
    message: `${p.what} cannot be called`,
    label: 'not a function or layer',
    help: 'only functions and layers take arguments',
  })),
  'builtin-arguments': error((p: { callee: string; min: number; max: number; got: number; example: string }) => ({
    message: `\`${p.callee}\` takes ${p.min === p.max ? p.min : `${p.min} to ${p.max}`} argument${p.max === 1 ? '' : 's'} by position, and ${p.got} ${p.got === 1 ? 'was' : 'were'} given`,
    label: 'these arguments',
    help: `for example \`${p.example}\``,
  })),
  'builtin-kind': error((p: { callee: string; got: readonly string[]; example: string }) => ({
    message: `\`${p.callee}\` does not work on ${p.got.join(' and ') || 'nothing'}`,
    label: 'not a kind that it takes',
    help: `for example \`${p.example}\``,
  })),
  'layer-not-made': error((p: { name: string; hyper: readonly string[]; piped: boolean }) => ({
    message: `\`${p.name}\` is a layer: it is made first, and then applied to tensors`,
    label: 'these are tensors',
    help: `write \`${p.name}(${p.hyper.map((h) => `${h} = ...`).join(', ')})(x)\`, or \`x -> ${p.name}${p.hyper.length === 0 ? '' : `(${p.hyper.map((h) => `${h} = ...`).join(', ')})`}\``,
  })),
  'unmade-layer': error((p: { variable: string; layer: string; missing: readonly string[] }) => ({
    message: `\`=\` makes \`${p.variable}\` a layer with weights, and \`${p.layer}\` cannot be made without ${p.missing.map((m) => `\`${m}\``).join(' and ')}`,
    label: `\`${p.layer}\` without ${p.missing.map((m) => `\`${m}\``).join(' and ')}`,
    help: `for one set of weights, write \`${p.layer}(${p.missing.map((m) => `${m} = ...`).join(', ')})\`; to name the kind only, write \`let ${p.variable} = ...\``,
  })),
  'missing-return': error((p: { name: string; of: 'declaration' | 'let' }) => ({
    message:
      p.of === 'let' ? `\`${p.name}\` does not end with \`return\` on every path` : `\`${p.name}\` declares a result but returns nothing`,
    label: 'no `return`',
    help: 'end the body with `return ...`',
  })),
  'result-count': error((p: { wanted: readonly (string | undefined)[]; got: number; picked: string | undefined }) => ({
    message: `the signature has ${p.wanted.length} output${p.wanted.length === 1 ? '' : 's'}, but ${p.got} ${p.got === 1 ? 'is' : 'are'} returned`,
    label: `${p.got} here`,
    help:
      p.wanted.length > 1
        ? `return them in parentheses: \`return (${p.wanted.map((name, i) => (name === undefined ? `out${i}` : `${name} = ...`)).join(', ')})\``
        : p.picked === undefined
          ? 'return one tensor'
          : `pick one: \`(${p.picked}, _) = ...\`, or \`.${p.picked}\``,
  })),
  'result-dtype': error((p: { wanted: string; got: string }) => ({
    message: `the result is ${p.got}, but the signature says ${p.wanted}`,
    label: p.got,
    help: `correct the signature, or convert with \`cast(..., ${p.wanted})\``,
  })),
  'result-mismatch': error((p: { wanted: string; got: string; witness: string | undefined }) => ({
    message: `the result is ${p.got}, but the signature says ${p.wanted}${example(p.witness)}`,
    label: p.got,
    help: 'correct the signature, or what is returned',
  })),
  'recursive-layer': error((p: { name: string }) => ({
    message: `\`${p.name}\` uses itself`,
    label: 'inside itself',
    help: 'repeat layers with `for`; a network cannot contain itself',
  })),
  'missing-input': error((p: MissingInput) => ({
    message: `\`${p.callee}\` needs the tensor \`${p.input}\``,
    label: `\`${p.input}\` is not given`,
    help: missingInputHelp(p),
  })),
  'shared-weights-differ': error((p: { label: string; name: string; wanted: string; got: string }) => ({
    message: `\`${p.label}\` is shared, and its weight \`${p.name}\` cannot be both ${p.got} and ${p.wanted}`,
    label: `wants ${p.wanted}`,
    help: 'apply it to tensors of one width, or bind a second layer',
  })),
  'assertion-failed': error((p: { message: string | undefined }) => ({
    message: p.message ?? 'this assertion does not hold',
    label: 'is false',
    help: 'choose hyperparameters for which it holds',
  })),
  'unused-value': error((p: { what: string }) => ({
    message: `the value of this line is not used: ${p.what}`,
    label: 'goes nowhere',
    help: 'give it a name (`x = ...`) or return it',
  })),
  'not-a-tuple': error((p: { count: number; what: string }) => ({
    message: `${p.count} names are given for ${p.what}`,
    label: 'cannot be taken apart',
    help: 'give one name',
  })),
  'tuple-length': error((p: { wanted: number; got: number; names: readonly (string | undefined)[] | undefined }) => ({
    message: `${p.wanted} names are given for ${p.got} values`,
    label: `${p.wanted} names`,
    help: `write (${Array.from({ length: p.got }, (_, i) => p.names?.[i] ?? `v${i}`).join(', ')}); a final \`_\` takes the rest`,
  })),
  'open-parameter': error((p: { name: string; size: string; ofData?: boolean; isState?: boolean }) => ({
    message: `the ${p.isState === true ? 'state' : 'parameter'} \`${p.name}\` has the size \`${p.size}\`, which is only known at run time`,
    label: `depends on \`${p.size}\``,
    help:
      p.isState === true
        ? `a state comes from the previous call, but \`${p.size}\` depends on the data of each call: give the state a size of its own`
        : p.ofData === true
          ? `a stored tensor has fixed sizes, but \`${p.size}\` depends on the data of each run`
          : 'a stored tensor has fixed sizes: write that axis of the input type as a number, or as a hyperparameter',
  })),
  'open-rank': error((p: { name: string }) => ({
    message: `\`${p.name}\` cannot be built for any number of axes`,
    label: 'no fixed rank',
    help: "give the model's input its axes one by one: `Tensor[N, T, D]`",
  })),
  'rearrange-form': error(() => ({
    message: '`rearrange` takes a tensor and a pattern',
    label: 'not in this form',
    help: 'write `x -> rearrange([N, T, h * d] => [N, h, T, d])`',
  })),
  'rearrange-rank': error((p: { axes: number; got: string }) => ({
    message: `the pattern has ${p.axes} axes on its left, but the tensor is ${p.got}`,
    label: `${p.axes} axes`,
    help: 'name every axis of the tensor on the left',
  })),
  'rearrange-two-unknowns': error((p: { names: readonly string[] }) => ({
    message: `neither ${p.names.map((n) => `\`${n}\``).join(' nor ')} is known, so this axis cannot be split`,
    label: 'two unknown sizes',
    help: 'give one of them a value with `let`',
  })),
  'rearrange-size': error((p: { text: string; wanted: string; got: string; witness: string | undefined }) => ({
    message: `\`${p.text}\` is ${p.wanted}, but this axis of the tensor has ${p.got}${example(p.witness)}`,
    label: `the axis has ${p.got}`,
    help: 'correct the pattern or the sizes',
  })),
  'rearrange-names': error((p: { name: string; problem: 'right only' | 'left only' | 'twice' }) => {
    if (p.problem === 'twice')
      return {
        message: `\`${p.name}\` appears twice on one side of the pattern`,
        label: 'which of the two goes where?',
        help: /^\d/.test(p.name)
          ? `give the two axes different names, with \`let (a, b) = (${p.name}, ${p.name})\` before it`
          : `give one of the two axes another name; if the size is known, with \`let other = ${p.name}\` before it`,
      };
    return {
      message: `\`${p.name}\` appears only on the ${p.problem === 'right only' ? 'right' : 'left'} side of the pattern`,
      label: p.problem === 'right only' ? 'where does it come from?' : 'where does it go?',
      help: 'every name appears once on each side; a new axis is written `1`',
    };
  }),
  'onnx-form': error(() => ({
    message: 'an ONNX operator is named by its domain and type',
    label: 'which operator?',
    help: 'write `onnx.HardSwish(x)`, or `onnx("com.example", "MyOp", x) as Tensor[N, C]`',
  })),
  'onnx-call': error((p: { message: string; help: string | undefined }) => ({
    message: p.message,
    label: 'in this call',
    help: p.help,
  })),
  'onnx-type': error((p: { name: string; why: string | undefined; several: boolean }) => ({
    message: p.several
      ? `archc does not know the types that \`${p.name}\` returns`
      : `archc does not know the type that \`${p.name}\` returns`,
    label: p.why ?? 'type needed',
    help: p.several
      ? 'give inputs such as sizes as integers, `[2, 4]`, or use an operator of archc; `as` describes only one output'
      : 'write it after the call: `... as Tensor[N, C]`',
  })),
};

function missingInputHelp({ wanted, needed, got, applied, isBare }: MissingInput): string {
  if (got > 0) return `it takes (${wanted.join(', ')})`;
  const use = `\`${applied}(${needed.join(', ')})\``;
  if (isBare) return `it has no hyperparameters: \`${applied}\` is the layer, and ${use} applies it`;
  return needed.length === 1 ? `write \`${needed[0]} -> ${applied}\` or ${use}` : `write ${use}`;
}

/** `a` or `(a, b)`. */
function list(names: readonly string[]): string {
  return names.length === 1 ? `${names[0]}` : `(${names.join(', ')})`;
}
