import { type StoredSize, storedParameters, storedSizes } from '../5-optimize/quantize/stored-sizes.js';
import type { CompiledModel } from '../compile.js';

/** Whether `--quantize` asks for fewer bits at all. */
export function asksForFewerBits(forms: string | undefined): boolean {
  return forms !== undefined && /\b(?:int|f16)/.test(forms);
}

/** The sizes of the weights of a build, and why much of them are not quantized, if that is so. */
export function storedWeights({ entries }: CompiledModel): { readonly sizes: readonly StoredSize[]; readonly hints: readonly string[] } {
  const sizes = storedSizes(storedParameters(entries));
  const bytes = (of: readonly StoredSize[]): number => of.reduce((sum, { after }) => sum + after, 0);
  const isMuch = bytes(sizes.filter(({ before, after }) => after >= before)) > bytes(sizes) / 4;
  return { sizes, hints: isMuch ? ['much of this is not quantized: `--explain quantize` says why'] : [] };
}

/** Why weights are not quantized, for each that a form was meant for: `` `tok` stays as it is: ... ``. */
export function refusalLines({ entries }: CompiledModel): readonly string[] {
  const refused = entries
    .flatMap(({ history }) => history?.rules ?? [])
    .filter(({ rule, refusal }) => rule === 'quantize' && refusal !== undefined);
  // Layers of the same kind differ only in their numbers.
  const reasons = new Map<string, { readonly name: string; readonly refusal: string; count: number }>();
  for (const { path, refusal = '' } of refused) {
    const name = path.join('.');
    const key = `${name}\n${refusal}`.replaceAll(/\d+/g, '#');
    const known = reasons.get(key);
    if (known === undefined) reasons.set(key, { name, refusal, count: 1 });
    else known.count++;
  }
  return [...reasons.values()].map(({ name, refusal, count }) => {
    const others = count === 1 ? '' : ` and ${count - 1} like it`;
    return `  ${name === '' ? 'a weight' : `\`${name}\``}${others}: ${refusal}`;
  });
}
