import { describe, expect, it, test } from 'vitest';
import { signatureHelp } from '../../src/ide/features/signature-help.js';
import { opened } from '../kit/ide.js';

/** The start of the signature, and the parameter at the cursor. */
function help(text: string): string | undefined {
  const source = text.includes('train ')
    ? text
    : `model M(x: Tensor[N, 3, 32, 32], q: Tensor[N, 8]) -> (y: Tensor[N, 10]) {\n  ${text}\n}\n`;
  const { workspace, path, offset } = opened(source);
  const found = signatureHelp(workspace, path, offset);
  if (found === undefined) return undefined;
  const { label, active, parameters } = found;
  const at = active === undefined ? undefined : parameters[active];
  return `${label.slice(0, label.indexOf('('))}: ${at === undefined ? '-' : label.slice(at.start, at.end)}`;
}

describe('signature help', () => {
  test.each<[string, string | undefined]>([
    ['h = x -> c: Conv2d(‸)', 'layer Conv2d: out: int'],
    ['h = x -> c: Conv2d(64, ‸', 'layer Conv2d: kernel: ints'],
    ['h = x -> ‸c: Conv2d(64, 3)', 'layer Conv2d: -'],
    ['h = x -> blocks[0].c‸onv: Conv2d(64, 3)', 'layer Conv2d: -'],
    ['h = q -> fc‸: relu', undefined],
    ['h = x -> c: Conv2d(64, kernel = ‸', 'layer Conv2d: kernel: ints'],
    ['h = x -> c: Conv2d(64, 3‸)', 'layer Conv2d: kernel: ints'],
    ['h = x -> c: Conv2d(\n    64,\n    padding = ‸\n  )', 'layer Conv2d: padding: any = 0'],
    ['h = x -> c: Conv2d(64, ‸\n  return h', 'layer Conv2d: kernel: ints'],
    ['h = q -> softmax(‸)', 'softmax: axis: axis'],
    ['h = softmax(‸)', 'softmax: x'],
    ['h = softmax(q, ‸)', 'softmax: axis: axis'],
    ['h = clip(q, 0, ‸)', 'clip: max: float?'],
    ['h = attention(q, q, q, ‸)', 'attention: mask?'],
    ['h = attention(q, q, q, scale = ‸)', 'attention: scale: float?'],
    ['h = max_pool2d(x, kernel = 2, ‸)', 'max_pool2d: stride: sizes?'],
    ['h = max_pool2d(relu(‸x), 2)', 'relu: x'],
    ['h = max_pool2d(relu(x), ‸2)', 'max_pool2d: kernel: sizes'],
    ['h = max_pool2d(x, [2, ‸])', 'max_pool2d: kernel: sizes'],
    ['h = concat(q, q, ‸)', 'concat: *xs'],
    ['h = q -> a: MultiheadAttention(4)(‸)', 'layer MultiheadAttention: k: Tensor[N, S, D]'],
    ['h = MultiheadAttention(4)(q, q, ‸)', 'layer MultiheadAttention: v: Tensor[N, S, D]'],
    ['fc = Linear(3)\n  h = fc(‸)', 'layer Linear: x: Tensor[*B, In]'],
    ['let Proj = Linear(bias = false)\n  h = q -> p: Proj(‸)', 'layer Linear: out: int'],
    ['let twice(v, k = 2) = v * k\n  h = twice(q, ‸)', 'let twice: k = 2'],
    ['let twice(v, k = 2) = v * k\n  h = q -> twice(‸)', 'let twice: k = 2'],
    ['let m = max(1, ‸)', 'max: *numbers'],
    ['let m = len(‸)', 'len: list'],
    ['h = onnx.Split(q, axis = ‸)', 'onnx.Split: axis = 0'],
    ['h = rearrange(x, ‸)', 'rearrange: [axes] => [axes]'],
    ['param w: Tensor[3] = kaiming_uniform(‸)', 'kaiming_uniform: a = 0'],
    ['param w: Tensor[3] = zeros(‸)', 'zeros: shape: dims'],
    ['train F for M {\n  optimizer adamw(‸)\n}\n', 'adamw: lr'],
    ['train F for M {\n  optimizer adamw(lr = cosine(1e-3, ‸))\n}\n', 'cosine: steps'],
    ['train F for M {\n  lora(rank = 8, alpha = ‸) on *\n}\n', 'lora: alpha = rank'],
    ['config C {\n  D = 64\n}\nlet c = C(D = ‸)\ntrain F for M { }\n', 'config C: D = 64'],
    ['h = unknown(‸)', undefined],
    ['h = (‸)', undefined],
    ['h = relu(q) + ‸', undefined],
    ['for i in 0..len(q) { ‸ }', undefined],
  ])('of %s is %s', (text, expected) => {
    expect(help(text)).toBe(expected);
  });

  it('has the whole signature, with documentation', () => {
    const { workspace, path, offset } = opened('model M(q: Tensor[N, 8]) -> (y: Tensor[N, 8]) {\n  return softmax(‸)\n}\n');
    expect(signatureHelp(workspace, path, offset)).toMatchInlineSnapshot(`
      {
        "active": 0,
        "documentation": "Exponentials divided by their sum along an axis: positive, and with sum 1.

      As ONNX Softmax, torch.softmax.

      \`\`\`arch
      x -> softmax(axis = -1)
      \`\`\`

      [operators: softmax](archc-docs:operators.md#softmax)",
        "label": "softmax(x, axis: axis)",
        "parameters": [
          {
            "documentation": "any float tensor of rank 1 or more

      \`Tensor\`",
            "end": 9,
            "start": 8,
          },
          {
            "documentation": "the axis along which the sum is 1",
            "end": 21,
            "start": 11,
          },
        ],
      }
    `);
  });

  it('of an entry has its inputs', () => {
    const entry = 'model A {\n  entry run(x: Tensor[N], k: Tensor[N]) -> (y: Tensor[N]) { return x }\n}\n';
    const source = `${entry}model B(x: Tensor[N]) -> (y: Tensor[N]) {\n  a = A()\n  return a.run(x, ‸)\n}\n`;
    const { workspace, path, offset } = opened(source);
    expect(signatureHelp(workspace, path, offset)).toMatchObject({
      label: 'entry run(x: Tensor[N], k: Tensor[N]) -> (y: Tensor[N])',
      active: 1,
    });
  });
});
