import type { SourceToken } from '../../grammar/source-token.js';
import { T } from '../../grammar/tokens.js';
import { diagnostic } from '../diagnostics/diagnostic.js';
import type { Complaints } from './complaints.js';
import type { SyntaxLimits } from './limits.js';
import type { Scanned } from './scan.js';

/** placeholder of the first slice: depths and nesting only */
export function repair(scanned: Scanned, _text: string, limits: SyntaxLimits, complaints: Complaints): SourceToken[] | undefined {
  let depth = 0;
  for (const token of scanned.tokens) {
    const type = token.tokenType;
    if (type === T.RParen || type === T.RBracket || type === T.RBrace) depth = Math.max(0, depth - 1);
    token.depth = depth;
    if (type === T.LParen || type === T.LBracket || type === T.LBrace) depth++;
    if (depth > limits.nesting) {
      const d = diagnostic('nesting-too-deep', complaints.span(token.startOffset, token.startOffset + 1), { limit: limits.nesting });
      complaints.add(d, d.span);
      return undefined;
    }
  }
  return scanned.tokens;
}
