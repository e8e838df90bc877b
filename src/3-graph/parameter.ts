import type { Span } from '../diagnostics/span.js';
import type { Initializer } from '../ops/initializer.js';
import type { TensorType } from '../ops/types.js';

export type { Initializer };

/** A stored tensor of the model: trained (`param`) or only kept (`buffer`). Its shape is constant. */
export interface Parameter {
  /** Full PyTorch name: `encoder.layers.3.self_attn.q_proj.weight`. */
  readonly name: string;
  readonly type: TensorType;
  readonly init: Initializer;
  readonly trainable: boolean;
  /** Where it was declared; for a layer of the standard library, where the user uses it. */
  readonly span: Span;
}
