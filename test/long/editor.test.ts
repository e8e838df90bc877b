import { describe, expect, it } from 'vitest';
import { inlayHints } from '../../src/ide/features/inlay-hints.js';
import type { FileView } from '../../src/ide/file-view.js';
import { keyOf } from '../../src/ide/names/named.js';
import type { Workspace } from '../../src/ide/workspace.js';
import { shippedSources } from '../kit/broken-source.js';
import { emptyWorkspace, surveySource } from '../kit/ide-survey.js';
import { randomEdits } from '../kit/random-edits.js';

describe('editor features, at length', () => {
  it.each(shippedSources().filter(({ name }) => name.startsWith('examples')))('answer in every broken text of $name', (source) => {
    expect(surveySource(source).texts).toBeGreaterThan(source.text.length);
  });

  it('know the same after 10,000 random edits as from scratch', () => {
    const sources = shippedSources();
    let edits = 0;
    for (const [k, { name, text }] of sources.entries()) {
      const workspace = emptyWorkspace();
      const others = sources.map((other) => other.text).filter((_, i) => i % 5 === k % 5);
      const random = randomEdits(text, others, k);
      for (let i = 0; i < Math.ceil(10_000 / sources.length); i++, edits++) {
        const edit = random.next().value;
        workspace.set('main.arch', edit.text);
        const fresh = emptyWorkspace();
        fresh.set('main.arch', edit.text);
        expect(knownIn(workspace), `${name}, edit ${i}: ${edit.what}`).toEqual(knownIn(fresh));
      }
    }
    console.log(`${edits} edits, 0 differences`);
  });
});

/** What is known about a file: its mistakes, what its names mean, and its shapes. */
function knownIn(workspace: Workspace) {
  const view = workspace.view('main.arch') as FileView;
  return {
    diagnostics: view.diagnostics.map(({ code, message, span: { start, end } }) => ({ code, message, start, end })),
    names: view.occurrences().map(({ span, named, role }) => `${span.start} ${role} ${keyOf(named)} ${named.kind}`),
    hints: inlayHints(workspace, 'main.arch', { start: 0, end: view.text.length }, { shapes: true, sizes: true, argumentNames: true }).map(
      ({ offset, label }) => `${offset} ${label}`,
    ),
  };
}
