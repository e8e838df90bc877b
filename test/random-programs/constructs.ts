import { compileTime } from './constructs-compile.js';
import { flow } from './constructs-flow.js';
import { layers } from './constructs-layers.js';
import { tensors } from './constructs-tensors.js';
import type { Move } from './operators-basic.js';

/** Moves that use the language itself. */
export const constructs: Readonly<Record<string, Move>> = { ...compileTime, ...flow, ...layers, ...tensors };
