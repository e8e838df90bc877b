import { describe, expect, it } from 'vitest';
import { resolveCodeAction } from '../../../src/ide/features/actions/code-actions.js';
import { textsAfter } from '../../../src/ide/features/rename/verify.js';
import { acted, offered, titles } from '../../kit/ide-actions.js';

const around = (body: string, signature = 'x: Tensor[N, T, D]) -> Tensor[N, T, D]') => `layer L(${signature} {\n${body}}\n`;

describe('extract', () => {
  it('stages into a layer', () => {
    const source = around('  y = x -> a: Linear(D) ->‸ b: Linear(4 * D) -> relu‸\n  return y -> c: Linear(D)\n');
    expect(acted(source, /^extract into a layer/)).toBe(`layer L(x: Tensor[N, T, D]) -> Tensor[N, T, D] {
  y = x -> a: Linear(D) -> _: Extracted
  return y -> c: Linear(D)
}

layer Extracted(x: Tensor[N, T, D]) -> Tensor[N, T, 4 * D] {
  return x -> b: Linear(4 * D) -> relu
}
`);
  });

  it('statements into a layer, with what they read', () => {
    const source = `layer L(heads: int)(x: Tensor[*B, D], m: Tensor[*B, D]) -> Tensor[*B, D] where D % heads == 0 {
  let k = 2 * heads
  ‸h = x -> a: Linear(k * D) -> relu
  x = m + (h -> b: Linear(D))‸
  return x
}
`;
    expect(
      acted(source, /^extract into a layer/),
    ).toBe(`layer L(heads: int)(x: Tensor[*B, D], m: Tensor[*B, D]) -> Tensor[*B, D] where D % heads == 0 {
  let k = 2 * heads
  x = x -> _: Extracted(k)(m)
  return x
}

layer Extracted(k: int)(x: Tensor[*B, D], m: Tensor[*B, D]) -> Tensor[*B, D] {
  h = x -> a: Linear(k * D) -> relu
  x = m + (h -> b: Linear(D))
  return x
}
`);
  });

  it('stages with sizes that are expressions, and without facts that nothing needs', () => {
    const source = `model Net(base = 8)(image: Tensor[N, 3, H, W]) -> (y: Tensor[N, base, H, W]) where H % 4 == 0 {
  a = image -> down1: Conv2d(base, 1)
  b = a -> ‸max_pool2d(2) -> down2: Conv2d(2 * base, 1)‸
  return a
}
`;
    expect(acted(source, /^extract into a layer/)).toContain(
      'layer Extracted(base: int)(x: Tensor[N, base, H, W]) -> Tensor[N, 2 * base, H // 2, W // 2] {\n',
    );
  });

  it('stages on several lines, indented as the formatter does, with a place for the name', () => {
    const source = around('  return x -> ‸a: Linear(D) -> relu\n    -> b: Linear(D)‸\n    -> c: Linear(D)\n');
    const { workspace, path, span, actions } = offered(source);
    const { edits = [], rename } = resolveCodeAction(workspace, path, span, actions[0] ?? { title: '', kind: 'quickfix' });
    const after = textsAfter(workspace, edits).get(path) ?? '';
    expect(after).toContain('  return x\n    -> a: Linear(D) -> relu\n    -> b: Linear(D)\n}');
    expect(after.slice(rename?.offset).startsWith('Extracted\n')).toBe(true);
  });

  it('stages without weights, which need no label', () => {
    const source = around('  return x -> a: Linear(D) -> ‸relu -> softmax(-1)‸\n');
    expect(acted(source, 'extract into a layer')).toContain('x -> a: Linear(D) -> Extracted\n');
  });

  it('an expression into a variable or a constant', () => {
    expect(acted(around('  return relu(‸x * 2‸) + x\n'), 'extract into a variable')).toBe(around('  h = x * 2\n  return relu(h) + x\n'));
    expect(acted(around('  return x -> a: Linear(‸4 * D‸) -> b: Linear(D)\n'), 'extract into a constant')).toBe(
      around('  let value = 4 * D\n  return x -> a: Linear(value) -> b: Linear(D)\n'),
    );
  });

  it('nothing whose evaluation something decides', () => {
    expect(titles(around('  y = if D > 3 { ‸x * 2‸ } else { x }\n  return y\n'), ['refactor.extract'])).toEqual([]);
  });
});

