/// <reference types="node" />
import { readFileSync } from 'node:fs';
import type { DType, NdArray } from '../../src/ops/types.js';

/** A call of PyTorch, and the same spelling here: it gives the same, or an error that says what does. */
export interface Spelling {
  readonly torch: string;
  readonly archc: string;
  readonly result: 'equal' | 'error';
  /** What the error names. */
  readonly says?: string;
  /** What gives PyTorch's result, or that of `value`, a call of PyTorch. */
  readonly right?: string;
  readonly value?: string;
  /** The data decide the first size of the result. */
  readonly open?: true;
  /** How many outputs there are, if several; the first is compared. */
  readonly outputs?: number;
}

interface Tensor {
  readonly dtype: DType;
  readonly shape: readonly number[];
  readonly data: readonly number[];
  /** The parameters of its module: shapes by name. */
  readonly state?: Readonly<Record<string, readonly number[]>>;
}

const read = (name: string) => JSON.parse(readFileSync(new URL(name, import.meta.url), 'utf8'));

export const spellings: readonly Spelling[] = read('./spellings.json');

/** What PyTorch gives; `scripts/torch-spellings.py` wrote it. */
export const golden: { readonly inputs: Readonly<Record<string, Tensor>>; readonly results: Readonly<Record<string, Tensor>> } =
  read('./spellings.golden.json');

export function arrayOf({ dtype, shape, data }: Tensor): NdArray {
  return { dtype, shape, data: Float64Array.from(data) };
}

/** A model that returns an expression of the tensors that it names. */
export function modelFor({ outputs, open }: Spelling, expression: string, wanted: Tensor | undefined): string {
  const used = Object.entries(golden.inputs).filter(([name]) => new RegExp(`(?<![\\w"])${name}\\b(?! =(?!=))`).test(expression));
  const inputs = used.map(([name, tensor]) => `${name}: ${typeText(tensor)}`).join(', ');
  const body = outputs === undefined ? `  return ${expression}` : `  (result, _) = ${expression}\n  return result`;
  return `model M(${inputs}) -> (result: ${wanted === undefined ? 'Tensor[1]' : typeText(wanted, open)}) {\n${body}\n}\n`;
}

function typeText({ dtype, shape }: Tensor, isOpen = false): string {
  const sizes = isOpen ? ['K', ...shape.slice(1)] : shape;
  return `Tensor${dtype === 'f32' ? '' : `<${dtype}>`}[${sizes.join(', ')}]`;
}
