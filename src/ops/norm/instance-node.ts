import { only } from '../only.js';
import type { OnnxBuilder } from '../onnx-builder.js';

export interface InstanceNorm<V> {
  readonly x: V;
  readonly scale: V;
  readonly shift: V;
  readonly eps: number;
}

const commonEps = 1e-5;

/**
 * One InstanceNormalization, or undefined if none is correct. ONNX Runtime's WebGPU kernel (1.30) compiles the epsilon of the first node
 * into a kernel that all nodes of a process share. There, every node gets the same epsilon, and `x` is scaled instead, which is equivalent:
 * `k*x` with `eps` is `x` with `eps/k^2`.
 */
export function instanceNode<V>(g: OnnxBuilder<V>, { x, scale, shift, eps }: InstanceNorm<V>): V | undefined {
  const type = g.type(x);
  const isExact = g.target === 'cpu' || g.target === 'cuda';
  const node = (input: V, epsilon: number) =>
    only(g.node('InstanceNormalization', [input, scale, shift], { epsilon: { float: epsilon } }, [type]));
  if (isExact || eps === commonEps) return node(x, eps);
  if (eps <= 0) return undefined;
  return node(only(g.node('Mul', [x, g.scalar(Math.sqrt(commonEps / eps), type.dtype)], {}, [type])), commonEps);
}
