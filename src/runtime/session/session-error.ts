/** Why ONNX Runtime cannot do what it was asked for. */
export type SessionProblem =
  /** The package of ONNX Runtime is not installed, or cannot be loaded. */
  | { readonly kind: 'missing-runtime'; readonly package: string; readonly reason: string }
  /** ONNX Runtime refused: `what` was tried, `reason` is its own message. */
  | { readonly kind: 'failed'; readonly what: string; readonly reason: string }
  /** The device is gone with everything that was on it: a driver was reset, or the page lost its GPU. */
  | { readonly kind: 'device-lost'; readonly reason: string }
  /** WebGPU finds no GPU. */
  | { readonly kind: 'no-adapter' }
  /** The GPU cannot compute in f16: WebGPU lets it do that only with the feature `shader-f16`. */
  | { readonly kind: 'no-half' }
  /** ONNX Runtime's fused attention is wrong on this GPU. */
  | { readonly kind: 'wrong-attention' }
  /** The file needs a newer ONNX Runtime. */
  | { readonly kind: 'old-runtime'; readonly package: string; readonly found: string; readonly wanted: string }
  /** The given ONNX Runtime is a build whose WebGPU kernels are wrong. */
  | { readonly kind: 'wrong-build' }
  | { readonly kind: 'disposed'; readonly what: string };

/** A failure of ONNX Runtime or of its device. */
export class SessionError extends Error {
  override readonly name = 'SessionError';
  readonly problem: SessionProblem;

  constructor(problem: SessionProblem, options?: ErrorOptions) {
    super(sentence(problem), options);
    this.problem = problem;
  }
}

const wrongAttention =
  "ONNX Runtime's fused attention, which the model uses, gives wrong results on this GPU (its subgroups have fewer than 8 lanes, as in software GPUs): load a file that is built with `--target portable`, which writes attention in operators that are correct on every GPU";

const wrongBuild =
  "the option `ort` has the JSEP build of ONNX Runtime, which `import * as ort from 'onnxruntime-web'` gives and whose WebGPU kernels are not those that models are built for: write `import * as ort from 'onnxruntime-web/webgpu'`, or leave the option out";

function sentence(problem: SessionProblem): string {
  switch (problem.kind) {
    case 'missing-runtime':
      return `the package ${problem.package} is needed, and cannot be loaded: install it, or give the module as the option \`ort\` (${problem.reason})`;
    case 'failed':
      return `ONNX Runtime could not ${problem.what}: ${problem.reason}`;
    case 'device-lost':
      return `the device was lost, with all tensors on it: ${problem.reason}`;
    case 'no-adapter':
      return 'WebGPU finds no GPU here: use the provider `cpu`';
    case 'no-half':
      return 'this GPU cannot compute in f16, because its WebGPU adapter does not have `shader-f16`: load a file that is built without f16';
    case 'wrong-attention':
      return wrongAttention;
    case 'old-runtime':
      return `the model needs ONNX Runtime ${problem.wanted} or later, and this is ${problem.found}: write \`npm install ${problem.package}@latest\``;
    case 'wrong-build':
      return wrongBuild;
    case 'disposed':
      return `the ${problem.what} was disposed of`;
  }
}

/** The message of whatever was thrown, without what helps nobody. */
export function reasonOf(error: unknown): string {
  const text = error instanceof Error ? error.message : String(error);
  return text
    .replace(/^\/onnxruntime_src\S+ .*? was false\. /s, '')
    .trim()
    .replaceAll(/\s*\n\s*/g, ' ');
}

/** What is missing where models should run on a GPU, if an error of ONNX Runtime is about that, such as "Program Cast requires f16 but the device does not support it". */
export function missingOnDevice(reason: string): SessionProblem | undefined {
  if (/failed to get (?:an? )?(?:web)?gpu adapter|webgpu is not supported in (?:the )?current environment/i.test(reason))
    return { kind: 'no-adapter' };
  return /requires f16|shader-f16/i.test(reason) ? { kind: 'no-half' } : undefined;
}

/** Whether the device is not able to run a model that another file or provider can run. */
export function isAboutDevice({ kind }: SessionProblem): boolean {
  return kind === 'no-adapter' || kind === 'no-half' || kind === 'wrong-attention';
}
