import { isPortable } from '../capabilities/capability.js';
import { only } from '../only.js';
import type { OnnxBuilder, OnnxTarget } from '../onnx-builder.js';

export interface InstanceNorm<V> {
  readonly x: V;
  readonly scale: V;
  readonly shift: V;
  readonly eps: number;
}

const commonEps = 1e-5;

/** Whether an InstanceNormalization of this epsilon is correct on a target. */
export function instanceFits(on: OnnxTarget, eps: number): boolean {
  return isExact(on) || eps > 0;
}

function isExact({ target }: OnnxTarget): boolean {
  return isPortable(target, 'InstanceNormalization', 'f32', 'own-epsilon');
}

/**
 * One InstanceNormalization. ONNX Runtime's WebGPU kernel (1.30) compiles the epsilon of the first node
 * into a kernel that all nodes of a process share. There, every node gets the same epsilon, and `x` is scaled instead, which is equivalent:
 * `k*x` with `eps` is `x` with `eps/k^2`.
 */
export function instanceNode<V>(g: OnnxBuilder<V>, { x, scale, shift, eps }: InstanceNorm<V>): V {
  const type = g.type(x);
  const node = (input: V, epsilon: number) =>
    only(g.node('InstanceNormalization', [input, scale, shift], { epsilon: { float: epsilon } }, [type]));
  if (isExact(g) || eps === commonEps) return node(x, eps);
  return node(only(g.node('Mul', [x, g.scalar(Math.sqrt(commonEps / eps), type.dtype)], {}, [type])), commonEps);
}
