import { describe, expect, it, test } from 'vitest';
import { edited } from '../../src/diagnostics/apply-fix.js';
import { withoutPlaces } from '../../src/ide/features/completion/item.js';
import { type CompletionItem, completions, resolveCompletion } from '../../src/ide/features/completion.js';
import { opened } from '../kit/ide.js';

type Source = string | Readonly<Record<string, string>>;

function itemsAt(source: Source): readonly CompletionItem[] {
  const { workspace, path, offset } = opened(source);
  return completions(workspace, path, offset);
}

/** A snippet with its places in `<>`. */
function shown(insert: string): string {
  return insert.replaceAll(/\$\{\d+:([^}]*)\}/g, '<$1>');
}

/** The first suggestions, each with what is inserted if that is not its label. */
function first(source: Source, count = 6): readonly string[] {
  return itemsAt(source)
    .slice(0, count)
    .map(({ label, insert }) => (label === insert ? label : `${label} | ${shown(insert)}`));
}

function labels(source: Source): readonly string[] {
  return itemsAt(source).map(({ label }) => label);
}

/** The text after a suggestion was accepted, with the texts of its places. */
function accepted(source: Source, label: string, file?: string): string {
  const { workspace, path, offset } = opened(source);
  const item = completions(workspace, path, offset).find((other) => other.label === label);
  if (item === undefined) throw new Error(`${label} is not offered`);
  const insert = item.isSnippet ? withoutPlaces(item.insert) : item.insert;
  return edited(workspace.text(file ?? path) ?? '', [{ span: item.span, text: insert }, ...item.edits]);
}

/** A body of a model with an image and a matrix. */
const body = (text: string) => `model M(x: Tensor[N, 3, 32, 32], q: Tensor[N, 8]) -> (y: Tensor[N, 10]) {\n${text}\n}\n`;

/** A `train` block. */
const train = (text: string) => `
layer Block(x: Tensor[N, D]) -> Tensor[N, D] { return x -> fc: Linear(D) -> norm: LayerNorm }

model M(x: Tensor[N, 8]) -> (logits: Tensor[N, 4]) {
  for i in 0..2 { x = x -> layers[i]: Block }
  return x -> head: Linear(4)
}

train Fit for M {
  input labels: Tensor<i64>[N]
${text}
}
`;

describe('after an arrow', () => {
  it('are the layers and functions that take the value, then the others', () => {
    const all = labels(body('  return x -> ‸'));
    expect(all.slice(0, 4)).toEqual(['BatchNorm2d', 'Conv2d', 'ConvTranspose2d', 'Dropout']);
    expect(all.indexOf('BatchNorm1d')).toBeLessThan(all.indexOf('BatchNorm3d'));
    expect(all.indexOf('max_pool2d')).toBeGreaterThan(all.indexOf('Conv2d'));
    expect(all.indexOf('max_pool1d')).toBeGreaterThan(all.indexOf('softmax'));
    expect(all.indexOf('Conv1d')).toBeGreaterThan(all.indexOf('tanh'));
    expect(all).not.toContain('len');
  });

  it('have a label that nothing uses, and places for what must be given', () => {
    const source = body('  h = q -> fc: Linear(4) -> relu -> ‸\n  return h -> conv1: Linear(3)');
    const inserts = new Map(itemsAt(source).map(({ label, insert }) => [label, shown(insert)]));
    expect(inserts.get('Linear')).toBe('<fc1>: Linear(<out>)$0');
    expect(inserts.get('Conv2d')).toBe('<conv2>: Conv2d(<out>, <kernel>)$0');
    expect(inserts.get('LayerNorm')).toBe('<norm>: LayerNorm$0');
    expect(inserts.get('MultiheadAttention')).toBe('<attn>: MultiheadAttention(<heads>)(<k>, <v>)$0');
    expect(inserts.get('Dropout')).toBe('Dropout(<p>)$0');
    expect(inserts.get('relu')).toBe('relu');
    expect(inserts.get('softmax')).toBe('softmax(<axis>)$0');
  });

  it('have no label if one is written, and keep a list that is there', () => {
    expect(first(body('  return q -> fc1: Lin‸'), 5)).toMatchInlineSnapshot(`
      [
        "BatchNorm1d",
        "Dropout | Dropout(<p>)$0",
        "GroupNorm | GroupNorm(<groups>)$0",
        "LayerNorm",
        "Linear | Linear(<out>)$0",
      ]
    `);
    expect(accepted(body('  return q -> Lin‸(4)'), 'Linear')).toContain('return q -> fc: Linear(4)\n');
    expect(accepted(body('  return q -> fc: Lin‸ear(4)'), 'LayerNorm')).toContain('return q -> fc: LayerNorm(4)\n');
    expect(labels(body('  return q -> f‸c: Linear(4)'))).toEqual([]);
  });

  it('can be the shape of the value instead', () => {
    expect(accepted(body('  h = x -> conv: Conv2d(8, 3) -> ‸\n  return h'), 'as [N, 8, 30, 30]')).toContain(
      'conv: Conv2d(8, 3) as [N, 8, 30, 30]\n',
    );
    expect(first(body('  h = x -> conv: Conv2d(8, 3) ‸\n  return h'))).toEqual(['as [N, 8, 30, 30]']);
  });

  it('know the value also where the rest of the pipeline is missing or wrong', () => {
    const fits = (text: string) => labels(body(text)).indexOf('max_pool2d') < labels(body(text)).indexOf('max_pool1d');
    expect(fits('  return x\n    -> relu\n    -> ‸\n    -> fc: Linear(3)')).toBe(true);
    expect(fits('  return x\n    -> relu\n    -> ma‸')).toBe(true);
    expect(fits('  z = relu(x -> relu -> ‸')).toBe(true);
  });

  it('are shared layers and functions of the body, too', () => {
    const source = body('  fc = Linear(8)\n  let twice(v) = v + v\n  return q -> ‸');
    expect(first(source, 2)).toEqual(['fc', 'twice']);
  });
});

