import { describe, expect, it } from 'vitest';
import { applyFix } from '../../src/diagnostics/apply-fix.js';
import { inlayHints } from '../../src/ide/features/inlay-hints.js';
import { opened } from '../kit/ide.js';

const all = { shapes: true, sizes: true, argumentNames: true };

/** The text with its hints in `«»`. */
function shown(source: string, options: Partial<typeof all> = {}): string {
  const { workspace, path, text } = opened(source);
  const hints = inlayHints(
    workspace,
    path,
    { start: 0, end: text.length },
    { shapes: false, sizes: false, argumentNames: false, ...options },
  );
  return hints.reduceRight((result, { offset, label }) => `${result.slice(0, offset)}«${label}»${result.slice(offset)}`, text);
}

const lenet = `model LeNet(classes = 10)(image: Tensor[N, 1, 28, 28]) -> (logits: Tensor[N, classes]) {
  return image
    -> conv1: Conv2d(6, kernel = 5, padding = 2)
    -> relu -> max_pool2d(2) -> flatten as [N, 1176]
    -> fc: Linear(classes)
}
`;

describe('inlay hints', () => {
  it('show shapes where they change and at the ends of lines', () => {
    expect(shown(lenet, { shapes: true })).toBe(`model LeNet(classes = 10)(image: Tensor[N, 1, 28, 28]) -> (logits: Tensor[N, classes]) {
  return image
    -> conv1: Conv2d(6, kernel = 5, padding = 2)«[N, 6, 28, 28]»
    -> relu -> max_pool2d(2)«[N, 6, 14, 14]» -> flatten as [N, 1176]
    -> fc: Linear(classes)«[N, classes]»
}
`);
  });

  it('show the sizes that layers infer', () => {
    const text = shown(lenet, { sizes: true });
    expect(text).toContain('padding = 2)«C = 1»');
    expect(text).toContain('Linear(classes)«In = 1176»');
  });

  it('show them after an `as` at the end of a line, where they leave its column alone', () => {
    const stages = '    -> a: Linear(16)   as [N, 16]\n    -> b: Linear(4) as [N, 4] -> relu\n';
    const text = shown(`model M(x: Tensor[N, 8]) -> (y: Tensor[N, 4]) {\n  return x\n${stages}}\n`, { sizes: true });
    expect(text).toContain('-> a: Linear(16)   as [N, 16]«In = 8»\n');
    expect(text).toContain('-> b: Linear(4)«In = 16» as [N, 4] -> relu\n');
  });

  it('show the names of arguments that do not say it themselves', () => {
    const text = shown(
      'model M(x: Tensor[N, 8]) -> (y: Tensor[N, 4]) {\n  let out = 4\n  return x -> Linear(16, bias = true) -> Linear(out)\n}\n',
      { argumentNames: true },
    );
    expect(text).toContain('Linear(«out =»16, bias = true) -> Linear(out)');
  });

  it('show no name of one letter', () => {
    const text = shown('fn f(x: Tensor[N, 8]) -> Tensor[N] {\n  return sum(relu(x + 1), -1)\n}\n', { argumentNames: true });
    expect(text).toContain('return sum(relu(x + 1), «axes =»-1)');
  });

  it('give tensors to the inputs of operators, and numbers to their options', () => {
    const source = 'model M(x: Tensor[N, 3, 8, 8], w: Tensor[4, 3, 3, 3]) -> (y: Tensor[N, 4, 4, 4]) {\n  return conv2d(x, w, 2, 1)\n}\n';
    expect(shown(source, { argumentNames: true })).toContain('conv2d(x, «weight =»w, «stride =»2, «padding =»1)');
  });

  it('show no name of an option that cannot be given by position', () => {
    const stage = (written: string) =>
      shown(`config C {\n  width = 8\n}\nmodel M(x: Tensor[N, 3, 8, 8]) -> (y: Tensor[N, 4, 4, 4]) {\n  return x -> ${written}\n}\n`, {
        argumentNames: true,
      });
    expect(stage('c: Conv2d(4, 3, padd)')).toContain('Conv2d(«out =»4, «kernel =»3, padd)');
    expect(stage('c: Conv2d(4, 3, 2)')).toContain('Conv2d(«out =»4, «kernel =»3, 2)');
    expect(stage('std(2, true)')).toContain('std(«axes =»2, true)');
    expect(stage('reshape(C(4))')).toContain('C(4)');
  });

  it('show the axes of a `*B` as it is written', () => {
    const source = 'layer L(out: int)(x: Tensor[*B, In]) -> Tensor[*B, out] {\n  return x -> fc: Linear(out)\n}\n';
    expect(shown(source, { shapes: true })).toContain('Linear(out)«[*B, out]»');
  });

  it('show the shapes of variables, also in a declaration with mistakes', () => {
    const text = shown(
      'model M(x: Tensor[N, 8]) -> (y: Tensor[N, 8]) {\n  z = x * 2\n  i = argmax(x, axis = 1)\n  return z + nothing\n}\n',
      { shapes: true },
    );
    expect(text).toContain('z = x * 2«[N, 8]»\n');
    expect(text).toContain('i = argmax(x, axis = 1)«<i64>[N]»\n');
  });

  it('can be written into the text, which then says the same', () => {
    const { workspace, path, text } = opened(lenet);
    const hints = inlayHints(workspace, path, { start: 0, end: text.length }, { ...all, sizes: false });
    const edits = hints.flatMap(({ edit }) => (edit === undefined ? [] : [edit]));
    expect(edits).toHaveLength(6);
    const written = applyFix({ title: '', edits }, new Map([[path, text]])).get(path) ?? '';
    const again = opened(written);
    expect(again.workspace.view(path)?.checked.diagnostics).toEqual([]);
    expect(inlayHints(again.workspace, path, { start: 0, end: written.length }, { ...all, sizes: false })).toEqual([]);
  });

  it('are those of a range', () => {
    const { workspace, path, text } = opened(lenet);
    const start = text.indexOf('-> fc');
    expect(inlayHints(workspace, path, { start, end: text.length }, all).map(({ label }) => label)).toEqual([
      'out =',
      'In = 1176',
      '[N, classes]',
    ]);
  });
});
