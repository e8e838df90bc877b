import { readFileSync } from 'node:fs';
import { resolve } from 'node:path';
import { describe, expect, it } from 'vitest';
import { difference } from '../kit/close.js';
import { builtModel } from '../kit/model-run.js';
import { useOrt } from '../kit/ort.js';
import { compileText, rendered } from '../kit/source.js';
import { arrayOf, golden, modelFor, type Spelling, spellings } from './spellings.js';

const ort = useOrt();

async function demandEqual(spelling: Spelling, expression: string, call: string): Promise<void> {
  const wanted = golden.results[call];
  if (wanted === undefined) throw new Error(`${call} was not run: run scripts/torch-spellings.py`);
  const { model, bytes } = builtModel(modelFor(spelling, expression, wanted));
  const state = Object.entries(wanted.state ?? {});
  if (state.length > 0) {
    // Layers: the parameters of PyTorch, by name; what they compute is compared with PyTorch's weights in test/stdlib.
    const shapes = model.onnx.parameters.map(({ value: { name, type } }) => [name.replace(/^m\./, ''), type.shape.map((d) => d.constant)]);
    expect(Object.fromEntries(shapes.filter(([name]) => name !== 'num_batches_tracked'))).toEqual(Object.fromEntries(state));
    return;
  }
  const feeds = Object.fromEntries(model.onnx.inputs.map(({ name }) => [name, arrayOf(golden.inputs[name] as never)]));
  const got = await ort.run(bytes, feeds);
  expect(difference(got.result as never, arrayOf(wanted), 1e-5, 2e-6)).toBeUndefined();
}

describe('the same spelling as in PyTorch', () => {
  const equal = spellings.filter((s) => s.result === 'equal');
  it.each(equal.map((s) => [s.archc, s.torch, s] as const))('`%s` is `%s`', async (_, call, spelling) => {
    await demandEqual(spelling, spelling.archc, call);
  });
});

describe('a spelling that would mean something else', () => {
  const errors = spellings.filter((s) => s.result === 'error');
  it.each(errors.map((s) => [s.archc, s] as const))('`%s` is refused, with the right one', async (_, spelling) => {
    const call = spelling.value ?? spelling.torch;
    const result = compileText(modelFor(spelling, spelling.archc, golden.results[call]));
    expect(result.model).toBeUndefined();
    const [first] = result.diagnostics;
    expect([first?.message, first?.help].join('\n'), rendered(result)).toContain(spelling.says);
    if (spelling.right !== undefined) await demandEqual(spelling, spelling.right, call);
  });
});

describe('docs/coming-from-pytorch.md', () => {
  const path = resolve(import.meta.dirname, '../../docs/coming-from-pytorch.md');
  it('lists every spelling', async () => {
    const page = readFileSync(path, 'utf8');
    const row = ({ torch, archc, result, right, says }: Spelling) =>
      `| ${code(torch)} | ${code(archc)} | ${result === 'equal' ? 'the same' : `an error: ${code(right ?? says ?? '')}`} |`;
    const table = ['| PyTorch | the same spelling here | gives |', '| --- | --- | --- |', ...spellings.map(row)].join('\n');
    const updated = page.replace(
      /(<!-- spellings -->\n)[\s\S]*?(<!-- end -->)/,
      (_, start: string, end: string) => `${start}\n${table}\n\n${end}`,
    );
    await expect(updated).toMatchFileSnapshot(path);
  });
});

function code(text: string): string {
  return `\`${text.replaceAll('|', '\\|')}\``;
}