describe('in an expression', () => {
  it('are the names that it can use, the nearest first', () => {
    const source = `let width = 64\n${body('  h = q -> relu\n  for i in 0..3 { g = h }\n  z = ‸\n  later = h')}`;
    expect(first(source, 6)).toEqual(['g', 'h', 'N', 'q', 'x', 'width']);
  });

  it('are loop variables only in the loop, and arguments only in their function', () => {
    expect(labels(body('  for i in 0..3 {\n    z = ‸\n  }'))).toContain('i');
    expect(labels(body('  for i in 0..3 { w = q }\n  z = ‸'))).not.toContain('i');
    expect(labels(body('  let f(v, k = 2) = v * ‸\n  return q'))).toContain('v');
    expect(labels(body('  let f(v, k = 2) = v * k\n  return ‸'))).not.toContain('v');
    expect(labels(body('  scan qt over q axis 1 carry h: Tensor[N] = zeros {\n    next h = ‸\n  }'))).toEqual(
      expect.arrayContaining(['h', 'qt']),
    );
  });

  it('are called with places, unless a list follows or a value is wanted', () => {
    expect(accepted(body('  z = soft‸'), 'softmax')).toContain('z = softmax(x, axis)\n');
    expect(accepted(body('  z = soft‸(q, 1)'), 'softmax')).toContain('z = softmax(q, 1)\n');
    expect(accepted(body('  z = q -> mlp: MLP([4], act = ‸)'), 'gelu')).toContain('act = gelu)\n');
  });

  it('are nothing in comments, texts and numbers, and where a new name is written', () => {
    const places = [
      '# a‸',
      'z = "a‸"',
      'z = 12‸',
      'for ‸ in 0..3 { }',
      'let ‸ = 3',
      'param ‸: Tensor[3]',
      'z = [i for ‸ in 0..3]',
      'z = q |‸| q',
    ];
    for (const place of places) expect(labels(body(`  ${place}`)), place).toEqual([]);
  });
});

describe('a statement', () => {
  it('begins with a word or a variable', () => {
    expect(labels(body('  h = q\n  ‸'))).toEqual([
      ...['h', 'q', 'x', 'assert', 'buffer', 'entry', 'for', 'if', 'if else'],
      ...['let', 'let function', 'next', 'param', 'residual', 'return', 'scan', 'state'],
    ]);
    expect(accepted(body('  fo‸'), 'for')).toContain('  for i in 0..n {\n  \n}\n');
    expect(labels('fn f(x: Tensor[N]) -> Tensor[N] {\n  ‸\n}\n')).not.toContain('param');
    expect(labels(body('  scan qt over q axis 1 {\n    ‸\n  }'))).toContain('emit');
    expect(labels(body('  h = q\n  ‸h = h + 1'))).toEqual(['h', 'q', 'x']);
  });
});

