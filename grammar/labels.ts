import type { Expr, LabelSegment } from '../src/1-syntax/ast.js';

/** The segments of what precedes the colon: `a.b[0]`, `"layer{s}"[b]`, `[0]`. Undefined for anything else. */
export function labelSegments(label: Expr): LabelSegment[] | undefined {
  const reversed: LabelSegment[] = [];
  for (let at = label; ; ) {
    switch (at.kind) {
      case 'name':
        reversed.push({ kind: 'word', name: { text: at.name, span: at.span } });
        return reversed.reverse();
      case 'string':
        reversed.push({ kind: 'text', value: at });
        return reversed.reverse();
      case 'list': {
        const [only] = at.items;
        if (only === undefined || at.items.length !== 1 || only.spread) return undefined;
        reversed.push({ kind: 'index', value: only.value });
        return reversed.reverse();
      }
      case 'member':
        reversed.push({ kind: 'word', name: at.name });
        at = at.object;
        break;
      case 'index': {
        const [only] = at.items;
        if (only?.kind !== 'at' || at.items.length !== 1) return undefined;
        reversed.push({ kind: 'index', value: only.value });
        at = at.object;
        break;
      }
      default:
        return undefined;
    }
  }
}
