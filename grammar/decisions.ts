import { EOF, type TokenType } from 'chevrotain';
import type { Decision } from './lookahead.js';
import { vocabulary } from './tokens.js';

/**
 * The decisions of the parser at the places of the grammar, as a build writes them: alternatives or nothing, by the positions of tokens in
 * the vocabulary. With them, the grammar need not be analyzed, which takes longer than parsing a file.
 */
export type PreparedDecisions = readonly (readonly [place: number, decision: PreparedDecision])[];
export type PreparedDecision =
  | {
      readonly choices: readonly (readonly [alternatives: readonly number[], tokens: readonly number[]])[];
      readonly otherwise: readonly number[];
    }
  | { readonly begins: readonly number[]; readonly empty: boolean };

const kinds: readonly TokenType[] = [...vocabulary, EOF];

/** Writes decisions, by Chevrotain's keys of places. */
export function prepareDecisions(decisions: ReadonlyMap<number, Decision>): PreparedDecisions {
  const places = new Map(kinds.map(({ tokenTypeIdx }, place) => [tokenTypeIdx, place]));
  const placesOf = (tokens: readonly unknown[]): number[] =>
    tokens.flatMap((value, number) => (value === undefined ? [] : [placeOf(places.get(number), number)]));
  return [...decisions].map(([key, decision]) => {
    if ('begins' in decision) return [key, { begins: placesOf(decision.begins), empty: decision.empty }];
    const groups = new Map(decision.choices.flatMap((choice) => (choice === undefined ? [] : [[String(choice), choice]])));
    const choices = [...groups].map(
      ([text, choice]) => [choice, placesOf(decision.choices.map((other) => (String(other) === text ? other : undefined)))] as const,
    );
    return [key, { choices, otherwise: decision.otherwise }];
  });
}

/** Reads a written decision. */
export function readDecision(prepared: PreparedDecision): Decision {
  if ('begins' in prepared) {
    const begins: boolean[] = [];
    for (const place of prepared.begins) begins[numberOf(place)] = true;
    return { begins, empty: prepared.empty };
  }
  const choices: (readonly number[])[] = [];
  for (const [alternatives, tokens] of prepared.choices) for (const place of tokens) choices[numberOf(place)] = alternatives;
  return { choices, otherwise: prepared.otherwise };
}

function placeOf(place: number | undefined, number: number): number {
  if (place === undefined) throw new Error(`no token has the number ${number}`);
  return place;
}

function numberOf(place: number): number {
  return kinds[place]?.tokenTypeIdx ?? -1;
}
