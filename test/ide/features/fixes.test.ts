import { describe, expect, it } from 'vitest';
import { acted, afterAction, offered, titles } from '../../kit/ide-actions.js';

describe('fixes of diagnostics', () => {
  it('are offered where the mistake is, and preferred if they are safe', () => {
    const source = 'model M(x: Tensor[N, 8]) -> (y: Tensor[N, 8]) {\n  let ‸a = 1\n  return x\n}\n';
    const { actions, path } = offered(source, ['quickfix']);
    expect(actions).toMatchObject([
      { title: 'remove `a`', isPreferred: true, edits: [{ span: { file: path, start: 48, end: 60 }, text: '' }] },
    ]);
    expect(acted(source, 'remove `a`')).toBe('model M(x: Tensor[N, 8]) -> (y: Tensor[N, 8]) {\n  return x\n}\n');
  });

  it('are not offered elsewhere', () => {
    expect(titles('model M(x: Tensor[N, 8]) -> (y: Tensor[N, 8]) {\n  let a = 1\n  return ‸x\n}\n', ['quickfix'])).toEqual([]);
  });

  it('correct a name everywhere', () => {
    const source = 'let width = 1\nlet f(v) = wi‸dht + wdith + widht\n';
    expect(acted(source, 'write `width` everywhere (2)')).toBe('let width = 1\nlet f(v) = width + wdith + width\n');
  });

  it('write each similar name: after a label layers first, and those for the rank of the tensor', () => {
    const stage = (tensor: string, written: string) =>
      titles(`model M(x: ${tensor}) -> (y: ${tensor}) {\n  return x -> ${written}\n}\n`, ['quickfix']);
    expect(stage('Tensor[N, 3, H, W]', 'norm: Bat‸chNorm')).toEqual([
      'write `BatchNorm2d`',
      'write `BatchNorm1d`',
      'write `BatchNorm3d`',
      'write `batch_norm`',
    ]);
    expect(stage('Tensor[N, 3, T]', 'norm: Bat‸chNorm').slice(0, 1)).toEqual(['write `BatchNorm1d`']);
    expect(stage('Tensor[N, 3, H, W]', 'norm: Bat‸chNorm4d').slice(0, 1)).toEqual(['write `BatchNorm2d`']);
    expect(stage('Tensor[N, 3, T]', 'Con‸v4d(3, 1)').slice(0, 1)).toEqual(['write `Conv1d`']);
  });

  it('remove the label of a function', () => {
    const source = 'model M(x: Tensor[N, 8]) -> (y: Tensor[N, 8]) {\n  return x -> ac‸t: leaky_relu(0.1)\n}\n';
    expect(acted(source, 'remove the label')).toBe(source.replace('ac‸t: ', ''));
    expect(titles(source.replace('leaky_relu(0.1)', 'batch_norm'), ['quickfix'])).toEqual([]);
  });

  it('state facts that are needed', () => {
    const source = 'model M(x: Tensor[N, 3, H]) -> (y: Tensor[N, 3, H /‸ 2]) {\n  return x -> max_pool1d(2)\n}\n';
    expect(acted(source, 'state `where H % 2 == 0`')).toContain('where H % 2 == 0');
  });
});

describe('imports of unknown names', () => {
  const lib = 'layer Block(x: Tensor[*B, D]) -> Tensor[*B, D] { return x }\nlayer Other(x: Tensor[*B, D]) -> Tensor[*B, D] { return x }\n';

  it('come from another file', () => {
    const main = '# A file.\n\nlayer L(x: Tensor[N, 8]) -> Tensor[N, 8] { return x -> ‸Block }\n';
    expect(afterAction({ 'a/main.arch': main, 'lib.arch': lib }, 'import `Block` from "../lib.arch"')).toEqual({
      'a/main.arch': '# A file.\n\nimport { Block } from "../lib.arch"\n\nlayer L(x: Tensor[N, 8]) -> Tensor[N, 8] { return x -> Block }\n',
    });
  });

  it('join an import of the same file, in order', () => {
    const main = 'import { Other } from "./lib.arch"\nlayer L(x: Tensor[N, 8]) -> Tensor[N, 8] { return x -> Other -> ‸Block }\n';
    expect(afterAction({ 'main.arch': main, 'lib.arch': lib }, /^import/)).toEqual({
      'main.arch': main.replace('‸', '').replace('{ Other', '{ Block, Other'),
    });
  });

  it('come from the standard library', () => {
    const source = 'import { rope } from "std/attention"\nlet a = rope\nlet b = causal_‸mask\n';
    expect(acted(source, 'import `causal_mask` from "std/attention"')).toBe(
      'import { causal_mask, rope } from "std/attention"\nlet a = rope\nlet b = causal_mask\n',
    );
  });

  it('are not offered from files that import this one', () => {
    const files = {
      'main.arch': 'let a = 1\nlet b = ‸C\n',
      'other.arch': 'import { a } from "./main.arch"\nlet C = a\n',
    };
    expect(titles(files, ['quickfix'])).not.toContain('import `C` from "./other.arch"');
  });
});

