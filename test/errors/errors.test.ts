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

describe('docs/errors', () => {
  const codes = readdirSync(pages)
    .filter((name) => name.endsWith('.md') && name !== 'README.md')
    .map((name) => name.slice(0, -'.md'.length))
    .sort();

  test.each(codes)('%s.md shows the sample and what archc prints for it', async (code) => {
    const sample = samples.find(({ id }) => id === `${code}/example`);
    if (sample === undefined) throw new Error(`test/errors/${code}/example.arch is missing`);
    const page = readFileSync(join(pages, `${code}.md`), 'utf8');
    const { diagnostics, sources } = diagnose(sample);
    const shown = shownText(sample);
    const printed = renderTerminal(diagnostics, new Map([...sources, [sample.file, shown]]));
    expect(page).toMatch(new RegExp(`^# ${code}\n\n[^\n#]`));
    expect(page).toMatch(/^## What to do\n\n\S/m);
    const updated = page
      .replace(/^```arch\n[\s\S]*?^```$/m, () => `\`\`\`arch\n${shown}\`\`\``)
      .replace(/^```text\n[\s\S]*?^```$/m, () => `\`\`\`text\n${printed}\`\`\``);
    await expect(updated).toMatchFileSnapshot(join(pages, `${code}.md`));
  });

  test('README.md lists every page', async () => {
    const rows = codes.map((code) => {
      const [, sentence = ''] = /^# .*\n\n(.*?[.:?])(?:\s|$)/.exec(readFileSync(join(pages, `${code}.md`), 'utf8')) ?? [];
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
