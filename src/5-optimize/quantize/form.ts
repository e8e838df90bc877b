import type { Target } from '../../ops/targets.js';

/** How weights may be stored. */
export const storedForms = ['int4', 'int8', 'int8-dynamic', 'f16', 'none'] as const;
export type StoredForm = (typeof storedForms)[number];

/** How many numbers a block can have, in forms with blocks. */
export const blockSizes = [16, 32, 64, 128, 256] as const;
export const defaultBlock = 32;

/** The form that is wanted for a weight. */
export interface WantedForm {
  readonly form: StoredForm;
  /** How many numbers share a scale. 0 for a form without blocks. */
  readonly block: number;
}

/** Whether numbers in this form share scales by blocks. */
export function hasBlocks(form: StoredForm): boolean {
  return form === 'int4' || form === 'int8';
}

/** `int4/32`, `f16` */
export function formText({ form, block }: WantedForm): string {
  return block === 0 ? form : `${form}/${block}`;
}

/** What the operators of a target can do with stored weights. */
interface Abilities {
  /** Which operators read blocks: ONNX Runtime's own, or those of the ONNX standard, which cannot take rows of 4-bit numbers. */
  readonly blocks: 'contrib' | 'standard';
  /**
   * The `accuracy_level` of MatMulNBits. At 4, the CPU computes in 8-bit integers, and is 3 to 4 times as fast for one row; at 0, its 8-bit kernel is 30 times slower than f32. On a GPU, 4 is slower
   * for many rows.
   */
  readonly accuracy: number;
  readonly isDynamic: boolean;
  /** Whether one operator looks up packed rows. `onnxruntime-web/webgpu`, which is also how a page computes on the CPU, lacks it there; see `docs/quantization.md`. */
  readonly hasLookup: boolean;
  /** Whether rows of 4-bit numbers may have an odd number of blocks. ONNX Runtime 1.30 loads such rows on WebGPU, but fails at run time. */
  readonly hasOddRows: boolean;
}

export const abilities: Readonly<Record<Target, Abilities>> = {
  portable: { blocks: 'standard', accuracy: 0, isDynamic: false, hasLookup: false, hasOddRows: false },
  cpu: { blocks: 'contrib', accuracy: 4, isDynamic: true, hasLookup: true, hasOddRows: true },
  cuda: { blocks: 'contrib', accuracy: 0, isDynamic: false, hasLookup: true, hasOddRows: true },
  webgpu: { blocks: 'contrib', accuracy: 0, isDynamic: false, hasLookup: true, hasOddRows: false },
  wasm: { blocks: 'contrib', accuracy: 4, isDynamic: false, hasLookup: false, hasOddRows: true },
};

/** Whether a target has operators for a form. */
export function isAble(target: Target, form: StoredForm): boolean {
  return form !== 'int8-dynamic' || abilities[target].isDynamic;
}
