import { type IOrAlt, LLkLookaheadStrategy, type OptionalProductionType, type Rule } from 'chevrotain';
import { expect, test } from 'vitest';
import { OneTokenLookahead } from '../../grammar/lookahead.js';
import { ArchParser } from '../../grammar/parser.js';
import { vocabulary } from '../../grammar/tokens.js';

/** Records what the parser asks of its strategy. */
function decisionsOf(rules: readonly Rule[]): { rule: Rule; prodOccurrence: number; prodType: OptionalProductionType | 'Alternation' }[] {
  const decisions: ReturnType<typeof decisionsOf> = [];
  const kinds = [
    'Alternation',
    'Option',
    'Repetition',
    'RepetitionMandatory',
    'RepetitionWithSeparator',
    'RepetitionMandatoryWithSeparator',
  ];
  const visit = (rule: Rule, production: object): void => {
    const prodType = kinds.find((kind) => kind === production.constructor.name) as OptionalProductionType | 'Alternation' | undefined;
    if (prodType !== undefined && 'idx' in production) decisions.push({ rule, prodOccurrence: Number(production.idx), prodType });
    if ('definition' in production && production.constructor.name !== 'NonTerminal')
      for (const inner of production.definition as object[]) visit(rule, inner);
  };
  for (const rule of rules) visit(rule, rule);
  return decisions;
}

test('decides as the strategy of Chevrotain does, for every token at every place of the grammar', () => {
  const rules = Object.values(new ArchParser().getGAstProductions());
  const [ours, theirs] = [new OneTokenLookahead(), new LLkLookaheadStrategy({ maxLookahead: 1 })];
  const decisions = decisionsOf(rules);
  expect(decisions.length).toBeGreaterThan(60);
  let compared = 0;
  for (const { prodType, ...place } of decisions) {
    const options = { ...place, maxLookahead: 1, hasPredicates: true, dynamicTokensEnabled: false };
    const alternatives = Array.from({ length: 40 }, () => ({ ALT: () => undefined }));
    type Decide = (alternatives?: IOrAlt<unknown>[]) => number | boolean | undefined;
    const [a, b] = [ours, theirs].map(
      (strategy): Decide =>
        prodType === 'Alternation'
          ? strategy.buildLookaheadForAlternation(options)
          : strategy.buildLookaheadForOptional({ ...options, prodType }),
    );
    for (const type of vocabulary) {
      const next = () => ({ tokenTypeIdx: type.tokenTypeIdx, tokenType: type });
      const parser = { LA: next, LA_FAST: next };
      expect(a?.call(parser, alternatives), `${place.rule.name}, ${prodType} ${place.prodOccurrence}, ${type.name}`).toBe(
        b?.call(parser, alternatives),
      );
      compared++;
    }
  }
  expect(compared).toBe(decisions.length * vocabulary.length);
});

test('passes over alternatives whose gates are closed', () => {
  const rules = Object.values(new ArchParser().getGAstProductions());
  const { rule, prodOccurrence } = decisionsOf(rules).find((d) => d.rule.name === 'statement' && d.prodType === 'Alternation') ?? {};
  if (rule === undefined || prodOccurrence === undefined) throw new Error('the grammar has no statements');
  const choose = new OneTokenLookahead().buildLookaheadForAlternation({ rule, prodOccurrence });
  const name = vocabulary.find((type) => type.name === 'Id');
  const parser = { LA: () => ({ tokenTypeIdx: name?.tokenTypeIdx }) };
  const open = Array.from({ length: 40 }, () => ({ ALT: () => undefined, GATE: () => true }));
  const first = choose.call(parser, open) ?? -1;
  const closed = open.map((alternative, i) => (i === first ? { ...alternative, GATE: () => false } : alternative));
  expect(first).toBeGreaterThanOrEqual(0);
  expect(choose.call(parser, closed) ?? 99).toBeGreaterThan(first);
});
