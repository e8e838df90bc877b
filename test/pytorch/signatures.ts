/// <reference types="node" />
import { readFileSync } from 'node:fs';

/** How PyTorch takes an argument; `scripts/torch-signatures.py` wrote it down. */
export interface ForeignParameter {
  readonly name: string;
  readonly tensor?: true;
  /** By name only. */
  readonly keyword?: true;
  readonly default?: unknown;
}

export interface ForeignSignature {
  readonly from: string;
  readonly parameters: readonly ForeignParameter[];
}

interface Signatures {
  /** The version of PyTorch. */
  readonly torch: string;
  /** The overloads of each function that archc has by the same name. */
  readonly functions: Readonly<Record<string, readonly ForeignSignature[]>>;
  readonly layers: Readonly<Record<string, ForeignSignature>>;
}

export const signatures: Signatures = JSON.parse(readFileSync(new URL('./signatures.json', import.meta.url), 'utf8'));
