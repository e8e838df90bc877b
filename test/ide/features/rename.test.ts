import { describe, expect, it } from 'vitest';
import { prepareRename, type RenameEdits, rename } from '../../../src/ide/features/rename/rename.js';
import { textsAfter } from '../../../src/ide/features/rename/verify.js';
import type { FileView } from '../../../src/ide/file-view.js';
import { opened } from '../../kit/ide.js';
import { modelGraphs } from '../../kit/model-graphs.js';
import { randomNumbers } from '../../kit/random.js';
import { samples } from '../../kit/samples.js';
import { smallExamples } from '../../kit/small-examples.js';

/** The texts after a rename at the cursor, its warnings, or why it is refused. */
function renamed(source: string | Readonly<Record<string, string>>, newName: string) {
  const { workspace, path, offset } = opened(source);
  const result = rename(workspace, path, offset, newName);
  if ('refused' in result) return result.refused;
  return { ...Object.fromEntries(textsAfter(workspace, result.edits)), warnings: result.warnings };
}

function alone(source: string, newName: string): string {
  const result = renamed(source, newName);
  return typeof result === 'string' ? result : ((result as Record<string, unknown>)['main.arch'] as string);
}

const dense = 'layer Dense(out: int)(x: Tensor[*B, D]) -> Tensor[*B, out] { return x -> fc: Linear(out) }\n';