describe('unknown names', () => {
  it('become hyperparameters', () => {
    const source = 'layer L(x: Tensor[N, 8]) -> Tensor[N, 3] {\n  return x -> fc: Linear(hid‸den) -> o: Linear(3)\n}\n';
    const title = 'declare `hidden` as a hyperparameter of `L`';
    expect(acted(source, title)).toBe(source.replace('‸', '').replace('L(x', 'L(hidden: int)(x'));
    const used = `${source}model M(x: Tensor[N, 8]) -> (y: Tensor[N, 3]) { return x -> l: L }\n`;
    expect(acted(used, title)).toContain('layer L(hidden = 1)(x');
  });

  it('have the kind that their place demands', () => {
    const source = 'layer L(n: int)(x: Tensor[N, 8]) -> Tensor[N, n] {\n  return x -> fc: Linear(n, bias = ‸biased)\n}\n';
    expect(acted(source, /declare/)).toBe(source.replace('‸', '').replace('n: int', 'n: int, biased: bool'));
  });
});

describe('widths', () => {
  it.each([
    ['a result', 'Tensor[N, 8]) -> Tensor[N, 3]', 'return ‸x -> fc: Linear(5) -> relu', 'from 5 to 3', 'return x -> fc: Linear(3) -> relu'],
    ['a named size', 'Tensor[N, D]) -> Tensor[N, D]', 'return ‸x + (x -> fc: Linear(5))', 'from 5 to D', 'return x + (x -> fc: Linear(D))'],
    [
      'a variable',
      'Tensor[N, D]) -> Tensor[N, D]',
      'y = x -> fc: Linear(5)\n  return ‸x + y',
      'from 5 to D',
      'y = x -> fc: Linear(D)\n  return x + y',
    ],
    [
      'a convolution',
      'Tensor[N, 3, H, W]) -> Tensor[N, 8, H, W]',
      'return ‸x -> c: Conv2d(4, kernel = 3, padding = 1)',
      'from 4 to 8',
      'return x -> c: Conv2d(8, kernel = 3, padding = 1)',
    ],
  ])('of %s', (_, signature, body, change, after) => {
    const source = `layer L(x: ${signature} {\n  ${body}\n}\n`;
    expect(acted(source, new RegExp(`change the width of .* ${change}$`))).toBe(`layer L(x: ${signature} {\n  ${after}\n}\n`);
  });

  it('of the argument of a layer', () => {
    const source =
      'layer A(x: Tensor[N, 8]) -> Tensor[N, 8] { return x }\nlayer L(x: Tensor[N, 4]) -> Tensor[N, 8] {\n  return x -> fc: Linear(9) -> ‸A\n}\n';
    expect(acted(source, 'change the width of `Linear` from 9 to 8')).toBe(source.replace('‸', '').replace('Linear(9)', 'Linear(8)'));
  });

  it('of a matrix: it is transposed', () => {
    const source = 'layer L(x: Tensor[N, 8], w: Tensor[3, 8]) -> Tensor[N, 3] {\n  return x @‸ w\n}\n';
    expect(acted(source, 'transpose `w`')).toBe(source.replace('‸', '').replace('x @ w', 'x @ w.T'));
  });
});

