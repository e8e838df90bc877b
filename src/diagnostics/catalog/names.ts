import { error } from './entry.js';
import { listOf, meant } from './wording.js';

const readings = {
  input: (name: string) => `reads the input \`${name}\``,
  parameter: (name: string) => `reads the parameter \`${name}\``,
  layer: (name: string) => `applies the layer \`${name}\`, which has parameters`,
  onnx: (name: string) => `applies the ONNX operator \`${name}\`, which archc does not compute itself`,
  flow: (name: string) => `has a \`${name}\`, which is decided at run time`,
  size: (name: string) => `depends on the size \`${name}\`, which is only known at run time`,
} as const;

/** Names: what they mean, where they come from, and how they are called. */
export const namesCatalog = {
  'unknown-name': error((p: { name: string; near: readonly string[] }) => ({
    message: `there is nothing called \`${p.name}\` here`,
    label: 'not found',
    help: meant(p.near) ?? 'define it with `=` or `let`, or import it from another file',
  })),
  'duplicate-name': error((p: { name: string; isUnwritten?: boolean }) => ({
    message: `\`${p.name}\` is declared twice`,
    label: 'declared again',
    help:
      p.isUnwritten === true
        ? `an output without a name is called \`${p.name}\`: give it another one, \`-> (y: Tensor[...])\``
        : 'give one of the two another name',
  })),
  'cyclic-definition': error((p: { name: string }) => ({
    message: `\`${p.name}\` is defined in terms of itself`,
    label: 'its own value is needed here',
    help: 'a constant can only use constants that do not depend on it',
  })),
  'bad-alias': error((p: { name: string; of: string }) => ({
    message: `\`${p.of} ${p.name} = ...\` needs a layer or model on the right`,
    label: 'this is not one',
    help: `for other values, write \`let ${p.name} = ...\``,
  })),
  'cannot-assign': error((p: { name: string; role: string; next: string | undefined }) => ({
    message: `\`${p.name}\` cannot be assigned: it is ${roles[p.role] ?? 'fixed'}`,
    label: 'assigned here',
    help:
      p.next === undefined
        ? 'choose another name for the new value'
        : `write \`next ${p.next} = ...\` for what it is in the next call, and use another name for the value in this one`,
  })),
  'maybe-unassigned': error((p: { name: string; when: string }) => ({
    message: `\`${p.name}\` has no value here if ${p.when}`,
    label: 'may have no value',
    help: 'assign it in every branch, or before the `if`, or use it under the same condition',
  })),
  'unknown-import': error((p: { name: string; source: string; near: readonly string[] }) => ({
    message: `"${p.source}" declares no \`${p.name}\``,
    label: 'not found there',
    help: meant(p.near),
  })),
  'unknown-module': error((p: { source: string; standard: { near: readonly string[]; known: readonly string[] } | undefined }) => ({
    message: p.standard !== undefined ? `the standard library has no module "${p.source}"` : `the file "${p.source}" does not exist`,
    label: 'not found',
    help: p.standard === undefined ? 'the path is relative to this file and ends in .arch' : meant(p.standard.near, p.standard.known),
  })),
  'unreadable-module': error((p: { source: string; reason: string }) => ({
    message: `"${p.source}" cannot be read: ${p.reason}`,
    label: 'imported here',
  })),
  'import-cycle': error((p: { path: readonly string[] }) => ({
    message: `files import each other in a cycle: ${p.path.join(' -> ')}`,
    label: 'this import closes the cycle',
    help: 'move what both need into a third file',
  })),
  'unknown-dtype': error((p: { name: string; near: readonly string[] }) => ({
    message: `there is no dtype \`${p.name}\``,
    label: 'not a dtype',
    help: meant(p.near, ['f16', 'bf16', 'f32', 'f64', 'i32', 'i64', 'u8', 'bool']),
  })),
  'unknown-kind': error((p: { name: string; near: readonly string[] }) => ({
    message: `there is no kind of hyperparameter called \`${p.name}\``,
    label: 'not a kind',
    help: meant(p.near, ['int', 'float', 'bool', 'string', 'dtype', 'fn', 'layer', 'list', 'tuple', 'ints']),
  })),
  'unknown-rest': error((p: { name: string }) => ({
    message: `\`*${p.name}\` stands for no axes here`,
    label: 'not bound by any input',
    help: `give an input the type \`Tensor[*${p.name}, ...]\``,
  })),
  'unknown-argument': error((p: { callee: string; name: string; known: readonly string[]; near: readonly string[] }) => ({
    message: `\`${p.callee}\` has no argument \`${p.name}\``,
    label: `not an argument of \`${p.callee}\``,
    help: meant(p.near, p.known) ?? `\`${p.callee}\` takes no named arguments`,
  })),
  'duplicate-argument': error((p: { callee: string; name: string }) => ({
    message: `\`${p.name}\` of \`${p.callee}\` is given twice`,
    label: 'given again',
    help: 'remove one of the two',
  })),
  'missing-argument': error((p: { callee: string; name: string; kind: string }) => ({
    message: `\`${p.callee}\` needs \`${p.name}\``,
    label: 'not given',
    help: `add \`${p.name} = ...\`: ${p.kind}`,
  })),
  'fixed-hyperparameter': error((p: { callee: string; name: string; base: string }) => ({
    message: `\`${p.name}\` of \`${p.callee}\` is fixed`,
    label: 'given again',
    help: `leave it out, or make it from \`${p.base}(${p.name} = ...)\``,
  })),
  'too-many-arguments': error((p: { callee: string; what: string; max: number; known?: readonly string[] }) => ({
    message: `\`${p.callee}\` takes ${p.max === 0 ? 'no arguments here' : p.max === 1 ? 'one argument here' : `at most ${p.max} arguments here`}`,
    label: `${p.what} is one too many`,
    help: p.known === undefined || p.known.length === 0 ? 'remove it' : `remove it; the arguments are ${listOf(p.known)}`,
  })),
  'argument-by-name': error((p: { callee: string; what: string; options: readonly string[]; written: string | undefined }) => ({
    message:
      p.options.length === 1
        ? `\`${p.options[0]}\` of \`${p.callee}\` is passed by name`
        : `the options of \`${p.callee}\` are passed by name`,
    label: p.written === undefined ? `which option is ${p.what}?` : 'an option without its name',
    help: p.written === undefined ? `write \`NAME = ...\`; the options are ${listOf(p.options)}` : `write \`${p.written}\``,
  })),
  'foreign-arguments': error((p: { callee: string; like: string; written: string }) => ({
    message: `\`${p.callee}\` does not take the same arguments as ${p.like}`,
    label: `the arguments of ${p.like}`,
    help: `write \`${p.written}\``,
  })),
  'inferred-width': error((p: { callee: string; foreign: string; help: string }) => ({
    message: `\`${p.callee}\` infers the size of its input, so it is not written`,
    label: `PyTorch's \`${p.foreign}\``,
    help: p.help,
  })),
  'argument-kind': error((p: { callee: string; name: string; wanted: string; got: string }) => ({
    message: `\`${p.name}\` of \`${p.callee}\` is ${p.wanted}, not ${p.got}`,
    label: p.got,
    help: `give ${p.wanted}`,
  })),
  'tensor-as-hyperparameter': error((p: { callee: string; name: string; got: string; fn: boolean }) => ({
    message: `\`${p.name}\` of \`${p.callee}\` is a compile-time value, so ${p.got} cannot be given for it`,
    label: 'a tensor',
    help: p.fn
      ? `declare it as a tensor: \`${p.name}: Tensor[...]\``
      : `first make the layer, then apply it: \`${p.callee}(...)(x)\`, or \`x -> ${p.callee}(...)\``,
  })),
  'unknown-output': error((p: { name: string; known: readonly string[]; near: readonly string[] }) => ({
    message: `the signature has no output \`${p.name}\``,
    label: 'not declared',
    help: meant(p.near, p.known),
  })),
  'captured-tensor': error((p: { name: string }) => ({
    message: `\`${p.name}\` is a tensor of another body, so this function cannot use it here`,
    label: 'does not exist where the function is called',
    help: 'give the tensor to the layer as an input, or call the function where it is defined',
  })),
  'unknown-member': error((p: { name: string; what: string | undefined; known: readonly string[]; near: readonly string[] }) => ({
    message: p.what === undefined ? `none of these outputs is called \`${p.name}\`` : `${p.what} has no \`.${p.name}\``,
    label: 'not found',
    help: meant(p.near, p.known),
  })),
  'weight-of-unbound': error((p: { layer: string; name: string }) => ({
    message: `\`${p.name}\` belongs to no instance: \`${p.layer}\` is not bound to a name`,
    label: 'whose weight?',
    help: `bind the layer first: \`tied = ${p.layer}(...)\`, then \`tied.${p.name}\``,
  })),
  'weight-not-known': error((p: { label: string; name: string }) => ({
    message: `the weights of \`${p.label}\` are not known before it is applied`,
    label: `\`${p.name}\` depends on its input`,
    help: `apply \`${p.label}\` to a tensor above this line`,
  })),
  'unknown-weight': error((p: { layer: string; name: string; known: readonly string[]; near: readonly string[] }) => ({
    message: `\`${p.layer}\` has no weight \`${p.name}\``,
    label: 'not found',
    help: meant(p.near, p.known),
  })),
  'label-on-function': error((p: { label: string; name: string }) => ({
    message: `\`${p.label}\` labels \`${p.name}\`, which is a function and has no weights`,
    label: 'not needed',
    help: 'remove the label: only layers have parameters',
  })),
  'unlabelled-layer': error((p: { name: string; kind: string; labelled: string | undefined }) => ({
    message: `\`${p.name}\` makes a layer, \`${p.kind}\`, which is not applied here`,
    label: p.labelled === undefined ? 'a layer, not a tensor' : 'without a label, the value on the left is its first argument',
    help:
      p.labelled === undefined
        ? `apply the layer inside \`${p.name}\`, or call it first: \`${p.name}(...)(x)\``
        : `a label applies the layer to the value on the left: \`-> ${p.labelled}\``,
  })),
  'label-on-value': error((p: { label: string; what: string; isList?: boolean }) => ({
    message: `\`${p.label}\` labels ${p.what}`,
    label: 'not a layer',
    help:
      p.isList === true
        ? 'in a list, each layer has a label of its own: `[blocks[i]: Linear(10) for i in 0..n]`'
        : 'put a label before the layer that owns the weights: `fc: Linear(10)`',
  })),
  'label-on-shared': error((p: { label: string; shared: string }) => ({
    message: `this layer is already called \`${p.shared}\``,
    label: `cannot be called \`${p.label}\` too`,
    help: 'remove the label to use the same weights; for separate weights, bind the layer with `let`',
  })),
  'duplicate-label': error((p: { label: string; layer: string }) => ({
    message: `the label \`${p.label}\` is used twice`,
    label: 'used again',
    help: `give this \`${p.layer}\` another label; to use the same weights twice, bind the layer to a name and apply that`,
  })),
  'duplicate-parameter': error((p: { name: string }) => ({
    message: `two parameters are called \`${p.name}\``,
    label: 'the second one',
    help: 'rename one, or give it another stored name with `named`',
  })),
  'unknown-initializer': error((p: { name: string; near: readonly string[]; known: readonly string[] }) => ({
    message: `there is no initialiser \`${p.name}\``,
    label: 'not found',
    help: meant(p.near, p.known),
  })),
  'bad-initializer': error((p: { what: string; known: readonly string[] }) => ({
    message: `${p.what} is not an initial value`,
    label: 'not an initial value',
    help: `write a number, a list of numbers, an expression of operators on constants, or one of ${listOf(p.known)}`,
  })),
  'random-operand': error((p: { name: string }) => ({
    message: `\`${p.name}\` draws random values, which cannot be used in a computation`,
    label: 'an initialiser',
    help: `use it alone: \`= ${p.name}(...)\`, with its own options for the mean, the width and the bounds`,
  })),
  'initial-value-reads': error(
    (p: { name: string; what: { kind: 'input' | 'parameter' | 'layer' | 'onnx' | 'flow' | 'size'; name: string } }) => ({
      message: `the initial value of \`${p.name}\` ${readings[p.what.kind](p.what.name)}`,
      label: 'not known when the model is built',
      help: 'initial values are computed from numbers, sizes that are numbers, and operators on them',
    }),
  ),
  'initial-value-type': error(
    (p: { name: string; wanted: string; got: string; witness: string | undefined; cast: string | undefined }) => ({
      message: `the initial value of \`${p.name}\` is ${p.got}, but it is declared as ${p.wanted}${p.witness === undefined ? '' : `, and they differ for instance when ${p.witness}`}`,
      label: p.got,
      help:
        p.cast === undefined
          ? 'an axis may be missing on the left, or be a literal 1; all others are equal'
          : `convert it with \`cast(..., ${p.cast})\`, or give the operator \`dtype = ${p.cast}\``,
    }),
  ),
  'ragged-list': error((p: { lengths: readonly [number, number] }) => ({
    message: `this list mixes items of lengths ${p.lengths[0]} and ${p.lengths[1]}`,
    label: 'no tensor has this shape',
    help: 'all lists on one level must have the same length',
  })),
  'unmatched-tap': error((p: { pattern: string; model: string; near: readonly string[]; known: readonly string[] }) => ({
    message: `\`${p.pattern}\` matches no inner value of \`${p.model}\``,
    label: 'no such layer or variable',
    help: meant(p.near, p.known) ?? 'no layer of the model is labeled, and no variable has a name',
  })),
  'unknown-model': error((p: { name: string; known: readonly string[]; near: readonly string[] }) => ({
    message: `this file has no model \`${p.name}\``,
    help: meant(p.near, p.known) ?? 'it declares no model',
  })),
  'no-model': error(() => ({
    message: 'this file declares no model, so there is nothing to build',
    help: 'add a `model`; a file of layers can be checked with `archc check`',
  })),
  'several-models': error((p: { names: readonly string[] }) => ({
    message: `this file declares ${p.names.length} models: which one should be built?`,
    label: 'a second model',
    help: `choose with \`--model\`: ${listOf(p.names)}`,
  })),
  'empty-name': error((p: { name: string }) => ({
    message: `the parameter \`${p.name}\` has an empty name`,
    label: 'no name',
    help: 'write the name that it has in the file, or leave `named` out',
  })),
  'unknown-setting': error((p: { name: string; model: string; known: readonly string[]; near: readonly string[] }) => ({
    message: `\`${p.model}\` has no hyperparameter \`${p.name}\``,
    label: 'not found',
    help: meant(p.near, p.known) ?? 'it has none',
  })),
  'missing-setting': error((p: { model: string; names: readonly string[] }) => ({
    message: `\`${p.model}\` cannot be built without ${listOf(p.names)}`,
    label: 'no default',
    help: `give ${p.names.map((n) => `\`--set ${n}=...\``).join(' ')}, a default, or a specialised model: \`model Small = ${p.model}(...)\``,
  })),
  'unknown-optional': error((p: { name: string; model: string; optional: readonly string[]; isInput: boolean }) => ({
    message: p.isInput ? `\`${p.name}\` of \`${p.model}\` is not optional` : `\`${p.model}\` has no input \`${p.name}\``,
    label: 'this model',
    help: p.optional.length === 0 ? 'it has no optional inputs' : `its optional inputs are ${listOf(p.optional)}`,
  })),
  'unknown-size': error((p: { name: string; model: string; known: readonly string[]; near: readonly string[] }) => ({
    message: `no input of \`${p.model}\` has a size called \`${p.name}\``,
    label: 'this model',
    help: meant(p.near) ?? (p.known.length === 0 ? 'all its sizes are fixed' : `its sizes are ${listOf(p.known)}`),
  })),
};

const roles: Readonly<Record<string, string>> = {
  let: 'a constant (`let`)',
  hyper: 'a hyperparameter',
  dim: 'a size of an input',
  storage: 'a parameter, a buffer or a state',
};