describe('rename', () => {
  it('changes a declaration in imports and uses, but not an alias', () => {
    const files = {
      'lib.arch': dense.replace('Dense', 'De‸nse'),
      'a.arch': 'import { Dense } from "./lib.arch"\nmodel A(x: Tensor[N, 4]) -> (y: Tensor[N, 2]) { return x -> d: Dense(2) }\n',
      'b.arch': 'import { Dense as D1 } from "./lib.arch"\nmodel A(x: Tensor[N, 4]) -> (y: Tensor[N, 2]) { return x -> d: D1(2) }\n',
    };
    expect(renamed(files, 'Full')).toEqual({
      'lib.arch': dense.replace('Dense', 'Full'),
      'a.arch': files['a.arch'].replaceAll('Dense', 'Full'),
      'b.arch': files['b.arch'].replace('Dense', 'Full'),
      warnings: [],
    });
  });

  it('changes an alias in its file only', () => {
    const main = 'import { Dense as D‸1 } from "./lib.arch"\nmodel A(x: Tensor[N, 4]) -> (y: Tensor[N, 2]) { return x -> d: D1(2) }\n';
    expect(renamed({ 'main.arch': main, 'lib.arch': dense }, 'Full')).toEqual({
      'main.arch': main.replace('‸', '').replaceAll('D1', 'Full'),
      warnings: [],
    });
  });

  it('changes a hyperparameter at all call sites', () => {
    const files = {
      'lib.arch': dense.replace('(out', '(‸out'),
      'a.arch': 'import { Dense as D1 } from "./lib.arch"\nlayer Two = D1(out = 2)\n',
    };
    expect(renamed(files, 'width')).toEqual({
      'lib.arch': dense.replaceAll('out', 'width'),
      'a.arch': files['a.arch'].replace('out', 'width'),
      warnings: [],
    });
  });

  it('changes fields where they are read, given, and used as element types', () => {
    const source =
      'config C {\n  to‸ = f32\n  n = 8\n}\nlayer L(c: C)(x: Tensor<c.to>[N, c.n]) -> Tensor<c.to>[N, c.n] { return cast(x, c.to) }\nlet d = C(to = f16)\n';
    expect(renamed(source, 'dtype')).toEqual({
      'main.arch': source.replace('‸', '').replaceAll(/\bto\b/g, 'dtype'),
      warnings: ['`--config` reads the field from the key `dtype`: `from "to"` keeps the old key'],
    });
  });

  it('changes outputs where they are returned and read', () => {
    const source = `layer Two(x: Tensor[N]) -> (a‸: Tensor[N], b: Tensor[N]) { return (b = x, a = -x) }
model M(x: Tensor[N]) -> (y: Tensor[N]) {
  s = x -> Two
  return s.a + s.b + Two(x).a
}
`;
    expect(alone(source, 'first')).toBe(
      source.replace('‸', '').replaceAll('.a', '.first').replace('(a:', '(first:').replace(', a =', ', first ='),
    );
  });

  it('writes names of outputs where the name of a variable chose one', () => {
    const source = 'fn two(x: Tensor[N]) -> (a: Tensor[N], b: Tensor[N]) {\n  b = -x\n  ‸a = x\n  return (b, a)\n}\n';
    expect(alone(source, 'c')).toBe(source.replace('‸', '').replace('  a = x', '  c = x').replace('(b, a)', '(b = b, a = c)'));
  });

  it('keeps results in order that are given in order', () => {
    const source = 'fn two(x: Tensor[N]) -> (a: Tensor[N], b: Tensor[N]) {\n  ‸a = x\n  b = -x\n  return (a, b)\n}\n';
    expect(alone(source, 'c')).toBe(source.replace('‸', '').replace('  a = x', '  c = x').replace('(a, b)', '(c, b)'));
  });

  it('changes sizes within a declaration', () => {
    const source =
      'layer L(x: Tensor[N, ‸T, 4 * T]) -> Tensor[N, 4 * T] where T > 1 { return mean(x, axis = T) }\nlayer K(x: Tensor[T]) -> Tensor[T] { return x }\n';
    expect(alone(source, 'S')).toBe(
      'layer L(x: Tensor[N, S, 4 * S]) -> Tensor[N, 4 * S] where S > 1 { return mean(x, axis = S) }\nlayer K(x: Tensor[T]) -> Tensor[T] { return x }\n',
    );
  });

  it('changes labels in members and patterns, and says that checkpoints change', () => {
    const source = `layer Block(x: Tensor[N, 8]) -> Tensor[N, 8] {
  return x -> ‸fc: Linear(8) -> relu
}

model M(x: Tensor[N, 8]) -> (y: Tensor[N, 8]) {
  block = Block
  return block(x) @ block.fc.weight
}

train T for M {
  loss = mean(y) + mean(tap("block.fc"))
  freeze block.fc, *.fc.bias
  optimizer sgd(0.1)
}
`;
    expect(renamed(source, 'dense')).toEqual({
      'main.arch': source.replace('‸', '').replaceAll(/\bfc\b/g, 'dense'),
      warnings: ['`fc.*` is now `dense.*`: old checkpoints will not fit'],
    });
  });

  it('changes what a train block reads of its model', () => {
    const source = `model M(‸classes = 10, rate = 0.1)(x: Tensor[N, 8]) -> (logits: Tensor[N, classes]) {
  return x -> fc: Linear(classes)
}

train T for M(classes = 3) {
  input labels: Tensor<i64>[N]
  loss = cross_entropy(logits, labels) * log(classes)
  optimizer sgd(0.1)
}
`;
    expect(renamed(source, 'kinds')).toMatchObject({ 'main.arch': source.replace('‸', '').replaceAll('classes', 'kinds') });
  });

  it('leaves patterns that may mean labels of several layers', () => {
    const source = `layer A(x: Tensor[N, 8]) -> Tensor[N, 8] { return x -> ‸fc: Linear(8) }
layer B(x: Tensor[N, 8]) -> Tensor[N, 8] { return x -> fc: Linear(8) }
model M(x: Tensor[N, 8]) -> (y: Tensor[N, 8]) { return x -> a: A -> b: B }
train T for M {
  loss = mean(y)
  freeze *.fc
  optimizer sgd(0.1)
}
`;
    expect(renamed(source, 'dense')).toEqual({
      'main.arch': source.replace('‸fc', 'dense'),
      warnings: [
        '`fc.*` is now `dense.*`: old checkpoints will not fit',
        'the pattern `*.fc` of `T` stays as it is: `fc` may be that of another layer',
      ],
    });
  });

  it('says that a variable names the weights of the layer that is bound to it', () => {
    const source = 'layer L(x: Tensor[N, 8]) -> Tensor[N, 8] {\n  m‸ix = Linear(8)\n  return mix(x)\n}\n';
    expect(renamed(source, 'fc')).toEqual({
      'main.arch': source.replace('‸', '').replaceAll('mix', 'fc'),
      warnings: ['`mix.*` is now `fc.*`: old checkpoints will not fit'],
    });
  });

  it('says that a layer without a label names its weights', () => {
    const source = `${dense.replace('Dense', '‸Dense')}model M(x: Tensor[N, 8]) -> (y: Tensor[N, 8]) { return x -> Dense(8) }\n`;
    expect((renamed(source, 'Full') as { warnings: unknown }).warnings).toEqual([
      '`full.*` is the new name of weights of `Dense` without a label: old checkpoints will not fit',
    ]);
  });

  it('changes what a scan carries and emits', () => {
    const source = `layer L(x: Tensor[N, T]) -> Tensor[N] {
  scan a over x axis 1 carry ‸h: Tensor[N] = zeros {
    next h = h + a
  }
  return h
}
`;
    expect(alone(source, 'sum1')).toBe(source.replace('‸', '').replaceAll(/\bh\b/g, 'sum1'));
  });

  it.each([
    ['let ‸a = 1\nlet b = a\n', 'for', '`for` is a reserved word'],
    ['let ‸a = 1\n', '1a', '`1a` is not a name: names consist of letters, digits and `_`, and do not begin with a digit'],
    ['let ‸a = 1\n', '_', '`_` is for values without a name'],
    ['let ‸a = 1\nlet b = 2\n', 'b', 'it would be a mistake: `b` is declared twice (main.arch, line 2)'],
    ['let ‸a = 1\nlet f(b) = a + b\n', 'b', '`b` would mean something else (main.arch, line 2)'],
    ['fn f(x: Tensor[N]) -> Tensor[N] { return ‸relu(x) }\n', 'r', '`relu` is built in'],
    ['layer L(x: Tensor[N]) -> Tensor[N] { return x -> ‸LayerNorm }\n', 'r', '`LayerNorm` belongs to the standard library'],
    ['‸let a = 1\n', 'r', '`let` is a keyword'],
    ['let a = 1 # n‸o\n', 'r', 'nothing here can be renamed'],
    ['‸', 'r', 'nothing here can be renamed'],
    [
      'fn f‸(x: Tensor[N]) -> Tensor[N] { return x }\nlayer L(x: Tensor[N, M]) -> Tensor[N, M] { return relu(f(x[:, 0])) -> unsqueeze(1) -> gelu }\n',
      'gelu',
      '`gelu` would mean something else (main.arch, line 2)',
    ],
  ])('refuses %j -> %s', (source, newName, reason) => {
    expect(renamed(source, newName)).toBe(reason);
  });

  it('finds the name around the cursor', () => {
    const { workspace, path, offset } = opened('let width‸ = 1\n');
    expect(prepareRename(workspace, path, offset)).toEqual({ span: { file: path, start: 4, end: 9 }, text: 'width' });
  });

  it('works in broken files', () => {
    const source = 'layer L(‸out: int)(x: Tensor[N, D]) -> Tensor[N, out] {\n  return x -> fc: Linear(out\n';
    expect(alone(source, 'width')).toBe(source.replace('‸', '').replaceAll('out', 'width'));
  });
});

