import type { LayerDecl } from '../../1-syntax/ast.js';
import { eachNode } from '../../1-syntax/walk.js';

/** Whether a layer has weights, so that its uses have a label. */
export function hasWeights({ body }: LayerDecl): boolean {
  let found = false;
  eachNode(body, (node) => {
    if (node.kind === 'storage' || node.kind === 'label') found = true;
    if (node.kind === 'call' || node.kind === 'pipe') {
      const { callee, stage } = node as { callee?: { kind: string; name?: unknown }; stage?: { kind: string; name?: unknown } };
      const used = callee ?? stage;
      if (used?.kind === 'name' && typeof used.name === 'string' && /^[A-Z]/.test(used.name) && used.name !== 'Dropout') found = true;
    }
  });
  return found;
}
