import { describe, expect, test } from 'vitest';
import { colorPalette } from '../../src/diagnostics/palette.js';
import { renderTerminal } from '../../src/diagnostics/render-terminal.js';
import { lenetDiagnostic, lenetSources, sample, spanOf } from './sample.js';

function render(text: string, part: string, rest = {}, width = 120): string {
  return renderTerminal([sample(spanOf('a.arch', text, part), rest)], new Map([['a.arch', text]]), { width });
}

describe('renderTerminal', () => {
  test('looks like the example of the language page', () => {
    expect(renderTerminal([lenetDiagnostic], lenetSources)).toBe(
      [
        'error[shape-mismatch]: this linear layer expects 400 features, but flatten gives 784',
        '  --> lenet.arch:7:25',
        '7 |     -> fc1: Linear(120, in = 400)',
        '  |                         ^^^^^^^^ wanted [N, 400], got [N, 784]',
        '  --> lenet.arch:5:33',
        '5 |     -> relu -> max_pool2d(2) -> flatten',
        '  |                                 ------- 16 * 7 * 7 = 784 comes from here',
        '  = help: leave `in` out: it is read off the input',
        '',
      ].join('\n'),
    );
  });

  test('draws one line once for marks that stand on it', () => {
    const text = 'y = left + right\n';
    const notes = [
      { span: spanOf('a.arch', text, 'left'), text: 'has 64 channels' },
      { span: spanOf('a.arch', text, 'right'), text: 'has 128 channels' },
    ];
    expect(render(text, '+', { notes })).toBe(
      [
        'error[shape-mismatch]: the sizes differ',
        '  --> a.arch:1:10',
        '1 | y = left + right',
        '  |          ^',
        '  |     ---- has 64 channels',
        '  |            ----- has 128 channels',
        '',
      ].join('\n'),
    );
  });

  test('aligns wanted and got by axis and marks the axes that differ', () => {
    const table = { wanted: ['N', '64', 'H', 'W'], got: ['N', '32', 'floor((H + 1)/2)', 'W'] };
    expect(render('conv(x)\n', 'x', { table }).split('\n').slice(4)).toEqual([
      '  = wanted [N, 64, H,                W]',
      '    got    [N, 32, floor((H + 1)/2), W]',
      '               ^^  ^^^^^^^^^^^^^^^^',
      '',
    ]);
  });

  test('marks missing axes in rows of unequal length', () => {
    const table = { wanted: ['N', 'T', 'D'], got: ['N', 'D'] };
    expect(render('f(x)\n', 'x', { table }).split('\n').slice(4)).toEqual([
      '  = wanted [N, T, D]',
      '    got    [N, D]',
      '               ^  ^',
      '',
    ]);
  });

  test('lists the titles of fixes where there is no help', () => {
    const fixes = [
      { title: 'write `Linear`', edits: [] },
      { title: 'write `linear`', edits: [] },
    ];
    expect(render('Linaer(3)\n', 'Linaer', { fixes })).toContain('\n  = fix: write `Linear`\n  = fix: write `linear`\n');
    expect(render('Linaer(3)\n', 'Linaer', { fixes, help: 'did you mean Linear?' })).not.toContain('= fix');
  });

  test('keeps carets under their characters after tabs', () => {
    expect(render('\tx\t= bad\n', 'bad').split('\n').slice(2, 4)).toEqual(['1 |     x   = bad', '  |           ^^^']);
  });

  test('measures wide, astral and combining characters in terminal cells', () => {
    expect(render('"幅 😀 e\u0301" + bad\n', 'bad').split('\n').slice(2, 4)).toEqual([
      '1 | "幅 😀 e\u0301" + bad',
      `  | ${' '.repeat(12)}^^^`,
    ]);
    expect(render('x = 幅😀\n', '幅😀').split('\n')[3]).toBe('  |     ^^^^');
  });

  test('never sends control or bidi characters of a source, name or message to the terminal', () => {
    const text = 'x = "\u001b[2J\u202e" + bad\n';
    const output = renderTerminal(
      [sample(spanOf('a\u001b.arch', text, 'bad'), { message: 'say \u001b[31mno' })],
      new Map([['a\u001b.arch', text]]),
    );
    // biome-ignore lint/suspicious/noControlCharactersInRegex: these characters are what must not be there
    expect(output).not.toMatch(/[\u0000-\u0009\u000b-\u001f\u202e]/);
    expect(output).toContain('␛[2J\ufffd');
  });

  test('shows a window of a very long line around the mark', () => {
    const text = `${'a'.repeat(500)} bad ${'b'.repeat(500)}\n`;
    const [, place, line = '', mark = ''] = render(text, 'bad', { label: 'here' }, 60).split('\n');
    expect(place).toBe('  --> a.arch:1:502');
    expect(line.length).toBe('1 | '.length + 60);
    expect(line.startsWith('1 | …a')).toBe(true);
    expect(line.endsWith('b…')).toBe(true);
    expect(line.slice(mark.indexOf('^'), mark.lastIndexOf('^') + 1)).toBe('bad');
  });

  test('cuts the ends of a long line only where something is left out', () => {
    const start = render(`bad ${'b'.repeat(100)}`, 'bad', {}, 40).split('\n');
    expect(start[2]).toBe(`1 | bad ${'b'.repeat(35)}…`);
    const end = render(`${'a'.repeat(100)} bad`, 'bad', {}, 40).split('\n');
    expect(end[2]).toBe(`1 | …${'a'.repeat(35)} bad`);
    expect(end[3]).toBe(`  | ${' '.repeat(37)}^^^`);
  });

  test('a mark longer than the window exactly fills it', () => {
    const lines = render('x'.repeat(300), 'x'.repeat(300), {}, 40).split('\n');
    expect(Math.max(...lines.map((line) => line.length))).toBeLessThanOrEqual(46);
  });

  test('marks the first and the last line of a long span', () => {
    const text = 'let x = 1\nlayer Foo {\n  a\n  b\n  } # end\n';
    expect(render(text, 'layer Foo {\n  a\n  b\n  }', { label: 'has no inputs' })).toBe(
      [
        'error[shape-mismatch]: the sizes differ',
        '  --> a.arch:2:1',
        '2 | layer Foo {',
        '  | ^^^^^^^^^^^',
        '...',
        '5 |   } # end',
        '  |   ^ has no inputs',
        '',
      ].join('\n'),
    );
  });

  test('does not mark the line after a span that ends with a line break', () => {
    expect(render('abc\r\ndef\r\n', 'abc\r\n').split('\n').slice(1, 5)).toEqual(['  --> a.arch:1:1', '1 | abc', '  | ^^^', '']);
  });

  test('counts lines with CRLF and with a lone CR', () => {
    expect(render('a\r\nb\r\n  bad\r\n', 'bad').split('\n').slice(1, 4)).toEqual(['  --> a.arch:3:3', '3 |   bad', '  |   ^^^']);
    expect(render('a\rb\r  bad\r', 'bad').split('\n')[1]).toBe('  --> a.arch:3:3');
  });

  test('puts one caret at an empty span and at the end of the file', () => {
    const at = (text: string, offset: number) =>
      renderTerminal([sample({ file: 'a.arch', start: offset, end: offset })], new Map([['a.arch', text]]))
        .split('\n')
        .slice(1, 4);
    expect(at('model', 5)).toEqual(['  --> a.arch:1:6', '1 | model', '  |      ^']);
    expect(at('model {\n', 8)).toEqual(['  --> a.arch:2:1', '2 |', '  | ^']);
    expect(at('', 0)).toEqual(['  --> a.arch:1:1', '1 |', '  | ^']);
    expect(at('short', 400)).toEqual(['  --> a.arch:1:6', '1 | short', '  |      ^']);
  });

  test('names a file without lines where the text is unknown', () => {
    const output = renderTerminal(
      [sample({ file: 'w.safetensors', start: 0, end: 0 }, { label: 'has 3 tensors', help: 'try --map' })],
      new Map(),
    );
    expect(output).toBe('error[shape-mismatch]: the sizes differ\n  --> w.safetensors\n  | has 3 tensors\n  = help: try --map\n');
  });

  test('makes the gutter as wide as the longest line number of the diagnostic', () => {
    const text = `first\n${'\n'.repeat(98)}last\n`;
    const notes = [{ span: spanOf('a.arch', text, 'last'), text: 'see' }];
    expect(render(text, 'first', { notes })).toBe(
      [
        'error[shape-mismatch]: the sizes differ',
        '    --> a.arch:1:1',
        '  1 | first',
        '    | ^^^^^',
        '    --> a.arch:100:1',
        '100 | last',
        '    | ---- see',
        '',
      ].join('\n'),
    );
  });

  test('separates diagnostics by an empty line', () => {
    const output = renderTerminal([lenetDiagnostic, lenetDiagnostic], lenetSources);
    expect(output.split('\n\n')).toHaveLength(2);
  });

  test('colours when asked and only then', () => {
    const plain = renderTerminal([lenetDiagnostic], lenetSources);
    const colored = renderTerminal([lenetDiagnostic], lenetSources, { palette: colorPalette });
    expect(plain).not.toContain('\u001b');
    expect(colored).toContain('\u001b[1;31merror[shape-mismatch]\u001b[0m');
    // biome-ignore lint/suspicious/noControlCharactersInRegex: the escape codes are what is taken off
    expect(colored.replaceAll(/\u001b\[[\d;]*m/g, '')).toBe(plain);
  });
});
