import type { CallForm } from '../../src/ops/capabilities/call-form.js';
import { kernelOf } from '../../src/ops/capabilities/capability.js';
import { isComputed, type Kernel, type KnownProvider } from '../../src/ops/capabilities/kernel-table.js';
import { kernels } from '../../src/ops/capabilities/probed-kernels.js';
import { probedVersion } from '../../src/ops/capabilities/probed-version.generated.js';
import { operatorNamed } from '../../src/ops/onnx-schema.js';
import { opsetsOf } from '../kit/capabilities/table.js';

const columns: readonly (readonly [KnownProvider, string])[] = [
  ['cpu', 'CPU'],
  ['wasm', 'WebAssembly'],
  ['webgpu', 'WebGPU'],
  ['cuda', 'CUDA (not run)'],
];

/** The table of kernels, in a form for people. */
export function kernelSection(): string {
  const rows = Object.keys(kernels).map((name) => {
    const cells = columns.map(([provider]) => cellOf(name, provider));
    return `| \`${name}\` | ${cells.join(' | ')} |`;
  });
  const partial = Object.keys(kernels).flatMap((name) => columns.flatMap(([provider, title]) => exceptionsOf(name, provider, title)));
  return [
    `With ONNX Runtime ${probedVersion}:`,
    '',
    `| operator | ${columns.map(([, title]) => title).join(' | ')} |`,
    `| --- |${columns.map(() => ' --- |').join('')}`,
    ...rows,
    '',
    '### Forms that are not computed',
    '',
    'These forms of the element types with a star are not computed. Each form gives the element types of the operator, followed by what is special about the call.',
    '',
    ...partial,
  ].join('\n');
}

/** The first element type of a form; operators without open types have one form for all. */
function typeIn(form: CallForm): string {
  return /^(?:[a-z]+\d+|bool|string)$/.test(form[0] ?? '') ? (form[0] ?? '') : 'all';
}

function formsOf(name: string): readonly CallForm[] {
  return (kernels[name] ?? []).flatMap(({ since, forms }) => (since === undefined ? forms : []));
}

/** What the table says about a form in each range of opsets. */
function spansOf(name: string, form: CallForm, provider: KnownProvider): readonly { since: number; until: number; kernel: Kernel }[] {
  const spans: { since: number; until: number; kernel: Kernel }[] = [];
  for (const opset of opsetsOf(operatorNamed(name))) {
    const kernel = kernelOf(name, form, provider, opset) ?? 'none';
    const last = spans.at(-1);
    if (last?.kernel === kernel) last.until = opset;
    else spans.push({ since: opset, until: opset, kernel });
  }
  return spans;
}

function cellOf(name: string, provider: KnownProvider): string {
  const forms = formsOf(name);
  const types = [...new Set(forms.map(typeIn))];
  const texts = types.flatMap((type) => {
    const own = forms.filter((form) => typeIn(form) === type).map((form) => spansOf(name, form, provider));
    const computed = own.filter((spans) => spans.some(({ kernel }) => isComputed(kernel)));
    if (computed.length === 0) return [];
    const star = computed.length < own.length ? '*' : '';
    const mark = provider !== 'cuda' && computed.every((spans) => spans.every(({ kernel }) => kernel !== 'kernel')) ? '?' : '';
    return [`${type}${star}${mark}${opsetText(computed)}`];
  });
  return texts.length === 0 ? '-' : texts.join(', ');
}

/** The opsets in which forms are computed; empty if all forms are computed in all opsets. */
function opsetText(computed: readonly (readonly { since: number; until: number; kernel: Kernel }[])[]): string {
  const all = computed.map((spans) =>
    spans
      .filter(({ kernel }) => isComputed(kernel))
      .map(({ since, until }) => `${since}-${until}`)
      .join(' and '),
  );
  const whole = computed.every((spans) => spans.every(({ kernel }) => isComputed(kernel)));
  return whole ? '' : ` (opset ${[...new Set(all)].sort().join(', ')})`;
}

function exceptionsOf(name: string, provider: KnownProvider, title: string): readonly string[] {
  const forms = formsOf(name);
  const computedTypes = new Set(forms.filter((form) => spansOf(name, form, provider).some(({ kernel }) => isComputed(kernel))).map(typeIn));
  const missing = forms.filter(
    (form) => computedTypes.has(typeIn(form)) && spansOf(name, form, provider).every(({ kernel }) => !isComputed(kernel)),
  );
  if (missing.length === 0) return [];
  const text = missing.map((form) => {
    const isWrong = spansOf(name, form, provider).some(({ kernel }) => kernel === 'wrong');
    return `\`${form.join(' ')}\`${isWrong ? ' (wrong)' : ''}`;
  });
  return [`- \`${name}\`, ${title}: ${text.join(', ')}`];
}
