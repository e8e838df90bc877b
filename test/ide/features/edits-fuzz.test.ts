import { describe, expect, it } from 'vitest';
import { scan } from '../../../src/1-syntax/scan.js';
import { codeActions, resolveCodeAction } from '../../../src/ide/features/actions/code-actions.js';
import { onTypeFormatting } from '../../../src/ide/features/format/on-type.js';
import { formatting, rangeFormatting } from '../../../src/ide/features/format/range.js';
import { prepareRename, rename } from '../../../src/ide/features/rename/rename.js';
import { willRenameFiles } from '../../../src/ide/features/rename/rename-files.js';
import { shippedSources } from '../../kit/broken-source.js';
import { opened } from '../../kit/ide.js';
import { randomNumbers } from '../../kit/random.js';
import { samples } from '../../kit/samples.js';

describe('in a file without some token', () => {
  it.each(shippedSources())(
    'of $name, renames, actions and formatting do not throw',
    ({ text }) => {
      const random = randomNumbers(text.length);
      const below = (n: number) => Math.floor(random() * n);
      const { workspace, path } = opened(text);
      const { tokens } = scan(text);
      for (let i = 0; i < samples(4, 15); i++) {
        const token = tokens[below(tokens.length)];
        const at = token?.startOffset ?? 0;
        const broken = text.slice(0, at) + text.slice(at + (token?.image.length ?? 0));
        workspace.set(path, broken);
        const offset = random() < 0.5 ? at : below(broken.length + 1);
        const span = { start: offset, end: random() < 0.5 ? offset : Math.min(broken.length, offset + below(60)) };
        const actions = codeActions(workspace, path, span);
        for (const action of actions) if (action.edits === undefined && random() < 0.3) resolveCodeAction(workspace, path, span, action);
        if (random() < 0.3) rename(workspace, path, offset, 'other_name');
        prepareRename(workspace, path, offset);
        onTypeFormatting(workspace, path, offset, random() < 0.5 ? '\n' : '}');
        rangeFormatting(workspace, path, span);
        formatting(workspace, path);
        willRenameFiles(workspace, [{ from: path, to: 'folder/other.arch' }]);
        expect(actions.every(({ title }) => title !== '')).toBe(true);
      }
    },
    300_000,
  );

  it('that is empty or not there, nothing is found', () => {
    const { workspace } = opened('');
    for (const path of ['main.arch', 'missing.arch', 'std/layers']) {
      expect(codeActions(workspace, path, { start: 0, end: 5 }, ['quickfix', 'refactor'])).toEqual([]);
      expect(rename(workspace, path, 3, 'a')).toHaveProperty('refused');
      expect(rangeFormatting(workspace, path, { start: 0, end: 5 })).toEqual([]);
    }
  });
});
