import type { Op } from './define.js';

/** Every operator archc knows. An operator that is not in this list does not exist; the architecture test checks that each file is here. */
export const ops: readonly Op[] = [];
