import { describe, expect, it } from 'vitest';
import { hover } from '../../src/ide/features/hover.js';
import { Insights } from '../../src/ide/insights/insights.js';
import { opened, textAt } from '../kit/ide.js';

/** What is shown at the cursor, and for which text. */
function shown(source: string): { readonly text: string; readonly markdown: string } | undefined {
  const { workspace, path, offset } = opened(source);
  const insights = new Insights(workspace);
  for (const model of insights.missing(path)) insights.compute(path, model);
  const found = hover(workspace, path, offset, insights);
  return found && { text: textAt(workspace, found.span), markdown: found.markdown };
}

const net = (body: string, where = '') => `## A small network.
model Net(hidden = 32)(x: Tensor[N, 3, H, W]) -> (y: Tensor[N, 10])${where} {
  h = x -> conv: Conv2d(hidden, kernel = 3, padding = "same") -> relu
  return ${body}
}
`;
const rest = 'h -> mean(axis = [2, 3]) -> head: Linear(10)';

describe('hover', () => {
  it('shows the shape of a variable, and what is known about its sizes', () => {
    expect(shown(net(rest.replace('h ->', 'h‸ ->'), ' where H % 2 == 0, W > 4'))).toEqual({
      text: 'h',
      markdown: '```arch\n(variable) h: Tensor[N, hidden, H, W]\n```\n\nwhere `H % 2 == 0`, `W > 4`',
    });
  });

  it('shows what a labeled layer infers, makes and costs', () => {
    expect(shown(net(rest.replace('head', 'he‸ad')))).toEqual({
      text: 'head',
      markdown:
        '```arch\nhead: Linear(10)\n  In = hidden\n  Tensor[N, hidden] -> Tensor[N, 10]\n```\n\n330 parameters, 650\\*N FLOPs, 80 B\\*N of activations\n\nIn ONNX: `Transpose`, `MatMul`, `Add`.',
    });
  });

  it('shows the result of a stage on its arrow', () => {
    expect(shown(net(rest.replace('-> head', '‸-> head')))?.markdown).toBe('```arch\nTensor[N, 10]\n```');
  });

  it('shows a size with the facts about it', () => {
    expect(shown(net(rest, ' where H‸ >= 3'))?.markdown).toContain('where `H >= 3`');
  });

  it('shows signatures and documentation, and never as links, images or HTML', () => {
    const source =
      '## Uses <img src=x> and [a link](command:rm).\nlayer L(x: Tensor[N]) -> Tensor[N] { return x }\nmodel M(x: Tensor[N]) -> (y: Tensor[N]) { return x -> L‸ }\n';
    const { markdown = '' } = shown(source) ?? {};
    expect(markdown).toContain('layer L(x: Tensor[N]) -> Tensor[N]');
    expect(markdown).toContain('\\<img src=x\\>');
    expect(markdown).not.toMatch(/[^\\]\]\(|[^\\]<img/);
  });

  it.each(['# a com‸ment\n', 'let a = 1 ‸\n\n', '‸', 'model ‸'])('shows nothing at %j', (source) => {
    expect(shown(source)).toBeUndefined();
  });

  it('knows what a model costs', () => {
    expect(shown(net(rest).replace('model Net', 'model N‸et'))?.markdown).toMatch(/1,226 parameters, .* FLOPs, .* of activations$/);
  });
});
