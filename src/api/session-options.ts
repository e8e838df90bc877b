/** How ONNX Runtime creates a session, in the form that `InferenceSession.create` of its JavaScript takes. */
export interface RecommendedOptions {
  readonly graphOptimizationLevel: 'disabled' | 'basic' | 'extended' | 'all';
  readonly extra?: {
    /** Passes of ONNX Runtime that do not run, separated by `;`. */
    readonly optimization: { readonly disable_specified_optimizers: string };
  };
}

/** What a model recommends for each execution provider; where it recommends nothing, ONNX Runtime's defaults are the best that is known. */
export interface SessionAdvice {
  readonly cpu?: RecommendedOptions | undefined;
}
