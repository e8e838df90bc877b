/// <reference types="node" />
import { readFileSync } from 'node:fs';
import { resolve } from 'node:path';
import { describe, expect, it, test } from 'vitest';
import { initializerNames } from '../../src/2-check/layers/initializers.js';
import { builtInNames } from '../../src/2-check/modules/names.js';
import type { FileView } from '../../src/ide/file-view.js';
import { builtInCallable, builtInConstant, initializerCallable } from '../../src/ide/present/built-ins.js';
import { type Callable, signatureText } from '../../src/ide/present/callable.js';
import { declaredCallable } from '../../src/ide/present/declared.js';
import { codeBlock, docsUrl, inlineCode, prose } from '../../src/ide/present/markdown.js';
import { onnxCallable, onnxNames } from '../../src/ide/present/onnx.js';
import { operatorCallable } from '../../src/ide/present/operators.js';
import { presentNamed } from '../../src/ide/present/show.js';
import { optimizerCallable, scheduleCallable } from '../../src/ide/present/training.js';
import { ops } from '../../src/ops/index.js';
import { preludeDeclarations } from '../../src/stdlib.js';
import { opened } from '../kit/ide.js';

/** What is shown of the name at the cursor. */
function shown(source: string): string {
  const { workspace, path, offset } = opened(source);
  const found = (workspace.view(path) as FileView).occurrenceAt(offset);
  return (found && presentNamed(found.named)) ?? '';
}

describe('text of users', () => {
  test.each([
    ['a [link](command:evil)', 'a \\[link\\](command&#58;evil)'],
    ['<img src=x onerror=alert(1)>', '\\<img src=x onerror=alert(1)\\>'],
    ['![image](https://example.com/a.png)', '\\!\\[image\\](https&#58;//example.com/a.png)'],
    ['https://example.com and www.example.com', 'https&#58;//example.com and www&#46;example.com'],
    ['`code` and *bold* and __x__', '`code` and \\*bold\\* and \\_\\_x\\_\\_'],
    ['an open ` backtick', 'an open \\` backtick'],
    ['# title', '\\# title'],
    ['- an item with [a](b)', '- an item with \\[a\\](b)'],
    ['1. first', '1\\. first'],
    ['---', '\\---'],
    ['&lt;b&gt;', '&amp;lt;b&amp;gt;'],
    ['    not code', 'not code'],
    ['a \\[b\\](c)', 'a \\\\\\[b\\\\\\](c)'],
    ['| a | b |', '\\| a \\| b \\|'],
  ])('has no meaning in Markdown: %s', (text, escaped) => {
    expect(prose(text)).toBe(escaped);
  });

  it('cannot end a block of code, or code in a line', () => {
    expect(codeBlock('a\n```\nb')).toBe('````arch\na\n```\nb\n````');
    expect(inlineCode('a ` b')).toBe('``a ` b``');
    expect(inlineCode('`')).toBe('`` ` ``');
  });
});

