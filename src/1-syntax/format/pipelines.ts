import type { AsExpr, Expr, PipeExpr, TensorTypeExpr } from '../ast.js';
import { above, type Comments, trailing } from './comments.js';
import { type Doc, type Family, group, indent, type Mark } from './doc.js';
import { breaksLine } from './source.js';

/** How the parts of a pipeline are printed. */
export interface Elements {
  readonly start: (e: Expr, bracketed: boolean) => Doc;
  readonly stage: (e: Expr, bracketed: boolean) => Doc;
  readonly shape: (type: TensorTypeExpr, full: boolean) => Doc;
}

/** `-> stage as [..] as [..]`; the start of a pipeline has no arrow. */
interface Link {
  readonly arrow?: PipeExpr | undefined;
  readonly expr: Expr;
  readonly shapes: AsExpr[];
}

/** The printed parts of a link. */
interface Printed {
  readonly link: Link;
  readonly end: number;
  readonly doc: Doc;
  readonly after: Doc;
  readonly leading: Doc;
  readonly startsLine: boolean;
}

/**
 * A pipeline on one line, or, where the author broke it, in the author's lines: below the start and indented, or below the first
 * arrow if one follows the start on its line. One that does not fit on a line gets a line for each stage.
 */
export function pipeline(e: PipeExpr | AsExpr, text: string, comments: Comments, elements: Elements): Doc {
  const links = flatten(e);
  const commented = links.some(({ arrow }, i) => i > 0 && arrow !== undefined && comments.has(endOf(links[i - 1]), arrow.stage.span.start));
  const broken =
    commented || links.some(({ arrow }, i) => arrow !== undefined && breaksLine(text, endOf(links[i - 1]), arrow.arrowSpan.start));
  const firstArrow: Mark = { kind: 'mark', before: '->', offset: links[1]?.arrow?.arrowSpan.start ?? -1 };
  const family: Family = broken ? {} : { unless: firstArrow };
  const printed = links.map((link, i) => print(link, links[i - 1], links[i + 1]));
  return broken ? inAuthorsLines(printed) : onOneLine(printed, firstArrow);

  function print(link: Link, previous: Link | undefined, next: Link | undefined): Printed {
    const { arrow, expr } = link;
    const from = previous === undefined ? 0 : endOf(previous);
    const leading = arrow === undefined ? [] : comments.take(from, expr.span.start);
    const bracketed = arrow === undefined ? e.span.start < expr.span.start : text.slice(arrow.arrowSpan.end, expr.span.start).includes('(');
    const body = arrow === undefined ? elements.start(expr, bracketed) : elements.stage(expr, bracketed);
    const end = endOf(link);
    const shapes = link.shapes.map((shape, k): Doc => {
      const offset = text.lastIndexOf('as', shape.type.span.start - 1);
      const inFamily = k === link.shapes.length - 1 && (!broken || next === undefined || startsLine(next, end));
      const mark: Mark = { kind: 'mark', before: 'as', offset, family: inFamily && links.length > 1 ? family : undefined };
      return [mark, 'as ', elements.shape(shape.type, shape.full)];
    });
    const after = next === undefined ? [] : comments.take(end, next.arrow?.arrowSpan.start ?? end, (c) => !c.ownLine);
    return {
      link,
      end,
      doc: [body, shapes],
      after: after.map(trailing),
      leading: above(leading),
      startsLine: arrow !== undefined && (leading.length > 0 || startsLine(link, from)),
    };
  }

  function startsLine({ arrow }: Link, from: number): boolean {
    return arrow !== undefined && (breaksLine(text, from, arrow.arrowSpan.start) || comments.has(from, arrow.arrowSpan.start));
  }
}

function onOneLine([start, ...stages]: readonly Printed[], firstArrow: Mark): Doc {
  if (start === undefined) return '';
  const docs = stages.map(({ doc, link }, i): Doc => {
    const mark: Mark = i === 0 ? firstArrow : { kind: 'mark', before: '->', offset: link.arrow?.arrowSpan.start ?? -1 };
    return [{ kind: 'line', flat: mark, hard: false }, '-> ', doc];
  });
  return group([start.doc, indent(docs)]);
}

/** A line of the author's that is too long breaks before the stages that have no room. */
function inAuthorsLines([start, ...stages]: readonly Printed[]): Doc {
  if (start === undefined) return '';
  const first: Mark = { kind: 'mark', before: '->', offset: -1 };
  const under = stages[0]?.startsLine === false ? first : undefined;
  const docs = stages.map((stage, i): Doc => {
    const body: Doc = ['-> ', stage.doc, stage.after];
    if (stage.startsLine) return [{ kind: 'line', flat: '', hard: true, under }, stage.leading, body];
    if (i === 0) return [first, body];
    const isContinued = stages.slice(0, i).some(({ startsLine }) => startsLine);
    const offset = isContinued ? (stage.link.arrow?.arrowSpan.start ?? -1) : -1;
    return group([{ kind: 'line', flat: { kind: 'mark', before: '->', offset }, hard: false, under }, body]);
  });
  return [start.doc, start.after, indent(docs)];
}

function flatten(e: Expr): Link[] {
  const reversed: Link[] = [];
  let shapes: AsExpr[] = [];
  for (let at = e; ; ) {
    if (at.kind === 'as') {
      shapes.unshift(at);
      at = at.value;
    } else if (at.kind === 'pipe') {
      reversed.push({ arrow: at, expr: at.stage, shapes });
      shapes = [];
      at = at.left;
    } else {
      reversed.push({ expr: at, shapes });
      return reversed.reverse();
    }
  }
}

/** The end of a link's text. */
function endOf(link: Link | undefined): number {
  if (link === undefined) return 0;
  return link.shapes.at(-1)?.span.end ?? link.arrow?.span.end ?? link.expr.span.end;
}
