import type { CallForm } from '../../../src/ops/capabilities/call-form.js';
import { type Kernel, type Kernels, type Provider, providers } from '../../../src/ops/capabilities/kernel-table.js';
import { type Operator, onnxSchema, operatorName, schemaOf } from '../../../src/ops/onnx-schema.js';
import { opsets } from '../../../src/ops/opsets.js';
import type { Emitted, EmittedForm } from './emitted.js';

/** The opsets in which archc can write an operator. Opsets do not affect operators outside the standard, which get only the first. */
export function opsetsOf(operator: Operator): readonly number[] {
  if (operator.domain !== '' || onnxSchema(operator.opType, opsets.max) === undefined) return [opsets.min];
  const first = Math.max(opsets.min, schemaOf(operator, opsets.min)?.since ?? 0);
  return Array.from({ length: opsets.max - first + 1 }, (_, i) => first + i);
}

type Answer = Readonly<Record<Provider, Kernel>>;

/** The rows of every operator: forms about which the same is true in all opsets are together. */
export async function tableOf(
  emitted: Emitted,
  ask: (form: EmittedForm, provider: Provider, opset: number) => Promise<Kernel>,
): Promise<ReadonlyMap<string, readonly Kernels[]>> {
  const groups = new Map<string, Map<string, Kernels & { readonly forms: CallForm[] }>>();
  for (const key of [...emitted.keys()].sort()) {
    const emittedForm = emitted.get(key) as EmittedForm;
    const { form } = emittedForm;
    const name = operatorName(emittedForm);
    let before: Answer | undefined;
    for (const opset of opsetsOf(emittedForm)) {
      const answers = providers.map(async (provider): Promise<[Provider, Kernel]> => [provider, await ask(emittedForm, provider, opset)]);
      const answer = Object.fromEntries(await Promise.all(answers)) as unknown as Answer;
      const changed: Partial<Answer> = before ?? {};
      if (providers.every((provider) => changed[provider] === answer[provider])) continue;
      const own = groups.get(name) ?? new Map<string, Kernels & { readonly forms: CallForm[] }>();
      groups.set(name, own);
      const since = before === undefined ? {} : { since: opset };
      const answered = JSON.stringify({ ...answer, ...since });
      const group = own.get(answered) ?? { ...answer, ...since, forms: [] };
      own.set(answered, group);
      group.forms.push(form);
      before = answer;
    }
  }
  return new Map([...groups].map(([opType, own]) => [opType, [...own.values()].sort(inOrder)]));
}

/** Sorts from the first opset on, and from `kernel` to `wrong`. */
function inOrder(a: Kernels, b: Kernels): number {
  const rank = (group: Kernels) =>
    `${group.since ?? 0} ${providers.map((provider) => ['kernel', 'claimed', 'none', 'wrong'].indexOf(group[provider])).join(' ')}`;
  return rank(a) < rank(b) ? -1 : 1;
}

/** The files of the table, by their names in `src/ops/capabilities`. */
export function filesOf(table: ReadonlyMap<string, readonly Kernels[]>, version: string): ReadonlyMap<string, string> {
  const names = [...table.keys()].sort();
  const isContributed = (name: string) => name.startsWith('com.microsoft.');
  const textOf = (title: string, variable: string, chosen: readonly string[]) =>
    [
      `// Written by scripts/probe-capabilities.mjs with ONNX Runtime ${version}; do not edit.`,
      "import type { KernelTable } from './kernel-table.js';",
      '',
      `/** ${title} */`,
      `export const ${variable}: KernelTable = {`,
      ...chosen.map((name) => textOfOperator(name, table.get(name) ?? [])),
      '};',
      '',
    ].join('\n');
  const standard = names.filter((name) => !isContributed(name));
  return new Map([
    [
      'standard-kernels.generated.ts',
      textOf('What ONNX Runtime does with the standard operators that archc writes.', 'standardKernels', standard),
    ],
    [
      'contrib-kernels.generated.ts',
      textOf('What ONNX Runtime does with its own operators.', 'contribKernels', names.filter(isContributed)),
    ],
    [
      'probed-version.generated.ts',
      [
        '// Written by scripts/probe-capabilities.mjs; do not edit.',
        '/** The version of ONNX Runtime whose kernels were probed. */',
        `export const probedVersion = '${version}';`,
        '',
      ].join('\n'),
    ],
  ]);
}

function textOfOperator(name: string, kernels: readonly Kernels[]): string {
  const groups = kernels.map(textOfGroup);
  const key = /^\w+$/.test(name) ? name : `'${name}'`;
  const line = `  ${key}: [${groups.map((group) => group.trim().replace(/,$/, '')).join(', ')}],`;
  const isShort = line.length <= longestLine && !line.includes('\n');
  return isShort ? line : `  ${key}: [\n${groups.join('\n')}\n  ],`;
}

function textOfGroup({ forms, since, ...answer }: Kernels): string {
  const head = [...(since === undefined ? [] : [`since: ${since}`]), ...providers.map((provider) => `${provider}: '${answer[provider]}'`)];
  const lists = forms.map((form) => `[${form.map((part) => `'${part}'`).join(', ')}]`);
  const line = `    { ${head.join(', ')}, forms: [${lists.join(', ')}] },`;
  if (line.length <= longestLine) return line;
  return [`    { ${head.join(', ')}, forms: [`, ...filledLines(lists).map((text) => `      ${text}`), '    ] },'].join('\n');
}

/** As in the other generated files, lines are for looking up, not for reading. */
const longestLine = 600;

/** Items with commas, as many in a line as fit. */
function filledLines(items: readonly string[]): readonly string[] {
  const lines: string[] = [];
  for (const item of items) {
    const last = lines.at(-1);
    if (last === undefined || last.length + item.length + 8 > longestLine) lines.push(`${item},`);
    else lines[lines.length - 1] = `${last} ${item},`;
  }
  return lines;
}
