/** Options for an ONNX Runtime session, in the form that `InferenceSession.create` takes in JavaScript. */
export interface RecommendedOptions {
  readonly graphOptimizationLevel: 'disabled' | 'basic' | 'extended' | 'all';
  readonly extra?: {
    /** Passes of ONNX Runtime to disable, separated by `;`. */
    readonly optimization: { readonly disable_specified_optimizers: string };
  };
}

/** The session options that a model recommends for each execution provider. Where it recommends none, nothing better than ONNX Runtime's defaults is known. */
export interface SessionAdvice {
  readonly cpu?: RecommendedOptions | undefined;
}
