import {
  Alternation,
  type IOrAlt,
  type IProduction,
  LLkLookaheadStrategy,
  type LookaheadProductionType,
  NonTerminal,
  Option,
  type OptionalProductionType,
  Repetition,
  RepetitionMandatory,
  RepetitionMandatoryWithSeparator,
  RepetitionWithSeparator,
  type Rule,
  Terminal,
} from 'chevrotain';

/** The tokens that something can begin with, by their numbers, and whether it can be empty. */
interface First {
  readonly tokens: ReadonlySet<number>;
  readonly empty: boolean;
}

interface Place {
  readonly rule: Rule;
  readonly prodOccurrence: number;
}

/** What a decision looks at. Chevrotain exposes the method only to subclasses of the parser. */
interface Reader {
  LA(k: number): { readonly tokenTypeIdx: number };
}

/** A choice between alternatives, or whether something is present, by the number of the next token. */
export type Decision = Choice | Presence;
interface Choice {
  /** The alternatives that each token can begin, in their order. */
  readonly choices: readonly (readonly number[] | undefined)[];
  /** Those for all other tokens. */
  readonly otherwise: readonly number[];
}
interface Presence {
  /** Whether a token begins it. */
  readonly begins: readonly (boolean | undefined)[];
  /** Whether it can be empty, and so is always present. */
  readonly empty: boolean;
}

/** Returns the number of the first alternative that the next token begins and whose gate is open; an alternative without tokens always fits. */
export type Choose = (this: Reader, alternatives?: IOrAlt<unknown>[]) => number | undefined;
/** Returns whether the next token begins what may be omitted or repeated. */
export type Decide = (this: Reader) => boolean;

/** Called by Chevrotain at a place of the grammar. */
export function lookaheadFunction(decision: Decision): Choose | Decide {
  if ('begins' in decision) {
    const { begins, empty } = decision;
    return function decide(this: Reader) {
      return empty || begins[this.LA(1).tokenTypeIdx] === true;
    };
  }
  const { choices, otherwise } = decision;
  return function choose(this: Reader, alternatives: IOrAlt<unknown>[] = []) {
    for (const i of choices[this.LA(1).tokenTypeIdx] ?? otherwise) {
      const gate = alternatives[i]?.GATE;
      if (gate === undefined || gate.call(this)) return i;
    }
    return undefined;
  };
}

/**
 * Decides by one token, for a grammar that needs no more. Chevrotain's own strategy finds paths of any length, through everything that can
 * follow, which took half of the time needed to make the parser; sets of first tokens (A. V. Aho et al., "Compilers", 4.4.2) are found once
 * for each rule.
 */
export class OneTokenLookahead extends LLkLookaheadStrategy {
  readonly #rules = new Map<Rule, First>();
  readonly #productions = new Map<Rule, ReadonlyMap<string, IProduction>>();
  /** The decisions, by the function that makes each. */
  readonly decisions = new Map<unknown, Decision>();

  constructor() {
    super({ maxLookahead: 1 });
  }

  override buildLookaheadForAlternation({ rule, prodOccurrence }: Place): (alternatives?: IOrAlt<unknown>[]) => number | undefined {
    const production = this.#production(rule, 'Alternation', prodOccurrence);
    const firsts = production instanceof Alternation ? production.definition.map((alternative) => this.#sequence(inside(alternative))) : [];
    const choose = this.#remembered({ choices: choicesByToken(firsts), otherwise: firsts.flatMap(({ empty }, i) => (empty ? [i] : [])) });
    return choose as (alternatives?: IOrAlt<unknown>[]) => number | undefined;
  }

  override buildLookaheadForOptional({
    rule,
    prodOccurrence,
    prodType,
  }: Place & { readonly prodType: OptionalProductionType }): () => boolean {
    const production = this.#production(rule, prodType, prodOccurrence);
    const { tokens, empty } = this.#sequence(inside(production));
    const begins: boolean[] = [];
    for (const token of tokens) begins[token] = true;
    return this.#remembered({ begins, empty }) as () => boolean;
  }

  #remembered(decision: Decision): Choose | Decide {
    const made = lookaheadFunction(decision);
    this.decisions.set(made, decision);
    return made;
  }

  #production(rule: Rule, kind: LookaheadProductionType, occurrence: number): IProduction {
    const known = this.#productions.get(rule) ?? productionsIn(rule.definition, new Map());
    this.#productions.set(rule, known);
    const production = known.get(`${kind} ${occurrence}`);
    if (production === undefined) throw new Error(`the rule ${rule.name} has no ${kind} ${occurrence}`);
    return production;
  }

  #rule(rule: Rule): First {
    const known = this.#rules.get(rule) ?? this.#sequence(rule.definition);
    this.#rules.set(rule, known);
    return known;
  }

  #sequence(productions: readonly IProduction[]): First {
    const tokens = new Set<number>();
    for (const production of productions) {
      const first = this.#first(production);
      for (const token of first.tokens) tokens.add(token);
      if (!first.empty) return { tokens, empty: false };
    }
    return { tokens, empty: true };
  }

  #first(production: IProduction): First {
    if (production instanceof Terminal) {
      const { tokenTypeIdx = -1, categoryMatches = [] } = production.terminalType;
      return { tokens: new Set([tokenTypeIdx, ...categoryMatches]), empty: false };
    }
    if (production instanceof NonTerminal) return this.#rule(production.referencedRule);
    if (production instanceof Alternation) {
      const firsts = production.definition.map((alternative) => this.#sequence(inside(alternative)));
      return { tokens: new Set(firsts.flatMap(({ tokens }) => [...tokens])), empty: firsts.some(({ empty }) => empty) };
    }
    const inner = this.#sequence(inside(production));
    return isOptional(production) ? { ...inner, empty: true } : inner;
  }
}

/** The parts of a production; those of a call of another rule are the other rule's. */
function inside(production: IProduction): readonly IProduction[] {
  return production instanceof NonTerminal || !('definition' in production) ? [] : (production.definition as readonly IProduction[]);
}

function isOptional(production: IProduction): boolean {
  return production instanceof Option || production instanceof Repetition || production instanceof RepetitionWithSeparator;
}

/** The alternatives that each token can begin, in their order. */
function choicesByToken(firsts: readonly First[]): readonly (readonly number[])[] {
  const choices: number[][] = [];
  for (const token of new Set(firsts.flatMap(({ tokens }) => [...tokens]))) {
    choices[token] = firsts.flatMap(({ tokens, empty }, i) => (empty || tokens.has(token) ? [i] : []));
  }
  return choices;
}

/** The decisions inside a rule, by kind and number. */
function productionsIn(productions: readonly IProduction[], into: Map<string, IProduction>): ReadonlyMap<string, IProduction> {
  for (const production of productions) {
    const kind = kindOf(production);
    if (kind !== undefined && 'idx' in production) into.set(`${kind} ${production.idx}`, production);
    productionsIn(inside(production), into);
  }
  return into;
}

function kindOf(production: IProduction): LookaheadProductionType | undefined {
  if (production instanceof Alternation) return 'Alternation';
  if (production instanceof Option) return 'Option';
  if (production instanceof Repetition) return 'Repetition';
  if (production instanceof RepetitionMandatory) return 'RepetitionMandatory';
  if (production instanceof RepetitionWithSeparator) return 'RepetitionWithSeparator';
  return production instanceof RepetitionMandatoryWithSeparator ? 'RepetitionMandatoryWithSeparator' : undefined;
}
