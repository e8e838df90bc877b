import { error } from './entry.js';

/** What `archc run` finds before it calls the runtime: inputs that do not fit the model or each other. */
export const runCatalog = {
  'input-sizes-conflict': error<{ dim: string; first: { who: string; size: number }; second: { who: string; size: number } }>(
    ({ dim, first, second }) => ({
      message: `${first.who} has ${dim} = ${first.size}, but ${second.who} has ${dim} = ${second.size}`,
      label: `${dim} = ${second.size} in ${second.who}`,
      help: `both use the name ${dim}, so both need the same size there`,
    }),
  ),
  'input-shape': error<{ name: string; wanted: string; got: string }>(({ name, wanted, got }) => ({
    message: `the input \`${name}\` is ${wanted}, but ${got} was given`,
    label: `given ${got}`,
  })),
  'input-type': error<{ name: string; wanted: string; got: string }>(({ name, wanted, got }) => ({
    message: `the input \`${name}\` is ${wanted}, but ${got} was given`,
    label: `given ${got}`,
    help: `convert the file to ${wanted}`,
  })),
  'size-breaks-fact': error<{ fact: string; sizes: string }>(({ fact, sizes }) => ({
    message: `the model needs ${fact}, which does not hold for ${sizes}`,
    label: `${sizes} was given`,
    help: 'choose other sizes: with other inputs, or with `--bind`',
  })),
};
