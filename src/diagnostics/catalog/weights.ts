import { error, warning } from './entry.js';

const countOf = (count: number, what: string): string => `${count} ${what}${count === 1 ? '' : 's'}`;

/** A value that an element type cannot hold. */
export interface WeightValue {
  readonly name: string;
  readonly value: number;
  /** An element type, or the form in which it is stored. */
  readonly type: string;
  readonly largest: number;
  /** Whether it is in a file, a weight that is stored in another form, or computed from weights. */
  readonly origin: { readonly kind: 'file'; readonly file: string } | { readonly kind: 'stored' | 'computed' };
}

/** What can be wrong with weights from a file, or with how they are made. */
export const weightsCatalog = {
  'weights-file': error<{ file: string; problem: string }>(({ file, problem }) => ({
    message: `cannot read the weights: ${file}: ${problem}`,
  })),
  'weights-missing': error<{ file: string; count: number }>(({ file, count }) => ({
    message: `${countOf(count, 'parameter')} of the model ${count === 1 ? 'is' : 'are'} not in ${file}`,
    label: count === 1 ? 'declared here' : 'the first one is declared here',
    help: 'if the names differ, rename the tensors of the file with `--map "old.*=new.*"`; for new layers, `--skip-mismatch` draws the missing ones from the seed',
  })),
  'weights-skipped': warning<{ file: string; count: number; of: number }>(({ file, count, of }) => ({
    message: `${count} of ${countOf(of, 'parameter')} ${count === 1 ? 'is' : 'are'} drawn from the seed instead of taken from ${file}`,
    label: count === 1 ? 'declared here' : 'the first one is declared here',
  })),
  'weights-frozen': error<{ name: string; file: string; block: string | undefined; known: readonly string[] }>(
    ({ name, file, block, known }) => ({
      message:
        block === undefined
          ? `the weights of \`${name}\` are in ${file}, but no \`train\` block is built`
          : `the weights of \`${name}\` are in ${file}, but \`${block}\` has no frozen model of that name`,
      help:
        block === undefined
          ? 'choose the block with `--train`; the weights of the model itself are given without a name: `--weights FILE`'
          : known.length === 0
            ? 'the weights of the trained model are given without a name: `--weights FILE`'
            : `its frozen ${known.length === 1 ? 'model is' : 'models are'} ${known.map((k) => `\`${k}\``).join(', ')}`,
    }),
  ),
  'weights-shape': error<{ name: string; wanted: string; got: string; file: string; transposed: boolean }>(
    ({ name, wanted, got, file, transposed }) => ({
      message: `\`${name}\` is ${wanted} in the model and ${got} in ${file}`,
      label: `declared as ${wanted}`,
      help: transposed
        ? 'the weight in the file looks transposed: weights are stored as [out, in]'
        : 'if this layer is new, `--skip-mismatch` takes only the rest from the file',
    }),
  ),
  'weights-type': error<{ name: string; wanted: string; got: string; file: string }>(({ name, wanted, got, file }) => ({
    message: `\`${name}\` is ${wanted} in the model and ${got} in ${file}`,
    label: `declared as ${wanted}`,
    help: 'archc only converts floats to other floats; convert the file first',
  })),
  'weights-value': error<WeightValue>(({ name, value, type, largest, origin }) => {
    const [limit, leave] = [
      `the largest ${type} is ${largest}`,
      `leave the weight as it is: \`--quantize "none on ${name}, ${type} on rest"\``,
    ];
    switch (origin.kind) {
      case 'file':
        return {
          message: `\`${name}\` has the value ${value} in ${origin.file}, which is too large for ${type}`,
          label: `declared as ${type}`,
          help: `${limit}; ${type === 'f32' ? '' : 'build for a wider type (`--dtype f32`), or '}correct the file`,
        };
      case 'computed':
        return {
          message: `\`${name}\` becomes ${value} when the weights are folded, which is too large for ${type}`,
          label: 'used in a computation on weights alone',
          help: `${limit}; build with \`-O1\`, which leaves the weights as they are`,
        };
      case 'stored':
        return {
          message: `\`${name}\` has the value ${value}, ${Number.isFinite(value) ? 'which is too large for' : 'which cannot be stored as'} ${type}`,
          label: `stored as ${type}`,
          help: Number.isFinite(value) ? `${limit}; ${leave}` : leave,
        };
    }
  }),
  'weights-unexpected': warning<{ file: string; count: number; names: string }>(({ file, count, names }) => ({
    message: `${countOf(count, 'tensor')} of ${file} ${count === 1 ? 'is' : 'are'} not used: ${names}`,
  })),
  'weights-map': error<{ pattern: string; problem: string }>(({ pattern, problem }) => ({
    message: `\`--map ${pattern}\`: ${problem}`,
  })),
  'weights-map-unused': warning<{ pattern: string; file: string }>(({ pattern, file }) => ({
    message: `\`--map ${pattern}\` renames nothing: no tensor of ${file} matches`,
  })),
  'weights-map-collision': error<{ name: string; first: string; second: string }>(({ name, first, second }) => ({
    message: `\`${first}\` and \`${second}\` of the file both become \`${name}\``,
    help: 'make the `--map` patterns more specific',
  })),
  'weights-init': error<{ name: string; problem: string; shape: string }>(({ name, problem, shape }) => ({
    message: `${problem}; \`${name}\` is ${shape}`,
    label: 'cannot be initialized like this',
  })),
};
