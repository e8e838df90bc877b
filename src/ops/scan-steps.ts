import type { Dim } from '../dims/dim.js';

/** How a scan goes through its operands. */
export interface ScanSteps {
  readonly carries: number;
  /** The axis of each operand. */
  readonly operandAxes: readonly number[];
  /** The axis along which each emitted value is stacked. */
  readonly emitAxes: readonly number[];
  /** From the last position to the first. What is emitted is nevertheless in the order of the operands. */
  readonly reverse: boolean;
  readonly length: Dim;
  /** It is reached only if it has steps. */
  readonly isGuarded?: true;
}
