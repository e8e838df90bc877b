import { contribKernels } from './contrib-kernels.generated.js';
import type { KernelTable } from './kernel-table.js';
import { standardKernels } from './standard-kernels.generated.js';

/** What ONNX Runtime does with the operators that archc writes, by operator. */
export const kernels: KernelTable = { ...standardKernels, ...contribKernels };
