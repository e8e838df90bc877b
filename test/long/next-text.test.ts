import { expect, it } from 'vitest';
import { checkedAgain } from '../kit/checked-again.js';

const count = 10_000;

it(`${count} random edits of files with models give what new checks give`, () => {
  const { edits, wrong } = checkedAgain(count, 2026);
  console.log(`${edits} edits, ${wrong} of them left errors`);
  expect(edits).toBe(count);
  expect(wrong).toBeLessThan(0.8 * count);
});
