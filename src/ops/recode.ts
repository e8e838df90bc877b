import { type RuleCode, RuleFailure } from './rule.js';

/** Runs demands; if they fail, gives their complaint a more specific code than the general one. */
export function recode<T>(code: RuleCode, demands: () => T): T {
  try {
    return demands();
  } catch (failure) {
    if (failure instanceof RuleFailure) throw new RuleFailure(code, failure.demand, failure.witness, failure.fact);
    throw failure;
  }
}
