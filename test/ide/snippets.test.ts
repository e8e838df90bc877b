import { expect, test } from 'vitest';
import { withoutPlaces } from '../../src/ide/features/completion/item.js';
import { type CompletionItem, completions } from '../../src/ide/features/completion.js';
import { opened } from '../kit/ide.js';
import { checkText, rendered } from '../kit/source.js';
import { read } from '../syntax/corpus.js';

function snippetsAt(source: string): readonly CompletionItem[] {
  const { workspace, path, offset } = opened(source);
  return completions(workspace, path, offset).filter(({ kind }) => kind === 'snippet');
}

const around = 'model M(x: Tensor[N, 8]) -> (y: Tensor[N, 8]) {\n  ‸\n  return x\n}\n';
const declarations = snippetsAt('‸');

test.each([...declarations.map((item) => ['', item] as const), ...snippetsAt(around).map((item) => [around, item] as const)])(
  'in `%s`, $label can be read',
  (source, { insert }) => {
    const text = withoutPlaces(insert);
    const { diagnostics } = read(source === '' ? `${text}\n` : source.replace('‸', text.replaceAll('\n', '\n  ')));
    expect(
      diagnostics.map(({ message }) => message),
      text,
    ).toEqual([]);
  },
);

test.each(['layer', 'layer with a parameter', 'model', 'fn', 'config'])('%s has no mistake', (label) => {
  const text = withoutPlaces(declarations.find((item) => item.label === label)?.insert ?? '');
  const result = checkText({ 'main.arch': `${text}\n` });
  expect(
    result.diagnostics.filter(({ severity }) => severity === 'error'),
    rendered(result),
  ).toEqual([]);
});

test('those of declarations and statements are not offered as stages', () => {
  const stages = snippetsAt(around.replace('return x', 'return x -> ‸').replace('\n  ‸\n', '\n'));
  expect(stages.map(({ label }) => label).filter((label) => !label.startsWith('as '))).toEqual([]);
});
