import type { Program } from './program.js';

/** How a parameter's initial values are made: by one of the initializers of `torch.nn.init`, or computed from constants. */
export type Initializer = NamedInitializer | ComputedInitializer;

/** The result has the type of the parameter, or broadcasts to it. */
export interface ComputedInitializer {
  readonly kind: 'computed';
  readonly program: Program;
}

/** Names and definitions are those of `torch.nn.init`. */
export type NamedInitializer =
  | { readonly kind: 'zeros' }
  | { readonly kind: 'ones' }
  | { readonly kind: 'constant'; readonly value: number }
  /** Uniform in `[low, high)`. */
  | { readonly kind: 'uniform'; readonly low: number; readonly high: number }
  | { readonly kind: 'normal'; readonly mean: number; readonly std: number }
  /** Normal, redrawn outside `[low, high]`. */
  | { readonly kind: 'trunc_normal'; readonly mean: number; readonly std: number; readonly low: number; readonly high: number }
  | {
      readonly kind: 'kaiming_uniform' | 'kaiming_normal';
      readonly a: number;
      readonly mode: 'fan_in' | 'fan_out';
      readonly nonlinearity: string;
    }
  | { readonly kind: 'xavier_uniform' | 'xavier_normal'; readonly gain: number }
  | { readonly kind: 'orthogonal'; readonly gain: number };
