import { readFileSync } from 'node:fs';
import { describe, expect, it } from 'vitest';
import type { Diagnostic, Edit } from '../../src/diagnostics/diagnostic.js';
import { checkText, rendered } from '../kit/source.js';

const lines = readFileSync(new URL('./mended.txt', import.meta.url), 'utf8').split('\n');
const cases = lines.filter((line) => line !== '' && !line.startsWith('#')).map((line) => line.split(' => ') as [string, string]);

const head = 'layer L(x: Tensor[2, 8, 4], y: Tensor[2, 8, 4], w: Tensor[4, 4], v: Tensor[4]) -> Tensor[1] {\n  _result = ';
const tail = '\n  return zeros([1])\n}\n';

/** The edits of one fix for each message, without those that touch an earlier one. */
function chosenEdits(diagnostics: readonly Diagnostic[]): readonly Edit[] {
  const chosen: Edit[] = [];
  for (const { fixes } of diagnostics) {
    const edits = fixes[0]?.edits ?? [];
    const touches = edits.some((e) => chosen.some(({ span }) => e.span.start < span.end && span.start < e.span.end));
    if (!touches) chosen.push(...edits);
  }
  return chosen.sort((a, b) => b.span.start - a.span.start);
}

function mended(text: string): string {
  let current = text;
  for (let round = 0; round < 8; round++) {
    const edits = chosenEdits(checkText(current).diagnostics);
    if (edits.length === 0) return current;
    current = edits.reduce((all, { span, text: by }) => all.slice(0, span.start) + by + all.slice(span.end), current);
  }
  return current;
}

describe('an expression of PyTorch', () => {
  it.each(cases)('`%s` becomes `%s`, one fix after the other', (torch, archc) => {
    const after = mended(head + torch + tail);
    const result = checkText(after);
    expect(after.slice(head.length, after.length - tail.length), rendered(result)).toBe(archc);
    expect(result.diagnostics).toEqual([]);
  });
});