describe('after a dot', () => {
  const config = 'config C {\n  ## The width.\n  D = 64\n  heads = 8\n}\n';

  test.each<[string, string, readonly string[]]>([
    ['fields', `${config}layer L(c: C)(x: Tensor[N, c.D]) -> Tensor[N, c.D] {\n  return x * c.‸\n}\n`, ['D', 'heads']],
    ['weights and labels', body('  fc = Linear(8)\n  return q @ fc.‸'), ['bias', 'weight']],
    ['outputs', body('  r = q -> LSTM(4)\n  return r.‸'), []],
    ['the transposed tensor', body('  return q.‸'), ['T']],
    [
      'entries',
      'model A {\n  entry run(x: Tensor[N]) -> (y: Tensor[N]) { return x }\n}\nmodel B(x: Tensor[N]) -> (y: Tensor[N]) {\n  a = A()\n  return a.‸\n}\n',
      ['run'],
    ],
  ])('are %s', (_, source, expected) => {
    expect(labels(source)).toEqual(expect.arrayContaining([...expected]));
    expect(labels(source)).not.toContain('relu');
  });

  it('are named outputs of a layer', () => {
    const stats =
      'layer S(x: Tensor[N, D]) -> (centre: Tensor[N], spread: Tensor[N]) { return (centre = mean(x, 1), spread = mean(x, 1)) }\n';
    expect(labels(`${stats}${body('  s = q -> S\n  return s.‸')}`)).toEqual(['centre', 'spread']);
  });

  it('are ONNX operators of the opset after `onnx`', () => {
    expect(accepted(body('  return onnx.Hard‸'), 'HardSwish')).toContain('onnx.HardSwish(X)\n');
    expect(accepted(body('  return q -> onnx.Hard‸'), 'HardSwish')).toContain('q -> onnx.HardSwish\n');
  });
});

describe('an argument', () => {
  it('is a parameter that is not given yet, by name, or an expression', () => {
    expect(first(body('  return x -> c: Conv2d(8, ‸, stride = 2)'), 7)).toMatchInlineSnapshot(`
      [
        "kernel =  | kernel = <kernel>",
        "bias =  | bias = <true>",
        "dilation =  | dilation = <1>",
        "groups =  | groups = <1>",
        "padding =  | padding = <0>",
        "N",
        "enumerate | enumerate(<list>)",
      ]
    `);
    const [kernel] = itemsAt(body('  return x -> c: Conv2d(8, padding = 1, ‸)')).filter(({ label }) => label === 'stride = ');
    expect(kernel).toMatchObject({
      detail: 'ints, default 1',
      filter: 'stride',
      documentation: 'how far the window moves, for all axes or one each',
    });
  });

  it('has a name that is replaced alone', () => {
    expect(accepted(body('  return x -> c: Conv2d(8, ker‸nel = 3)'), 'stride = ')).toContain('Conv2d(8, stride = 3)');
    expect(labels(body('  return x -> c: Conv2d(8, ker‸nel = 3)'))).not.toContain('relu');
  });

  test.each<[string, string, readonly string[]]>([
    ['a choice', 'x -> c: Conv2d(8, 3, padding = ‸)', ['"same"', '"valid"']],
    ['a choice in quotes', 'x -> c: Conv2d(8, 3, padding = "‸")', ['same', 'valid']],
    ['a boolean', 'x -> c: Conv2d(8, 3, bias = ‸)', ['false', 'true']],
    ['an element type', 'cast(q, ‸)', ['bf16', 'bool', 'f16']],
    ['an axis by name or by number', 'softmax(q, axis = ‸)', ['N', '-1', '0', '1']],
    ['an axis of what is piped', 'q -> softmax(‸)', ['N', '-1', '0', '1']],
    ['a tensor', 'q -> attn: MultiheadAttention(4)(‸)', ['q', 'x']],
    ['an activation', 'q -> m: MLP([4], act = ‸)', ['N', 'abs', 'accuracy']],
  ])('can be %s', (_, text, expected) => {
    const all = labels(body(`  return ${text}`));
    if (_ === 'an activation') expect(all.indexOf('relu')).toBeLessThan(all.indexOf('N'));
    else expect(all.slice(0, expected.length)).toEqual(expected);
  });

  it('of a record is a field', () => {
    expect(first('config C {\n  D = 64\n  heads: int\n}\nlet c = C(‸)\n', 2)).toEqual(['heads =  | heads = <heads>', 'D =  | D = <64>']);
  });
});