describe('rewrite', () => {
  it('adds and removes `as`', () => {
    const plain = around('  return x -> a: ‸Linear(2 * D) -> relu -> b: Linear(D)\n');
    expect(acted(plain, 'add `as [N, T, 2 * D]`')).toContain('Linear(2 * D) as [N, T, 2 * D] -> relu');
    const all = acted(plain, 'add `as [...]` to all stages');
    expect(all).toContain('relu as [N, T, 2 * D] -> b: Linear(D) as [N, T, D]');
    expect(acted(all.replace('a: Linear', 'a: ‸Linear'), 'remove `as` from all stages')).toBe(plain.replace('‸', ''));
  });

  it('splits and joins pipelines', () => {
    const source = around('  return x -> a: Linear(4) -> ‸relu -> b: Linear(D)\n');
    expect(acted(source, 'split the pipeline into a statement')).toBe(
      around('  h = x -> a: Linear(4)\n  return h -> relu -> b: Linear(D)\n'),
    );
    const steps = around('  y = x -> a: Linear(4)\n  ‸y = y -> relu\n  return y -> b: Linear(D)\n');
    expect(acted(steps, 'join into one pipeline')).toBe(around('  return x -> a: Linear(4) -> relu -> b: Linear(D)\n'));
  });

  it('names arguments and gives them by position', () => {
    const source = around('  return x -> a: Conv1d(‸4, 3, padding = 1)\n');
    const named = acted(source, 'write the names of arguments');
    expect(named).toContain('Conv1d(out = 4, kernel = 3, padding = 1)');
    expect(acted(named.replace('Conv1d', '‸Conv1d'), 'give arguments by position')).toBe(source.replace('‸', ''));
  });

  it('documents a declaration and names its outputs', () => {
    const source = 'model M‸(x: Tensor[N]) -> Tensor[N] { return x }\n';
    expect(acted(source, 'add documentation')).toBe(`## M \n${source.replace('‸', '')}`);
    expect(acted(source, 'name the outputs')).toBe('model M(x: Tensor[N]) -> (output: Tensor[N]) { return x }\n');
  });
});

describe('inline', () => {
  const feed =
    'layer Feed(hidden: int)(x: Tensor[*B, D]) -> Tensor[*B, D] {\n  return x -> up: Linear(hidden) -> relu -> down: Linear(D)\n}\n\n';

  it('writes the stages of a layer, with labels that keep the names of the weights', () => {
    const source = feed + around('  return x -> feed: ‸Feed(4) -> b: Linear(D)\n');
    expect(acted(source, 'inline `Feed`')).toBe(
      around('  return x -> feed.up: Linear(4) -> relu -> feed.down: Linear(D) -> b: Linear(D)\n'),
    );
  });

  it('keeps a layer that is used elsewhere', () => {
    const source = feed + around('  return x -> feed: ‸Feed(4) -> _: Feed(8)\n');
    expect(acted(source, 'inline `Feed`')).toBe(
      feed + around('  return x -> feed.up: Linear(4) -> relu -> feed.down: Linear(D) -> _: Feed(8)\n'),
    );
  });

  it('writes statements before the use, with names that are free', () => {
    const source = `layer Block(k: int)(x: Tensor[N, W]) -> Tensor[N, W] {
  h = x -> a: Linear(k * W)
  # Back to the width.
  x = x + (h -> Linear(W))
  return relu(x)
}

layer L(x: Tensor[N, D], h: Tensor[N, D]) -> Tensor[N, D] {
  x = x -> block: ‸Block(D + 1)
  return x + h
}
`;
    expect(acted(source, 'inline `Block`')).toBe(`layer L(x: Tensor[N, D], h: Tensor[N, D]) -> Tensor[N, D] {
  let k = D + 1
  x1 = x
  h1 = x1 -> block.a: Linear(k * D)
  # Back to the width.
  x1 = x1 + (h1 -> block.linear: Linear(D))
  x = relu(x1)
  return x + h
}
`);
  });
});

describe('a record of hyperparameters', () => {
  it('takes the place of the list, also where the model is used', () => {
    const source = `## A model.
model M(‸classes = 10 from "labels", width = 2 * classes)(x: Tensor[N, width]) -> (y: Tensor[N, classes])
  where width > 1, classes < N
{
  return x -> fc: Linear(width) -> out: Linear(classes)
}

model Small = M(classes = 2)
`;
    expect(acted(source, 'move the hyperparameters into a record')).toBe(`config MConfig {
  classes = 10 from "labels"
  width = 2 * classes
} where width > 1

## A model.
model M(c: MConfig)(x: Tensor[N, c.width]) -> (y: Tensor[N, c.classes])
  where c.classes < N
{
  return x -> fc: Linear(c.width) -> out: Linear(c.classes)
}

model Small = M(MConfig(classes = 2))
`);
  });
});
