import { describe, expect, it } from 'vitest';
import { format } from '../../../src/format.js';
import { onTypeFormatting } from '../../../src/ide/features/format/on-type.js';
import { formatting, rangeFormatting } from '../../../src/ide/features/format/range.js';
import { textsAfter } from '../../../src/ide/features/rename/verify.js';
import { shippedSources } from '../../kit/broken-source.js';
import { opened } from '../../kit/ide.js';

/** The text after a character was typed at the cursor. */
function typed(source: string, character: '\n' | '}'): string {
  const { workspace, path, offset, text } = opened(source);
  return textsAfter(workspace, onTypeFormatting(workspace, path, offset, character)).get(path) ?? text;
}

const head = 'layer L(x: Tensor[N]) -> Tensor[N] {\n';

describe('a line break', () => {
  it.each([
    ['a block', `${head}‸`, `${head}  `],
    ['a statement', `${head}  y = x\n‸`, `${head}  y = x\n  `],
    ['a block in a block', `${head}  if a {\n  ‸\n  }`, `${head}  if a {\n    \n  }`],
    ['a pipeline', `${head}  return x\n    -> relu\n‸`, `${head}  return x\n    -> relu\n    `],
    ['a pipeline and an empty line', `${head}  y = x\n    -> relu\n\n‸`, `${head}  y = x\n    -> relu\n\n  `],
    ['an operator', `${head}  y = x +\n‸`, `${head}  y = x +\n    `],
    ['a list', 'let a = [\n‸\n]', 'let a = [\n  \n]'],
    ['a list, before its end', 'let a = [\n‸]', 'let a = [\n]'],
    ['a block with a comment', `${head}  # {\n‸`, `${head}  # {\n  `],
    ['the end of a block', `${head}  return x\n}\n  ‸let a = 1`, `${head}  return x\n}\nlet a = 1`],
    ['nothing', '\n  ‸', '\n'],
    ['documentation', '## Text.\n## ‸', '## Text.\n## '],
    ['an empty line of documentation', '## Text.\n## \n‸', '## Text.\n'],
    ['an empty line of documentation in a block', `${head}  ## Text.\n  ## \n‸`, `${head}  ## Text.\n  `],
    ['an empty line of documentation, before more', '## Text.\n##\n‸## More.', '## Text.\n##\n## More.'],
    ['an empty line of documentation, before code', '## Text.\n## \n‸let a = 1', '## Text.\nlet a = 1'],
    ['an empty comment', '## \n‸', '## \n'],
  ])('after %s', (_, source, after) => {
    expect(typed(source, '\n')).toBe(after);
  });
});

describe('a closing brace', () => {
  it('goes back to the line that it closes', () => {
    expect(typed(`${head}  for i in 0..2 {\n    x = x\n    }‸`, '}')).toBe(`${head}  for i in 0..2 {\n    x = x\n  }`);
    expect(typed(`${head}  return x\n  }‸\n`, '}')).toBe(`${head}  return x\n}\n`);
  });

  it('stays on a line with something before it', () => {
    expect(typed(`${head}  return "{x}‸"\n`, '}')).toBe(`${head}  return "{x}"\n`);
  });
});

describe('formatting', () => {
  const source = 'let a=1\n\nlet   b = a+‸1\nlet c=2\n';

  it('of a range changes the declarations that it touches', () => {
    const { workspace, path, offset } = opened(source);
    expect(textsAfter(workspace, rangeFormatting(workspace, path, { start: offset, end: offset })).get(path)).toBe(
      'let a=1\n\nlet b = a + 1\nlet c=2\n',
    );
  });

  it('of a range works beside mistakes', () => {
    const { workspace, path, offset } = opened('let a = (\n\nlayer   L(x: Tensor[N]) -> Tensor[N] { ‸return   x }\n');
    expect(textsAfter(workspace, rangeFormatting(workspace, path, { start: offset, end: offset })).get(path)).toContain('{ return x }');
  });

  it('of a file changes all of it', () => {
    const { workspace, path } = opened(source);
    expect(formatting(workspace, path).map(({ text }) => text)).toEqual(['let a = 1\n\nlet b = a + 1\nlet c = 2\n']);
  });

  it('of everything changes what the formatter changes', () => {
    for (const { name, text } of shippedSources()) {
      const { workspace, path } = opened(text);
      const edits = rangeFormatting(workspace, path, { start: 0, end: text.length });
      expect(textsAfter(workspace, edits).get(path) ?? text, name).toBe(format(path, text).text);
    }
  });
});