describe('a type', () => {
  test.each<[string, string, readonly string[]]>([
    ['has an element type', body('  state h: Tensor<‸>[N] = zeros'), ['bf16', 'bool', 'f16', 'f32']],
    ['has sizes in scope', 'layer L(out: int)(x: Tensor[N, D]) -> Tensor[N, ‸] { return x }\n', ['D', 'N', 'out']],
    [
      'of a hyperparameter is a kind or a record',
      'config C { a = 1 }\nlayer L(c: ‸)(x: Tensor[N]) -> Tensor[N] { return x }\n',
      ['C', 'any', 'bool'],
    ],
    ['of an input is a tensor', 'layer L(c: int)(x: ‸) -> Tensor[N] { return x }\n', ['Tensor[..]', 'Tensor<..>[..]']],
    ['of a result is a tensor', 'layer L(x: Tensor[N]) -> ‸ {\n  return x\n}\n', ['Tensor[..]', 'Tensor<..>[..]']],
    ['is the actual one', body('  h = x -> c: Conv2d(8, 3) as ‸'), ['[N, 8, 30, 30]']],
    ['is the actual one in brackets', body('  h = x -> c: Conv2d(8, 3) as [‸]'), ['N, 8, 30, 30', 'N']],
    ['is followed by facts', 'layer L(x: Tensor[N]) -> Tensor[N] ‸\n{\n  return x\n}\n', ['where']],
  ])('%s', (_, source, expected) => {
    expect(labels(source).slice(0, expected.length)).toEqual(expected);
  });
});

describe('at the top of a file', () => {
  it('are declarations', () => {
    expect(labels('‸')).toEqual(['layer', 'layer with a parameter', 'model', 'fn', 'let', 'let function', 'config', 'train', 'import']);
    expect(labels(`${body('  return q')}\nla‸\n\nlet a = 1\n`)).toContain('layer');
    expect(labels(`${body('  return q\n‸\n  h = q')}`)).not.toContain('layer');
  });

  it('are the names and the files that can be imported', () => {
    const other = { 'lib/blocks.arch': 'layer A(x: Tensor[N]) -> Tensor[N] { return x }\nlet b = 1\n' };
    expect(labels({ 'main.arch': 'import { ‸ } from "std/attention"\n' })).toEqual(['causal_mask', 'rope']);
    expect(labels({ 'main.arch': 'import { A, ‸ } from "./lib/blocks.arch"\n', ...other })).toEqual(['b']);
    expect(labels({ 'main.arch': 'import { A } from "‸"\n', ...other }).slice(0, 2)).toEqual(['./lib/blocks.arch', 'std/attention']);
    expect(accepted({ 'main.arch': 'import { A } from ‸\n', ...other }, './lib/blocks.arch')).toBe(
      'import { A } from "./lib/blocks.arch"\n',
    );
    expect(labels({ 'lib/x/main.arch': 'import { A } from "..‸"\n', ...other })).toContain('../blocks.arch');
  });

  it('are models where one is meant', () => {
    const source = 'layer L(x: Tensor[N]) -> Tensor[N] { return x }\nmodel A = ‸\n';
    expect(labels(source)[0]).toBe('L');
    expect(labels(source)).not.toContain('relu');
  });
});

describe('in a `train` block', () => {
  it('are the clauses that are not written yet', () => {
    expect(labels(train('  loss = cross_entropy(logits, labels)\n  ‸'))).toEqual([
      ...['input', 'metric', 'optimizer', 'freeze', 'eval', 'lora', 'checkpoint'],
      ...['clip_norm', 'clip_value', 'accumulate', 'ema', 'precision'],
    ]);
  });

  test.each<[string, string, readonly string[]]>([
    ['optimizers', 'optimizer ‸', ['adafactor', 'adagrad', 'adam', 'adamw', 'lion', 'muon', 'rmsprop', 'sgd']],
    ['their options', 'optimizer sgd(0.1, ‸)', ['dampening = ', 'momentum = ', 'nesterov = ', 'weight_decay = ']],
    ['learning rates', 'optimizer sgd(lr = ‸)', ['input', 'constant', 'cosine', 'linear', 'warmup_cosine', 'warmup_linear']],
    ['options of schedules', 'optimizer sgd(lr = cosine(1e-3, ‸))', ['steps = ', 'end = ']],
    ['outputs and inputs', 'loss = cross_entropy(‸', ['labels', 'logits', 'x']],
    ['names of weights', 'freeze ‸', ['head', 'head.bias', 'head.weight', 'layers[*]', 'layers[*].fc']],
    ['names of weights for LoRA', 'lora(rank = 4) on ‸', ['head', 'head.bias']],
    ['names of layers', 'checkpoint lay‸', ['head', 'layers[*]', 'layers[*].fc']],
    ['groups', 'optimizer sgd(0.1) {\n    ‸\n  }', ['group']],
    ['patterns of groups', 'optimizer sgd(0.1) {\n    group ‸\n  }', ['vectors', 'head']],
    ['options of groups', 'optimizer sgd(0.1) {\n    group vectors { ‸ }\n  }', ['dampening = ', 'lr_scale = ']],
    ['precisions', 'precision ‸', ['f16', 'f32']],
    ['statistics', 'freeze head with { ‸ }', ['statistics']],
    ['members of the model', 'other = model.‸', ['head', 'layers']],
  ])('are %s', (_, text, expected) => {
    expect(labels(train(`  ${text}`)).slice(0, expected.length)).toEqual(expected);
  });

  it('are losses after `loss =`', () => {
    const all = labels(train('  loss = ‸'));
    expect(all.slice(0, 2)).toEqual(['accuracy', 'bce_loss']);
    expect(all.indexOf('cross_entropy')).toBeLessThan(all.indexOf('abs'));
  });

  it('are models after `for`', () => {
    expect(labels(`${train('')}model A {\n  entry run(x: Tensor[N]) -> (y: Tensor[N]) { return x }\n}\ntrain Other for ‸`)).toEqual([
      'A.run',
      'M',
    ]);
  });

  it('replace a whole pattern', () => {
    expect(accepted(train('  freeze layers[*].f‸c, head'), '*.norm')).toContain('freeze *.norm, head\n');
  });
});

