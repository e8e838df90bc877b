import { expect, it } from 'vitest';
import { parse } from '../../src/1-syntax/parse.js';
import { scan } from '../../src/1-syntax/scan.js';
import { edited } from '../../src/diagnostics/apply-fix.js';
import { Report } from '../../src/diagnostics/report.js';
import { withoutPlaces } from '../../src/ide/features/completion/item.js';
import { completions, resolveCompletion } from '../../src/ide/features/completion.js';
import { signatureHelp } from '../../src/ide/features/signature-help.js';
import { shippedSources } from '../kit/broken-source.js';
import { opened } from '../kit/ide.js';
import { randomNumbers } from '../kit/random.js';
import { samples } from '../kit/samples.js';

const other = { 'lib/blocks.arch': 'layer Extra(x: Tensor[N]) -> Tensor[N] { return x }\n' };

/** The form of a suggestion: two names in the same place are read the same. */
function formOf(insert: string): string {
  return insert.replaceAll(/[A-Za-z_]\w*/g, (word) => (word in reserved ? word : 'x'));
}

const reserved: Readonly<Record<string, true>> = {
  none: true,
  true: true,
  false: true,
  if: true,
  cond: true,
  for: true,
  let: true,
  as: true,
};

it('offers what leaves a text that can be parsed', { timeout: 240_000 }, () => {
  const numbers = randomNumbers(1);
  const wrong: string[] = [];
  let offered = 0;
  const sources = shippedSources().map((source) => ({ ...source, ...opened({ 'main.arch': source.text, ...other }) }));
  for (let i = 0; i < samples(50, 200); i++) {
    const { name, text, workspace } = sources[i % sources.length]!;
    const offset = Math.floor(numbers() * (text.length + 1));
    const forms = new Set<string>();
    for (const { label, insert, isSnippet, span, edits } of completions(workspace, 'main.arch', offset)) {
      offered++;
      const form = formOf(insert);
      if (forms.has(form) && edits.length === 0) continue;
      forms.add(form);
      const report = new Report();
      parse('main.arch', edited(text, [{ span, text: isSnippet ? withoutPlaces(insert) : insert }, ...edits]), report);
      if (report.hasErrors) wrong.push(`${name} at ${offset}: ${label}: ${report.diagnostics[0]?.message}`);
    }
  }
  expect(wrong.slice(0, 20)).toEqual([]);
  expect(offered).toBeGreaterThan(samples(700, 3000));
});

it('answers in broken texts', { timeout: 240_000 }, () => {
  const numbers = randomNumbers(2);
  const below = (n: number) => Math.floor(numbers() * n);
  const sources = shippedSources().map((source) => ({ ...source, ...opened({ 'main.arch': source.text, ...other }) }));
  for (let i = 0; i < samples(75, 300); i++) {
    const { text, workspace } = sources[i % sources.length]!;
    const { tokens } = scan(text);
    const { startOffset, image } = tokens[below(tokens.length)]!;
    const broken = text.slice(0, startOffset) + text.slice(startOffset + image.length);
    workspace.set('main.arch', broken);
    for (const offset of [startOffset, Math.min(broken.length, Math.max(0, startOffset + below(40) - 20))]) {
      const items = completions(workspace, 'main.arch', offset);
      for (const item of items.slice(0, 3)) resolveCompletion(workspace, item);
      expect(items.every(({ span }) => span.start <= offset && offset <= span.end)).toBe(true);
      signatureHelp(workspace, 'main.arch', offset);
    }
  }
});

it('answers in empty files, at their ends, and where nothing is', () => {
  for (const text of [
    '',
    '\n',
    ' ',
    '#',
    '##',
    '"',
    '(',
    '{',
    'layer',
    'layer L',
    'layer L(',
    'model M(x: ',
    'train',
    'import {',
    'x ->',
    '\ufeff',
    '\r\n',
  ]) {
    const { workspace } = opened(text);
    for (const offset of [-1, 0, text.length, text.length + 1]) {
      completions(workspace, 'main.arch', offset);
      signatureHelp(workspace, 'main.arch', offset);
    }
    expect(completions(workspace, 'other.arch', 0)).toEqual([]);
  }
});
