import { type Draft, Impossible } from './draft.js';
import type { Move } from './operators-basic.js';

/** The moves that bodies are filled with, set once all of them are known: constructs draw bodies, which use constructs. */
const moves: { operators: readonly Move[]; constructs: readonly Move[] } = { operators: [], constructs: [] };

export function useMoves(operators: readonly Move[], constructs: readonly Move[]): void {
  moves.operators = operators;
  moves.constructs = constructs;
}

/** Makes one move; false if it cannot be made here, and nothing of it stays. */
export function step(d: Draft, move: Move): boolean {
  const before = d.program.state(d);
  try {
    move(d);
    return true;
  } catch (error) {
    if (!(error instanceof Impossible)) throw error;
    d.program.restore(d, before);
    return false;
  }
}

/** Moves until the body has about this many operators more; `share` of them are constructs. */
export function fill(d: Draft, operators: number, share: number): void {
  const end = d.program.operators.length + operators;
  for (let tries = 0; d.program.operators.length < end && tries < 8 * operators; tries++)
    step(d, d.draw.pick(moves.constructs.length > 0 && d.draw.chance(share) ? moves.constructs : moves.operators));
}
