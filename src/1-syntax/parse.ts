import type { IToken } from 'chevrotain';
import type { ParseContext, Region } from '../../grammar/base-parser.js';
import { ArchParser } from '../../grammar/parser.js';
import type { Anchor } from '../diagnostics/anchor.js';
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
  const whole = { start: 0, end: text.length };
  const read = checkText(text, limits, complaints) ? readRegion(path, text, whole, complaints, limits) : nothing;
  return { kind: 'file', path, text, ...read, span: { file: path, ...whole } };
}

type Read = Pick<File, 'items' | 'comments'>;

const nothing: Read = { items: [], comments: [] };

/** Reads the declarations in a part of a file, which must not begin or end inside one. */
export function readRegion(path: string, text: string, region: Region, complaints: Complaints, limits: SyntaxLimits): Read {
  const parser = theParser();
  const scanned = scan(text.slice(region.start, region.end), region.start);
  if (tooManyTokens(scanned.tokens.length, limits, complaints)) return nothing;
  const repaired = repair(scanned, text, limits, complaints);
  const docs = new Docs(path, text, scanned.comments, scanned.tokens);
  if (repaired === undefined) return { items: [], comments: docs.comments() };

  const strings: { readonly token: IToken; readonly parts: unknown[]; readonly anchor: Anchor }[] = [];
  const context: ParseContext = {
    path,
    maxOperators: limits.operators,
    maxNesting: limits.nesting,
    complain: (d, spoiled) => complaints.add(d, spoiled),
    takeDoc: (offset) => docs.take(offset),
    onString: (token, parts, anchor) => strings.push({ token, parts, anchor }),
  };
  const items = parser.parseFile(repaired, context);

  for (const { token, parts, anchor } of strings) {
    const expression = (start: number, end: number): Expr => {
      const inner = repair(scan(text.slice(start, end), start), text, limits, complaints);
      if (inner === undefined) return { kind: 'error', span: anchor.span(start, end) };
      return parser.parseInterpolation(inner, context, anchor);
    };
    const read = stringParts(token.image, token.startOffset, {
      span: (start, end) => anchor.span(start, end),
      expression,
      complain: (code, start, end, params) => {
        const span = complaints.span(start, end);
        complaints.add(diagnostic(code, span, params), span);
      },
    });
    append(parts, read);
  }
  return { items, comments: docs.comments() };
}
