import type { Dim } from '../../dims/dim.js';
import { operandText } from '../../dims/fact-text.js';
import type { NewSize } from '../../dims/new-size.js';
import { error, example, type Wording } from './entry.js';

/** Facts about sizes: what `where` states, what must hold, and what is left open. */
export const factsCatalog = {
  /** Operators bring their own sentences. */
  'division-by-zero': error((p: { divisor: Dim; witness: string | undefined } | Wording) => {
    if ('message' in p) return { label: 'in this expression', ...p };
    const number = p.divisor.constant;
    return {
      message:
        number === undefined
          ? `this divides by ${p.divisor}, which is ${p.witness === undefined ? 'never' : 'not always'} at least 1${example(p.witness)}`
          : number === 0
            ? 'division by zero'
            : `division by ${number}, which is not positive`,
      label: 'in this expression',
      help: 'the divisor of a size must be at least 1',
    };
  }),
  'inexact-division': error(({ value, divisor, witness }: { value: Dim; divisor: Dim; witness: string | undefined }) => {
    const by = operandText(divisor);
    const areNumbers = value.constant !== undefined && divisor.constant !== undefined;
    return {
      message: `${value} is not ${areNumbers ? '' : 'always '}divisible by ${by}${example(witness)}`,
      label: '`/` divides exactly',
      help:
        value.constant === undefined
          ? 'use `//`, which rounds down, or other sizes'
          : `\`${value} // ${by}\` rounds down; \`${value}.0 / ${by}\` is a float`,
    };
  }),
  /** `of`: the inputs or the result of the declaration, or the name of a layer that is used. */
  'unsolved-size': error((p: { name: string; other: string | undefined; text: string; of: string }) => ({
    message:
      p.other === undefined
        ? `\`${p.name}\` cannot be found from \`${p.text}\`, which is not a multiple of it plus something`
        : `neither \`${p.name}\` nor \`${p.other}\` can be found from \`${p.text}\` alone`,
    label:
      p.of === 'inputs'
        ? 'no axis of an input is this size alone'
        : p.of === 'result'
          ? 'appears in the result only'
          : `${p.of} finds \`${p.name}\` from this tensor`,
    help:
      p.of === 'inputs'
        ? `give an input an axis that is \`${p.name}\` alone, call the whole axis by one name, or make \`${p.name}\` a hyperparameter`
        : p.of === 'result'
          ? `write this size with names of the inputs, give the result an axis that is \`${p.name}\` alone, or make \`${p.name}\` a hyperparameter`
          : `choose other hyperparameters: with these, \`${p.text}\` does not depend on \`${p.name}\``,
  })),
  'late-fact': error((p: { name: string; clause: string }) => ({
    message: `\`${p.name}\` appears only in the result, so a use cannot check \`${p.clause}\` beforehand`,
    label: 'not a size of an input',
    help: `say how large it is with sizes of the inputs, such as \`where ${p.name} == 2 * ...\`, or leave the fact out`,
  })),
  'unmet-condition': error((p: { callee: string; clause: string; ofSizes: boolean }) => ({
    message: `\`${p.callee}\` requires \`${p.clause}\`, which does not hold here`,
    label: 'not met',
    help: p.ofSizes ? 'choose other sizes' : 'choose other hyperparameters',
  })),
  'unmet-fact': error((p: { callee: string; clause: string; fact: string; witness: string | undefined; open: boolean }) => ({
    message: `\`${p.callee}\` requires \`${p.clause}\`, but ${p.fact} ${p.open ? 'does not always hold' : 'is false'}${example(p.witness)}`,
    label: p.fact,
    help: 'choose other sizes',
  })),
  'contradictory-facts': error((p: { clause: string }) => ({
    message: `\`${p.clause}\` cannot hold together with the facts before it`,
    label: 'contradiction',
    help: 'no sizes satisfy all of them: correct one',
  })),
  'bad-fact': error((p: { clause: string; ofSizes: boolean }) => ({
    message: p.ofSizes ? `\`${p.clause}\` cannot be checked for the sizes of a run` : 'a fact compares sizes',
    label: p.ofSizes ? 'not a fact' : 'not a comparison of sizes',
    help: `facts are \`T <= 64\`, \`T > 2\`, \`E == F\`, \`D % heads == 0\` and \`N in 1..65\`, and several of them: \`T > 2, T <= 64\`${
      p.ofSizes ? '; for hyperparameters, any condition is allowed' : ''
    }`,
  })),
  'size-from-data': error((p: { demand: string; size: NewSize }) => ({
    message: `this works only if \`${p.demand}\`, but \`${p.size.name}\` depends on the data`,
    label: `\`${p.size.name}\` is ${p.size.least} or more`,
    help: `make it work for every \`${p.size.name}\`${rangeText(p.size)}: its value is known too late to be checked`,
  })),
  unproved: error((p: { demands: readonly string[] }) => ({
    message: 'archc can neither prove nor refute that this works for all input sizes',
    label: `left open: ${p.demands.join(', ')}`,
    help: `state it in the signature of the model, \`where ${p.demands.join(', ')}\`, give sizes as numbers with \`--bind\`, or build without \`--strict\``,
  })),
};

function rangeText({ least, most }: NewSize): string {
  return most === undefined ? ` from ${least}` : ` from ${least} to ${most}`;
}