describe('a name', () => {
  it('of a layer is shown with its signature and its documentation', () => {
    expect(shown('model M(x: Tensor[N, 4]) -> (y: Tensor[N, 2]) { return x -> fc: Lin‸ear(2) }')).toMatchInlineSnapshot(`
      "\`\`\`arch
      layer Linear(out: int, bias = true)(x: Tensor[*B, In]) -> Tensor[*B, out]
      \`\`\`

      The affine map \`x W^T + b\` of the last axis; its input width is inferred from \`x\`.

      Example: \`x -> fc: Linear(10)\` takes \`x: Tensor[N, 20]\` to \`[N, 10]\`.

      [stdlib: Linear](archc-docs:stdlib.md#linear)"
    `);
  });

  it('of a long signature is shown with one parameter on each line', () => {
    expect(shown('model M(x: Tensor[N, 4, H, W]) -> (y: Tensor[*S]) { return x -> c: Con‸v2d(2, 3) }')).toMatchInlineSnapshot(`
      "\`\`\`arch
      layer Conv2d(
        out: int,
        kernel: ints,
        stride: ints = 1,
        padding: any = 0,
        dilation: ints = 1,
        groups = 1,
        bias = true
      )(x: Tensor[N, C, H, W]) -> Tensor[N, out, H1, W1]
      \`\`\`

      Convolution of images. \`kernel\`, \`stride\` and \`dilation\` are one size for both sides, or one each; \`padding\` may also be "same".

      Example: \`x -> conv: Conv2d(16, kernel = 3, stride = 2, padding = 1)\` takes \`x: Tensor[N, 3, 32, 32]\` to \`[N, 16, 16, 16]\`.

      [stdlib: Conv2d](archc-docs:stdlib.md#conv2d)"
    `);
  });

  it('of an operator is shown with its options', () => {
    expect(shown('model M(x: Tensor[N, 4]) -> (y: Tensor[N, 4]) { return x -> soft‸max(-1) }')).toMatchInlineSnapshot(`
      "\`\`\`arch
      softmax(x, axis: axis)
      \`\`\`

      Exponentials divided by their sum along an axis: positive, and with sum 1.

      As ONNX Softmax, torch.softmax.

      In ONNX: \`Softmax\`.

      \`\`\`arch
      x -> softmax(axis = -1)
      \`\`\`

      - \`x\`: any float tensor of rank 1 or more
      - \`axis\`: the axis along which the sum is 1

      [operators: softmax](archc-docs:operators.md#softmax)"
    `);
  });

  it('of an option is shown with what it accepts', () => {
    expect(shown('model M(x: Tensor[N, 4]) -> (y: Tensor[N, 4]) { return x -> softmax(ax‸is = -1) }')).toMatchInlineSnapshot(`
      "\`\`\`arch
      axis: axis  # of softmax
      \`\`\`

      the axis along which the sum is 1"
    `);
  });

  it('of a field is shown with the key that it is read from', () => {
    const source = 'config C {\n  ## The *width* of [a](command:b).\n  wi‸dth = 64 from "hidden_size"\n}\n';
    expect(shown(source)).toMatchInlineSnapshot(`
      "\`\`\`arch
      (field) width = 64
      \`\`\`

      The \\*width\\* of \\[a\\](command&#58;b).

      Read from \`"hidden_size"\` of a configuration file."
    `);
  });

  it('that is built in is shown with what it means', () => {
    expect(shown('let a = p‸i\n')).toMatchInlineSnapshot(`
      "\`\`\`arch
      pi: float
      \`\`\`

      The circumference of a circle divided by its diameter, 3.14159...

      [language: Compile time and run time](archc-docs:language.md#compile-time-and-run-time)"
    `);
    expect(shown('let a = le‸n([1])\n')).toMatchInlineSnapshot(`
      "\`\`\`arch
      len(list)
      \`\`\`

      The number of items of a list or tuple.

      \`\`\`arch
      len([1, 2, 3])
      \`\`\`

      [language: Expressions](archc-docs:language.md#expressions)"
    `);
  });
});

/** Everything that is built in or in the prelude. */
function everything(): readonly Callable[] {
  const { workspace, path } = opened('let a = 1\n');
  const { loader } = (workspace.view(path) as FileView).inside.session;
  const declared = preludeDeclarations().flatMap((name) => {
    const found = loader.prelude(name);
    return (found && declaredCallable(found.decl, found.module)) ?? [];
  });
  const others = [
    ...builtInNames().map(builtInCallable),
    ...initializerNames.map(initializerCallable),
    ...['adamw', 'sgd', 'muon'].map(optimizerCallable),
    ...['cosine', 'warmup_linear'].map(scheduleCallable),
    ...onnxNames(22).map((name) => onnxCallable(name, 22)),
  ];
  return [...ops.map(operatorCallable), ...declared, ...others.filter((callable) => callable !== undefined)];
}

describe('everything that can be called', () => {
  const all = everything();

  it('has a signature with the places of its parameters', () => {
    expect(all.length).toBeGreaterThan(400);
    for (const callable of all) {
      const { label, parameters } = signatureText(callable);
      expect(label).not.toContain('\n');
      for (const { parameter, start, end } of parameters) expect(label.slice(start, end)).toBe(parameter.text);
    }
  });

  it('links to sections that exist', () => {
    const places = [...all.map(({ place }) => place), ...builtInNames().map((name) => builtInConstant(name)?.place)];
    const sections = new Map<string, ReadonlySet<string>>();
    const missing = new Set<string>();
    for (const place of places) {
      if (place === undefined) continue;
      const { page, section } = place;
      const text = () => readFileSync(resolve(import.meta.dirname, '../../docs', page), 'utf8');
      const known =
        sections.get(page) ??
        new Set([...text().matchAll(/^#+ (.+)$/gm)].map(([, title = '']) => docsUrl(page, title.replaceAll('`', ''))));
      sections.set(page, known);
      if (section !== undefined && !known.has(docsUrl(page, section))) missing.add(`${page}: ${section}`);
    }
    expect([...missing]).toEqual([]);
  });
});
