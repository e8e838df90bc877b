import { existsSync, readdirSync, readFileSync } from 'node:fs';
import { join, resolve } from 'node:path';
import { describe, expect, test } from 'vitest';
import { renderTerminal } from '../../src/diagnostics/render-terminal.js';
import { diagnose } from './diagnose.js';
import { samplesUnder, shownText } from './sample.js';

const folder = import.meta.dirname;
const pages = resolve(folder, '../../docs/errors');
const samples = samplesUnder(folder);

describe.each(samples.map((sample) => [sample.id, sample] as const))('%s', (_, sample) => {
  test('yields its code and nothing else, as recorded', async () => {
    const { diagnostics, sources } = diagnose(sample);
    const printed = renderTerminal(diagnostics, sources);
    expect(
      diagnostics.map((d) => d.code),
      printed,
    ).toEqual(sample.expect.codes ?? [sample.code]);
    await expect(printed).toMatchFileSnapshot(join(sample.folder, sample.file.replace(/\.arch$/, '.out')));
  });

  test('compiles after each of its fixes', () => {
    const { diagnostics } = diagnose(sample);
    for (const { title, edits } of diagnostics.flatMap((d) => d.fixes)) {
      const after = diagnose(sample, edits);
      // A fix mends its own mistake; where a sample has several, the others stay.
      const errors = after.diagnostics.filter((d) => d.severity === 'error');
      expect(errors.length, `${title}:\n${renderTerminal(errors, after.sources)}`).toBe(diagnostics.length - 1);
    }
  });
});

test('no recorded message is left without its sample', () => {
  const outputs = readdirSync(folder, { recursive: true, withFileTypes: true }).filter((entry) => entry.name.endsWith('.out'));
  const orphans = outputs.map((entry) => join(entry.parentPath, entry.name)).filter((path) => !existsSync(path.replace(/\.out$/, '.arch')));
  expect(orphans).toEqual([]);
});

/** What is written by hand in a page: what the code means, what is said before its example, and what to do. */
function partsOf(code: string): { readonly meaning: string; readonly remark: string; readonly advice: string } {
  const [, head = '', advice = ''] =
    /^# .*\n([\s\S]*?)^## What to do\n([\s\S]*)$/m.exec(readFileSync(join(pages, `${code}.md`), 'utf8')) ?? [];
  const [meaning = '', remark = ''] = head.replaceAll(/^```(?:arch|text)\n[\s\S]*?```$/gm, '').split(/^## Example$/m);
  return { meaning: meaning.trim().replaceAll(/\n{3,}/g, '\n\n'), remark: remark.trim(), advice: advice.trim() };
}

function block(language: string, text: string): string {
  return `\`\`\`${language}\n${text.endsWith('\n') ? text : `${text}\n`}\`\`\``;
}

describe('docs/errors', () => {
  const codes = readdirSync(pages)
    .filter((name) => name.endsWith('.md') && name !== 'README.md')
    .map((name) => name.slice(0, -'.md'.length))
    .sort();

  test.each(codes)('%s.md shows the sample and what archc prints for it', async (code) => {
    const sample = samples.find(({ id }) => id === `${code}/example`);
    if (sample === undefined) throw new Error(`test/errors/${code}/example.arch is missing`);
    const { diagnostics, sources } = diagnose(sample);
    const shown = shownText(sample);
    const printed = renderTerminal(diagnostics, new Map([...sources, [sample.file, shown]]));
    const { meaning, remark, advice } = partsOf(code);
    for (const text of [meaning, advice, shown, printed]) expect(text.trim()).not.toBe('');
    const example = [...(remark === '' ? [] : [remark]), block('arch', shown), block('text', printed)];
    const page = [`# ${code}`, meaning, '## Example', ...example, '## What to do', advice].join('\n\n');
    await expect(`${page}\n`).toMatchFileSnapshot(join(pages, `${code}.md`));
  });

  test('README.md lists every page', async () => {
    const rows = codes.map((code) => {
      const [sentence = ''] = /^.*?[.?](?=\s|$)/.exec(partsOf(code).meaning.replaceAll('\n', ' ')) ?? [];
      expect(sentence, code).toMatch(/^[^`]*(?:`[^`]*`[^`]*)*[.?]$/);
      return `| [\`${code}\`](${code}.md) | ${sentence.replaceAll('|', '\\|')} |`;
    });
    const text = [
      '# What archc says',
      '',
      'One page for each code; `archc explain CODE` prints it. Written by `npm run test:update`.',
      '',
      '| code | |',
      '| --- | --- |',
      ...rows,
      '',
    ];
    await expect(text.join('\n')).toMatchFileSnapshot(join(pages, 'README.md'));
  });
});
