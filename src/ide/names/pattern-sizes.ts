import type { TrainDecl } from '../../1-syntax/ast.js';
import { eachNode } from '../../1-syntax/walk.js';
import type { Decl } from '../../2-check/modules/modules.js';
import type { Span } from '../../diagnostics/span.js';
import type { Named, Occurrence } from './named.js';

/** Sizes that nothing declares: those of one pattern, as in `rearrange([N, h * d] => [N, h, d])`, or of the types in a `train` block. */
export class PatternSizes {
  readonly #inside: string;
  readonly #patterns: readonly Span[];
  readonly #known = new Map<string, Named>();

  constructor(item: Decl | TrainDecl) {
    const patterns: Span[] = [];
    eachNode(item, (node) => {
      if (node.kind === 'rearrange-pattern') patterns.push((node as unknown as { readonly span: Span }).span);
    });
    this.#patterns = patterns;
    this.#inside = item.name.text;
  }

  /** Where a name of a size is written. It is declared where it is first written. */
  occurrence(text: string, span: Span): Occurrence {
    const pattern = this.#patterns.findIndex(({ start, end }) => start <= span.start && span.end <= end);
    const key = `${pattern} ${text}`;
    const known = this.#known.get(key);
    const named = known ?? { kind: 'size', name: text, span, inside: this.#inside };
    this.#known.set(key, named);
    return { span, named, role: known === undefined ? 'definition' : 'read' };
  }
}
