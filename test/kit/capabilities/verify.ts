import { kernelOf } from '../../../src/ops/capabilities/capability.js';
import type { Kernel, KnownProvider } from '../../../src/ops/capabilities/kernel-table.js';
import { kernels } from '../../../src/ops/capabilities/probed-kernels.js';
import { operatorName, operatorNamed } from '../../../src/ops/onnx-schema.js';
import { opsets } from '../../../src/ops/opsets.js';
import type { ModelRunner } from '../ort-runner.js';
import { randomNumbers } from '../random.js';
import { type EmittedForm, keyOf } from './emitted.js';
import { computesAll, probe, tryForm } from './probe.js';
import { opsetsOf } from './table.js';

/** What the table says about a form on a provider, and the first of the opsets for which it says the same. */
export interface Claim {
  readonly form: EmittedForm;
  readonly opset: number;
  readonly said: Kernel;
}

/** Everything that the table, or the documentation, says about a provider. */
export function claimsAbout(provider: KnownProvider): readonly Claim[] {
  return Object.entries(kernels).flatMap(([name, groups]) =>
    groups.flatMap(({ since, forms }) =>
      since === undefined ? forms.flatMap((form) => spansOf({ ...operatorNamed(name), form }, provider)) : [],
    ),
  );
}

function spansOf(form: EmittedForm, provider: KnownProvider): readonly Claim[] {
  const found: Claim[] = [];
  for (const opset of opsetsOf(form)) {
    const said = kernelOf(operatorName(form), form.form, provider, opset);
    if (said !== undefined && said !== found.at(-1)?.said) found.push({ form, opset, said });
  }
  return found;
}

/** All forms that are said to be wrong, and a tenth of the rest, chosen by the seed. */
export function sampleOf(claims: readonly Claim[], seed: number): readonly Claim[] {
  const random = randomNumbers(seed);
  return claims.filter(({ said }) => said === 'wrong' || random() < 0.1);
}

/** A claim that is not true. */
export interface Difference extends Claim {
  readonly got: Kernel;
}

/** The claims that are not true of a provider. Forms that it is said to compute are tried together, and one by one only if that fails. */
export async function differences(runner: ModelRunner, provider: KnownProvider, claims: readonly Claim[]): Promise<readonly Difference[]> {
  const isTogether = ({ said, form }: Claim) => said === 'kernel' && form.form.length > 0;
  const alone = claims.filter((claim) => !isTogether(claim));
  const together = claims.filter(isTogether);
  const computed = await computedTogether(runner, provider, together);
  alone.push(...together.filter((claim) => !computed.has(claim)));
  const found: Difference[] = [];
  const note = (claim: Claim, got: Kernel): void => {
    if (got !== claim.said) found.push({ ...claim, got });
  };
  for (const claim of alone) if (claim.said !== 'wrong') note(claim, await probe(runner, claim.form, provider, claim.opset));
  // These come last, and without a new process after each: what a wrong kernel leaves behind does not make another one right.
  for (const claim of alone) if (claim.said === 'wrong') note(claim, await tryForm(runner, claim.form, provider, claim.opset));
  return found;
}

/** Which of these forms a provider computes, each in its own opset. They are tried together, so forms are found only if they are computed along with others. */
export async function computedTogether<T extends Pick<Claim, 'form' | 'opset'>>(
  runner: ModelRunner,
  provider: KnownProvider,
  all: readonly T[],
): Promise<ReadonlySet<T>> {
  const found = new Set<T>();
  for (let opset: number = opsets.min; opset <= opsets.max; opset++)
    for (const group of inGroups(
      all.filter((one) => one.opset === opset),
      24,
    )) {
      const forms = group.map(({ form }) => form);
      if (await computesAll(runner, forms, provider, opset)) for (const one of group) found.add(one);
    }
  return found;
}

/** A difference in words. */
export function textOf({ form, opset, said, got }: Difference): string {
  return `${keyOf(form)} at opset ${opset}: ${got}, not ${said}`;
}

function inGroups<T>(all: readonly T[], size: number): readonly (readonly T[])[] {
  return Array.from({ length: Math.ceil(all.length / size) }, (_, i) => all.slice(i * size, (i + 1) * size));
}
