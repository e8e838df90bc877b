import type { IToken } from 'chevrotain';
import type { ParseContext } from '../../grammar/base-parser.js';
import { ArchParser } from '../../grammar/parser.js';
import { diagnostic } from '../diagnostics/diagnostic.js';
import type { Report } from '../diagnostics/report.js';
import { append } from '../lists.js';
import { once } from '../once.js';
import type { Expr, File } from './ast.js';
import { Complaints } from './complaints.js';
import { Docs } from './docs.js';
import { defaultLimits, type SyntaxLimits } from './limits.js';
import { repair } from './repair.js';
import { scan } from './scan.js';
import { checkText, tooManyTokens } from './source-checks.js';
import { stringParts } from './strings.js';

/**
 * The parser is made on first use: analyzing the grammar takes time that a process which only prints its version need not spend. It is immutable between calls
 * (each parse brings its own context and removes it again), so all compilations can share this one without affecting each other.
 */
const theParser = once(() => new ArchParser());

/**
 * Reads one source file. Total: any text gives a tree, and what is wrong with it is reported to `report`, one message for each mistake. Parts that could not be
 * read are error nodes, and a missing name has the text `''`; later phases skip both silently. Spans are UTF-16 offsets into `text`. The depth of the tree is
 * bounded (see `SyntaxLimits`).
 */
export function parse(path: string, text: string, report: Report, limits: SyntaxLimits = defaultLimits): File {
  const complaints = new Complaints(path, report, limits.messages);
  const file = (items: File['items'], comments: File['comments']): File => ({
    kind: 'file',
    path,
    text,
    items,
    comments,
    span: { file: path, start: 0, end: text.length },
  });
  if (!checkText(text, limits, complaints)) return file([], []);
  const parser = theParser();
  const scanned = scan(text);
  if (tooManyTokens(scanned.tokens.length, limits, complaints)) return file([], []);
  const repaired = repair(scanned, text, limits, complaints);
  const docs = new Docs(path, text, scanned.comments, scanned.tokens);
  if (repaired === undefined) return file([], docs.comments());

  const strings: { readonly token: IToken; readonly parts: unknown[] }[] = [];
  const context: ParseContext = {
    path,
    maxOperators: limits.operators,
    maxNesting: limits.nesting,
    complain: (d, region) => complaints.add(d, region),
    takeDoc: (offset) => docs.take(offset),
    onString: (token, parts) => strings.push({ token, parts }),
  };
  const items = parser.parseFile(repaired, context);

  const expression = (start: number, end: number): Expr => {
    const inner = repair(scan(text.slice(start, end), start), text, limits, complaints);
    if (inner === undefined) return { kind: 'error', span: { file: path, start, end } };
    return parser.parseInterpolation(inner, context);
  };
  for (const { token, parts } of strings) {
    const read = stringParts(token.image, token.startOffset, {
      expression,
      complain: (code, start, end, params) => {
        const span = { file: path, start, end };
        complaints.add(diagnostic(code, span, params), span);
      },
    });
    append(parts, read);
  }
  return file(items, docs.comments());
}
