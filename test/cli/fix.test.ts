import { chmodSync, readFileSync, statSync, writeFileSync } from 'node:fs';
import { describe, expect, test } from 'vitest';
import { main } from '../../src/cli/main.js';
import { useFolderForEach } from '../kit/own-folder.js';

useFolderForEach();

async function archc(...args: readonly string[]): Promise<{ readonly code: number; readonly out: string; readonly err: string }> {
  let out = '';
  let err = '';
  const text = (data: string | Uint8Array) => (typeof data === 'string' ? data : new TextDecoder().decode(data));
  const code = await main(args, {
    env: {},
    out: {
      isTerminal: false,
      columns: undefined,
      write: (data) => {
        out += text(data);
      },
    },
    err: {
      isTerminal: false,
      columns: undefined,
      write: (data) => {
        err += text(data);
      },
    },
  });
  return { code, out, err };
}

const wordy = `import { causal_mask, rope } from "std/attention"
import { sinusoidal } from "std/position"

## A model with much that it does not need.
model M(x: Tensor[N, T, 8], old: Tensor[N]) -> (y: Tensor[N, T, 8]) {
  let base = 2        # only for \`scale\`
  let scale = 3 * base
  let f(v) = v * 2
  h = x * 0.5; g = x + 1
  (first, second) = (x, x * 2)
  kept = x -> fc: Linear(8)
  return first -> attn: TransformerEncoderLayer(2, ff = 16)(causal_mask(T))
}
`
  .replaceAll('\\`', '`')
  .replace('; ', '\n  ');

const fixed = `import { causal_mask } from "std/attention"

## A model with much that it does not need.
model M(x: Tensor[N, T, 8], old: Tensor[N]) -> (y: Tensor[N, T, 8]) {
  (first, _) = (x, x * 2)
  kept = x -> fc: Linear(8)
  return first -> attn: TransformerEncoderLayer(2, ff = 16)(causal_mask(T))
}
`;

describe('archc check --fix', () => {
  test('removes what is safe to remove, says so, and reports the rest', async () => {
    writeFileSync('m.arch', wordy);
    const { code, err } = await archc('check', '--fix', '--format', 'short', 'm.arch');
    expect(readFileSync('m.arch', 'utf8')).toBe(fixed);
    expect(code).toBe(0);
    expect(err.split('\n')).toEqual([
      'fixed m.arch:1: remove `rope` from the import [unused-import]',
      'fixed m.arch:2: remove the import [unused-import]',
      'fixed m.arch:7: remove `scale` [unused-let]',
      'fixed m.arch:8: remove `f` [unused-let]',
      'fixed m.arch:9: remove `h` [unused-variable]',
      'fixed m.arch:10: remove `g` [unused-variable]',
      'fixed m.arch:11: write `_` for it [unused-variable]',
      'fixed m.arch:5: remove `base` [unused-let]',
      'm.arch:4:29: warning[unused-input]: the input `old` of `M` is not used',
      'm.arch:6:15: warning[dropped-layer]: the result of the layer `fc` is not used, but its weights are in the model',
      '',
    ]);
  });

  test('changes nothing the second time', async () => {
    writeFileSync('m.arch', wordy);
    await archc('check', '--fix', 'm.arch');
    const { mtimeMs, ino } = statSync('m.arch');
    const { err } = await archc('check', '--fix', '--quiet', '--format', 'short', 'm.arch');
    expect(err).not.toContain('fixed');
    expect(readFileSync('m.arch', 'utf8')).toBe(fixed);
    expect(statSync('m.arch')).toMatchObject({ mtimeMs, ino });
  });

  test('keeps the mode of a file', async () => {
    writeFileSync('m.arch', wordy);
    chmodSync('m.arch', 0o640);
    await archc('check', '--fix', 'm.arch');
    expect(statSync('m.arch').mode & 0o777).toBe(0o640);
  });

  test('changes only the files of the command line', async () => {
    const parts = 'import { rope } from "std/attention"\nlayer L(x: Tensor[*S]) -> Tensor[*S] { return x * 2 }\n';
    writeFileSync('parts.arch', parts);
    writeFileSync('m.arch', 'import { L } from "./parts.arch"\nmodel M(x: Tensor[N, 8]) -> (y: Tensor[N, 8]) { return x -> L }\n');
    expect(await archc('check', '--fix', '--quiet', 'm.arch')).toEqual({ code: 0, out: '', err: '' });
    expect(readFileSync('parts.arch', 'utf8')).toBe(parts);
    await archc('check', '--fix', '--quiet', './parts.arch', 'm.arch');
    expect(readFileSync('parts.arch', 'utf8')).toBe(parts.slice(parts.indexOf('layer')));
  });

  test('leaves a file with errors and standard input as they are', async () => {
    const broken = 'import { rope } from "std/attention"\nmodel M(x: Tensor[N, 8]) -> (y: Tensor[N, 8]) { return x -> relou }\n';
    writeFileSync('m.arch', broken);
    expect((await archc('check', '--fix', 'm.arch')).code).toBe(1);
    expect(readFileSync('m.arch', 'utf8')).toBe(broken);
    expect((await archc('check', '--fix', '-')).code).toBe(2);
    expect((await archc('check', '--fix', '--watch', 'm.arch')).code).toBe(2);
  });
});

describe('warnings of the command line', () => {
  const library = 'layer Old(x: Tensor[*S]) -> Tensor[*S] { return x }\nlayer L(x: Tensor[*S]) -> Tensor[*S] { return x * 2 }\n';

  test('a declaration that another file of the command line imports is used', async () => {
    writeFileSync('a.arch', `${library}model A(x: Tensor[N, 8]) -> (y: Tensor[N, 8]) { return x }\n`);
    writeFileSync('b.arch', 'import { L } from "./a.arch"\nmodel B(x: Tensor[N, 8]) -> (y: Tensor[N, 8]) { return x -> L }\n');
    const alone = await archc('check', '--format', 'short', 'a.arch');
    expect(alone.err.match(/`\w+` is not used/g)).toEqual(['`Old` is not used', '`L` is not used']);
    const together = await archc('check', '--format', 'short', './a.arch', 'b.arch');
    expect(together.err.match(/`\w+` is not used/g)).toEqual(['`Old` is not used']);
  });

  test('a library has no unused declarations', async () => {
    writeFileSync('a.arch', library);
    expect((await archc('check', '--quiet', '--deny-warnings', 'a.arch')).err).toBe('');
  });

  test('--deny-warnings says why the command fails, and a build writes nothing', async () => {
    writeFileSync('m.arch', wordy);
    const checked = await archc('check', '--deny-warnings', '--format', 'short', 'm.arch');
    expect(checked.code).toBe(1);
    expect(checked.err).toMatch(/\nwarnings fail this command because of `--deny-warnings`\n$/);
    const built = await archc('build', '--deny-warnings', '--format', 'json', 'm.arch', '-o', 'm.onnx');
    expect(built.code).toBe(1);
    expect(JSON.parse(built.out)[0]).toMatchObject({ code: 'unused-import', severity: 'warning', fixes: [{ safe: true }] });
    expect(built.err).toBe('warnings fail this command because of `--deny-warnings`\n');
    expect(() => statSync('m.onnx')).toThrow();
  });

  test('a warning that is about the build is allowed above the model', async () => {
    writeFileSync('m.arch', '# archc: allow unused-input\nmodel M(x: Tensor[N, 8], z: Tensor[N]) -> (y: Tensor[N, 8]) { return x * 2 }\n');
    expect((await archc('build', '--quiet', '--deny-warnings', 'm.arch', '-o', 'm.onnx')).code).toBe(0);
  });
});
