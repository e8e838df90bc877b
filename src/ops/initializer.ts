/** How a parameter's first values are made; names and definitions are those of `torch.nn.init`. */
export type Initializer =
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