describe('another variable', () => {
  const up = `layer Up(width: int)(x: Tensor[N, C, H, W], skip: Tensor[N, S, 2 * H, 2 * W]) -> Tensor[N, width, 2 * H, 2 * W] {
  return concat(x -> up: ConvTranspose2d(width, 2, stride = 2), skip, axis = 1) -> c: Conv2d(width, 1)
}
model Net(base = 8)(image: Tensor[N, 3, H, W]) -> (mask: Tensor[N, base, H, W]) where H % 4 == 0, W % 4 == 0 {
  a = image -> down1: Conv2d(base, 1)
  b = a -> max_pool2d(2) -> down2: Conv2d(2 * base, 1)
  c = b -> max_pool2d(2) -> down3: Conv2d(4 * base, 1)
  d = c -> up0: Up(2 * base)(b)
  e = d -> up1: Up(base)(‸b)
  return e
}
`;

  it('is offered where its shape fits, and stages that correct nothing are not', () => {
    expect(titles(up, ['quickfix'])).toEqual(['did you mean `a`?', 'did you mean `image`?']);
    expect(acted(up, 'did you mean `a`?')).toBe(up.replace('‸b', 'a'));
  });

  it('is not offered where none fits', () => {
    const source = 'layer L(x: Tensor[N, 8], y: Tensor[N, 4]) -> Tensor[N, 3] {\n  return ‸x\n}\n';
    expect(titles(source, ['quickfix'])).toEqual([]);
  });
});

describe('stages between', () => {
  it.each([
    ['Tensor[N, 8, 4, 4]) -> Tensor[N, 128]', 'x -> relu', 'flatten', 'x -> relu -> flatten'],
    [
      'Tensor[N, 8, 4]) -> Tensor[N, 4, 8]',
      'x -> relu',
      'rearrange([N, T, C] => [N, C, T])',
      'x -> relu -> rearrange([N, T, C] => [N, C, T])',
    ],
    ['Tensor[N, T, D]) -> Tensor[N * T, D]', 'relu(x)', 'reshape([N * T, D])', 'relu(x) -> reshape([N * T, D])'],
    [
      'Tensor[N, C, H, W]) -> Tensor[N, H * W, C]',
      'relu(x)',
      'rearrange([N, C, H, W] => [N, H * W, C])',
      'relu(x) -> rearrange([N, C, H, W] => [N, H * W, C])',
    ],
  ])('a tensor and the result, x: %s', (signature, value, stage, after) => {
    const source = `layer L(x: ${signature} {\n  return ‸${value}\n}\n`;
    expect(acted(source, `insert \`${stage}\``)).toBe(`layer L(x: ${signature} {\n  return ${after}\n}\n`);
  });

  it('two stages', () => {
    const source =
      'layer A(x: Tensor[N, 128]) -> Tensor[N, 128] { return x }\nlayer L(x: Tensor[N, 8, 4, 4]) -> Tensor[N, 128] {\n  return x -> relu -> a: ‸A\n}\n';
    expect(acted(source, 'insert `flatten`')).toBe(source.replace('‸', '').replace('-> a: A', '-> flatten -> a: A'));
  });

  it('are not made if they lead to a mistake', () => {
    const source =
      'layer A(x: Tensor[N, D]) -> Tensor[N, D] { return x }\nlayer L(x: Tensor[N, 8, 4, 4]) -> Tensor[N, 8, 4, 4] {\n  return (x -> a: ‸A) + x + nothing\n}\n';
    expect(typeof acted(source, 'insert `flatten`')).toBe('string');
  });
});

describe('source actions', () => {
  it('apply all safe fixes until none is left', () => {
    const source =
      'import { rope } from "std/attention"\nmodel M(x: Tensor[N, 8]) -> (y: Tensor[N, 8]) {\n  let a = 1\n  let b = 2\n  return x\n}\n';
    expect(acted(source, 'apply all safe fixes')).toBe('model M(x: Tensor[N, 8]) -> (y: Tensor[N, 8]) {\n  return x\n}\n');
  });

  it('organize imports', () => {
    const source = `# A file.

import { b, a } from "./z.arch"
# Attention.
import { rope } from "std/attention"
import { a as c } from "./z.arch" # again
import { causal_mask } from "std/attention"

let d = [a, c, rope, causal_mask]
`;
    const files = { 'main.arch': source, 'z.arch': 'let a = 1\nlet b = 2\n' };
    expect(afterAction(files, 'organize imports')).toEqual({
      'main.arch': `# A file.

# Attention.
import { causal_mask, rope } from "std/attention"
# again
import { a, a as c } from "./z.arch"

let d = [a, c, rope, causal_mask]
`,
    });
    expect(titles('import { rope } from "std/attention"\n\nlet d = rope\n', ['source.organizeImports'])).toEqual([]);
    expect(acted('import { rope } from "std/attention"\n\nlet d = 1\n', 'organize imports')).toBe('let d = 1\n');
  });
});