describe('a name that must be imported', () => {
  const blocks = {
    'lib/blocks.arch':
      '## A block.\nlayer Extra(x: Tensor[*B]) -> Tensor[*B] { return x }\nlayer Other(x: Tensor[*B]) -> Tensor[*B] { return x }\n',
  };

  it('brings its import', () => {
    expect(accepted(body('  m = causal‸'), 'causal_mask')).toBe(
      `import { causal_mask } from "std/attention"\n\n${body('  m = causal_mask(T)')}`,
    );
  });

  it('is added to an import of the same file', () => {
    const source = `import { rope } from "std/attention"\n${body('  m = causal‸')}`;
    expect(accepted(source, 'causal_mask')).toBe(`import { rope, causal_mask } from "std/attention"\n${body('  m = causal_mask(T)')}`);
    const many = { 'main.arch': `import {\n  Other as O,\n} from "./lib/../lib/blocks.arch"\n${body('  return q -> Ext‸')}`, ...blocks };
    expect(accepted(many, 'Extra')).toContain('import {\n  Other as O, Extra,\n} from "./lib/../lib/blocks.arch"\n');
    const none = { 'main.arch': `import { } from "./lib/blocks.arch"\n${body('  return q -> Ext‸')}`, ...blocks };
    expect(accepted(none, 'Extra')).toContain('import { Extra } from "./lib/blocks.arch"\n');
  });

  it('is imported after the other imports, or after a comment at the top', () => {
    const after = { 'main.arch': `import { rope } from "std/attention"\n\n${body('  return q -> Ext‸')}`, ...blocks };
    expect(accepted(after, 'Extra')).toContain('import { rope } from "std/attention"\nimport { Extra } from "./lib/blocks.arch"\n\nmodel');
    const header = { 'main.arch': `# Our models.\n\n## A model.\n${body('  return q -> Ext‸')}`, ...blocks };
    expect(accepted(header, 'Extra')).toContain('# Our models.\n\nimport { Extra } from "./lib/blocks.arch"\n\n## A model.\nmodel');
  });

  it('is offered once, and not if it has a meaning or if that would be circular', () => {
    const again = { 'main.arch': `import { Extra } from "./lib/blocks.arch"\n${body('  return q -> ‸')}`, ...blocks };
    const items = itemsAt(again).filter(({ label }) => label === 'Extra');
    expect(items.map(({ edits }) => edits)).toEqual([[]]);
    const circle = {
      'main.arch': body('  return q -> ‸'),
      'a.arch': 'import { M } from "./main.arch"\nlayer A(x: Tensor[*B]) -> Tensor[*B] { return x }\n',
    };
    expect(labels(circle)).not.toContain('A');
  });

  it('is documented', () => {
    const { workspace, path, offset } = opened({ 'main.arch': body('  return q -> ‸'), ...blocks });
    const doc = (label: string) => {
      const item = completions(workspace, path, offset).find((other) => other.label === label);
      return item && resolveCompletion(workspace, item);
    };
    expect(doc('Extra')).toBe('```arch\nlayer Extra(x: Tensor[*B]) -> Tensor[*B]\n```\n\nA block.');
    expect(doc('causal_mask')).toContain('fn causal_mask');
    expect(doc('relu')).toContain('relu(x)');
  });
});
