import { describe, expect, it } from 'vitest';
import { shippedSources } from '../kit/broken-source.js';
import { askEverything, brokenTexts, emptyWorkspace, type Survey } from '../kit/ide-survey.js';

describe('editor features', () => {
  it('answer at random places in broken texts of every shipped file, without an exception', () => {
    const survey: Survey = { texts: 0, requests: 0, slowest: { ms: 0, what: '' } };
    for (const [k, { name, text }] of shippedSources().entries()) {
      const workspace = emptyWorkspace();
      const all = [...brokenTexts(text)];
      // Another sample of each file; the long tests try all.
      const stride = Math.ceil(all.length / 8);
      for (let i = (7 * k) % stride; i < all.length; i += stride) {
        const broken = all[i];
        if (broken !== undefined) askEverything(workspace, broken.text, `${name}, ${broken.what}`, k + i, survey);
      }
    }
    console.log(`${survey.texts} texts, ${survey.requests} requests`);
    expect(survey.texts).toBeGreaterThan(150);
  }, 300_000);
});
