import { describe, expect, test } from 'vitest';
import { parseArguments } from '../../src/cli/arguments.js';
import { settingsOf } from '../../src/cli/set-option.js';
import { UsageError } from '../../src/cli/usage-error.js';

function complaint(...argv: string[]): string {
  try {
    const { options } = parseArguments(argv);
    settingsOf(options.values('set'));
    options.pairs('limit');
    options.sizes('bind');
  } catch (error) {
    if (error instanceof UsageError) return error.hint === undefined ? error.message : `${error.message}; ${error.hint}`;
    throw error;
  }
  return 'no complaint';
}

describe('parseArguments', () => {
  test('a file alone is built', () => {
    const { command, positionals, options } = parseArguments(['lenet.arch', '-o', 'lenet.onnx', '--set', 'D=256', '--set', 'name=a=b']);
    expect(command).toBe('build');
    expect(positionals).toEqual(['lenet.arch']);
    expect(options.value('output')).toBe('lenet.onnx');
    expect(settingsOf(options.values('set'))).toEqual(
      new Map([
        ['D', '256'],
        ['name', 'a=b'],
      ]),
    );
  });

  test('--set takes several hyperparameters, and the last one of a name', () => {
    const all = ['a=1,b=[8,16]', 'c.heads=4 , s="x, ]y",f=max(2, 3),t=(1, "\\",")', 'b=[1]', 'd={'];
    expect([...settingsOf(all)]).toEqual([
      ['a', '1'],
      ['c.heads', '4'],
      ['s', '"x, ]y"'],
      ['f', 'max(2, 3)'],
      ['t', '(1, "\\",")'],
      ['b', '[1]'],
      ['d', '{'],
    ]);
  });

  test('options may stand before the command', () => {
    const { command, positionals, options } = parseArguments(['--format', 'json', 'check', 'a.arch', 'b.arch']);
    expect(command).toBe('check');
    expect(positionals).toEqual(['a.arch', 'b.arch']);
    expect(options.value('format')).toBe('json');
  });

  test('`-` is standard input, and standard output after -o', () => {
    const { command, positionals, options } = parseArguments(['-', '-o', '-']);
    expect(command).toBe('build');
    expect(positionals).toEqual(['-']);
    expect(options.value('output')).toBe('-');
  });

  test('a file may be named like a command or an option', () => {
    expect(parseArguments(['./check']).command).toBe('build');
    expect(parseArguments(['build', '--', '--check.arch']).positionals).toEqual(['--check.arch']);
  });

  test('sizes may come in one list or in several', () => {
    expect(parseArguments(['cost', 'a.arch', '--bind', 'N=1,T=128', '--bind', 'H=224']).options.sizes('bind')).toEqual(
      new Map([
        ['N', 1],
        ['T', 128],
        ['H', 224],
      ]),
    );
  });

  test.each<[string, string[]]>([
    ['there is no option `--ouput`; did you mean `--output`?', ['a.arch', '--ouput', 'b']],
    ['there is no option `-z`; `archc --help` lists the options', ['a.arch', '-z']],
    ['there is no option `--constructor`; `archc --help` lists the options', ['a.arch', '--constructor']],
    ['there is no command `chekc`; did you mean `archc check`?', ['chekc', 'a.arch']],
    ['there is no command `frobnicate`; `archc --help` lists the commands; a model file has the ending .arch', ['frobnicate']],
    ['`--model` needs a value: --model NAME', ['a.arch', '--model']],
    ['`--model` needs a value: --model NAME', ['a.arch', '--model', '--strict']],
    ['`--strict` takes no value', ['a.arch', '--strict=yes']],
    ['`--dtype` cannot be `f61`; did you mean `f16`? It is one of f32, f16, bf16', ['a.arch', '--dtype', 'f61']],
    ['`--seed` needs a whole number, not `-3`', ['a.arch', '--seed', '-3']],
    ['`--runs` needs a whole number from 1, not `0`', ['run', 'a.arch', '--runs', '0']],
    ['`--seed` is given twice', ['a.arch', '--seed', '1', '--seed', '2']],
    ['`archc check` has no option `--runs`; it belongs to `archc run`, `archc compare`', ['check', 'a.arch', '--runs', '3']],
    ['`--set D` is not of the form NAME=VALUE', ['a.arch', '--set', 'D']],
    ['`--limit` gives `files` twice', ['a.arch', '--limit', 'files=1', '--limit', 'files=2']],
    [
      '`--set hidden=8,16` is not of the form NAME=VALUE; write a list in brackets: `--set "hidden=[8,16]"`',
      ['a.arch', '--set', 'hidden=8,16'],
    ],
    [
      '`--set a=1,b=8, 16,c=2` is not of the form NAME=VALUE; write a list in brackets: `--set "b=[8,16]"`',
      ['a.arch', '--set', 'a=1,b=8, 16,c=2'],
    ],
    ['`--set D==3` is not of the form NAME=VALUE', ['a.arch', '--set', 'D==3']],
    ['`--set D=1,` is not of the form NAME=VALUE; write a list in brackets: `--set "D=[1,]"`', ['a.arch', '--set', 'D=1,']],
    ['`--bind N=1.5`: a size is a whole number', ['a.arch', '--bind', 'N=1.5']],
    ['`--bind N=` has no value', ['a.arch', '--bind', 'N=']],
    ['`--set D=` has no value', ['a.arch', '--set', 'D=']],
    ['`-o` needs a value: -o FILE', ['a.arch', '-o', '']],
    ['`--opset` needs a whole number from 21 to 26, not `3`', ['a.arch', '--opset', '3']],
    ['`--opset` needs a whole number from 21 to 26, not `27`', ['a.arch', '--opset', '27']],
    [
      '`--target` cannot be `webgpu-jsep`; archc no longer supports the older WebGPU provider (JSEP); `webgpu` is the native one, which `onnxruntime-web/webgpu` also has',
      ['a.arch', '--target', 'webgpu-jsep'],
    ],
    ['there is no command `help`; did you mean `archc --help`?', ['help']],
  ])('%s', (message, argv) => {
    expect(complaint(...argv)).toBe(message);
  });
});
