import { describe, expect, it } from 'vitest';
import { typeDefinition } from '../../../src/ide/features/definition.js';
import { type DocumentSymbol, documentSymbols } from '../../../src/ide/features/symbols.js';
import { opened, textAt } from '../../kit/ide.js';

const source = `layer Block(out: int)(x: Tensor[N, D]) -> Tensor[N, out] {
  return x -> fc: Linear(out) -> relu
}

model Net(depth = 3)(x: Tensor[N, 8]) -> (y: Tensor[N, 4]) {
  h = x -> first: Block(8)
  for i in 0..depth {
    h = if i > 1 { h -> "late[{i}]": Block(8) } else { h -> early[i]: Block(8) }
  }
  return h -> la‸st: Block(4)
}
`;

function shown(symbols: readonly DocumentSymbol[]): readonly string[] {
  return symbols.flatMap(({ name, kind, detail, children }) => [
    `${kind} ${name} ${detail}`.trim(),
    ...shown(children).map((line) => `  ${line}`),
  ]);
}

describe('the outline of a file', () => {
  it('has what models declare, and the layers that they label', () => {
    const { workspace, path } = opened(source);
    expect(shown(documentSymbols(workspace, path))).toMatchInlineSnapshot(`
      [
        "layer Block (out: int)(x: Tensor[N, D]) -> Tensor[N, out]",
        "  hyperparameter out : int",
        "  input x : Tensor[N, D]",
        "  label fc : Linear(out)",
        "model Net (depth = 3)(x: Tensor[N, 8]) -> (y: Tensor[N, 4])",
        "  hyperparameter depth = 3",
        "  input x : Tensor[N, 8]",
        "  label first : Block(8)",
        "  label "late[{i}]" : Block(8)",
        "  label early[i] : Block(8)",
        "  label last : Block(4)",
      ]
    `);
  });

  it('leaves out layers without a label', () => {
    const { workspace, path } = opened('model Net(x: Tensor[N, 8]) -> (y: Tensor[N, 4]) {\n  return x -> relu -> Linear(4)\n}\n');
    expect(shown(documentSymbols(workspace, path))).toEqual([
      'model Net (x: Tensor[N, 8]) -> (y: Tensor[N, 4])',
      '  input x : Tensor[N, 8]',
    ]);
  });
});

describe('the type of a label', () => {
  it('is its layer', () => {
    const { workspace, path, offset } = opened(source);
    const found = typeDefinition(workspace, path, offset);
    expect(found && [textAt(workspace, found.from), textAt(workspace, found.to), found.to.start]).toEqual(['last', 'Block', 6]);
  });
});
