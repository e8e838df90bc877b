import type { Code } from '../../diagnostics/catalog.js';
import type { Span } from '../../diagnostics/span.js';
import type { Limits } from '../../limits.js';
import { bodiesOf, type Step } from '../checked-model.js';

/** The size of a typed body when it is unfolded, with all bodies that it calls. */
export interface BodySize {
  /** Operators and constants. */
  readonly nodes: number;
  /** Parameters, without those of shared layers, which are counted where they are bound. */
  readonly parameters: number;
  /** States that it has, or that the bodies have which it calls. */
  readonly states: number;
  /** Everything that is copied: nodes, parameters, uses of layers and functions. */
  readonly steps: number;
}

export type TooLarge = Extract<Code, 'too-many-nodes' | 'too-many-parameters' | 'too-many-steps'>;

/**
 * The size of a body, from the sizes of those it calls. Layers that use the next one twice grow exponentially with their number, and must
 * be refused before anything is unfolded. If a limit is exceeded, this is reported and the result is undefined.
 */
export function sizeOfBody(
  steps: readonly Step[],
  limits: Limits,
  complain: (code: TooLarge, span: Span | undefined, limit: number) => void,
): BodySize | undefined {
  let nodes = 0;
  let parameters = 0;
  let states = 0;
  let total = 0;
  for (const step of steps) {
    total += 1;
    switch (step.kind) {
      case 'op':
      case 'onnx':
      case 'constant':
        nodes += 1;
        break;
      case 'parameter':
        parameters += 1;
        break;
      case 'bind':
        parameters += step.instance.parameters.size;
        break;
      case 'call':
        nodes += step.instance.size.nodes;
        states += step.instance.size.states;
        total += step.instance.size.steps;
        if (step.scope.kind !== 'shared') parameters += step.instance.size.parameters;
        break;
      case 'cond':
      case 'scan': {
        nodes += 1;
        for (const body of bodiesOf(step)) {
          const inner = sizeOfBody(body.steps, limits, complain);
          if (inner === undefined) return undefined;
          nodes += inner.nodes;
          parameters += inner.parameters;
          total += inner.steps;
        }
        break;
      }
      case 'state':
        states += 1;
        break;
      case 'next':
      case 'weight':
    }
    const span = 'span' in step ? step.span : undefined;
    if (nodes > limits.graphNodes) complain('too-many-nodes', span, limits.graphNodes);
    else if (parameters > limits.parameters) complain('too-many-parameters', span, limits.parameters);
    else if (total > limits.steps) complain('too-many-steps', span, limits.steps);
    else continue;
    return undefined;
  }
  return { nodes, parameters, states, steps: total };
}