it('of a metric leaves the function with its name', () => {
  const source = `model M(x: Tensor[N, 8]) -> (y: Tensor[N, 8]) { return x }
train T for M {
  input labels: Tensor<i64>[N]
  loss = mean(y)
  metric ‸accuracy = accuracy(y, labels)
  optimizer sgd(0.1)
}
`;
  expect(alone(source, 'right')).toBe(source.replace('‸accuracy', 'right'));
});

describe('a rename of any name of an example', () => {
  const random = randomNumbers(20);
  const examples = smallExamples();
  it.each(examples)(
    'in $name changes only that name',
    ({ text }) => {
      const { workspace, path } = opened(text);
      const view = workspace.view(path) as FileView;
      const before = modelGraphs({ [path]: text }, path)?.map(sortedLines);
      const own = view.occurrences().filter(({ named }) => named.span?.file === path);
      for (let i = 0; i < samples(4, 25); i++) {
        const occurrence = own[Math.floor(random() * own.length)];
        if (occurrence === undefined) continue;
        const { name, kind } = occurrence.named;
        const isCapital = /^[A-Z]/.test(name);
        const newName = isCapital ? 'Qqq' : 'qqq';
        const result = rename(workspace, path, occurrence.span.start, newName);
        expect(result, `${kind} ${name}`).toHaveProperty('edits');
        const after = textsAfter(workspace, (result as RenameEdits).edits).get(path) ?? text;
        const checked = opened(after).workspace.view(path) as FileView;
        expect(
          checked.diagnostics.map(({ code }) => code),
          `${kind} ${name}`,
        ).toEqual(view.diagnostics.map(({ code }) => code));
        // Parameters are listed in the order of their names.
        const back = (graph: string) => sortedLines(graph.replaceAll(/\b[Qq]qq(?=\b|_)/g, name));
        const changed = modelGraphs({ [path]: after }, path)?.map(back);
        if ((result as RenameEdits).warnings.length === 0 || kind !== 'layer') expect(changed, `${kind} ${name}`).toEqual(before);
      }
    },
    300_000,
  );
});

function sortedLines(graph: string): string {
  return graph.split('\n').sort().join('\n');
}
