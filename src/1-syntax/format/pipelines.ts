import type { AsExpr, Expr, PipeExpr, TensorTypeExpr } from '../ast.js';
import { above, type Comments, trailing } from './comments.js';
import { type Doc, group, indent, type Mark } from './doc.js';
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
  /** The gap before its arrow, if that does not start a line. */
  readonly gap: Mark;
  readonly startsLine: boolean;
  readonly leading: Doc;
  readonly doc: Doc;
  readonly after: Doc;
}

/**
 * A pipeline on one line, or, if the author broke it, in the author's lines: indented below the start, or below the first arrow if one follows the start on its
 * line. A pipeline that does not fit on one line gets a line for each stage.
 */
export function pipeline(e: PipeExpr | AsExpr, text: string, comments: Comments, elements: Elements): Doc {
  const links = flatten(e);
  const starts = links.map(({ arrow, expr }, i) => {
    const from = endOf(links[i - 1]);
    return arrow !== undefined && (breaksLine(text, from, arrow.arrowSpan.start) || comments.has(from, expr.span.start));
  });
  const broken = starts.includes(true);
  const gaps = links.map(({ arrow }, i): Mark => {
    const isFree = !broken || starts.slice(0, i).includes(true);
    return { kind: 'mark', before: '->', offset: isFree ? (arrow?.arrowSpan.start ?? -1) : -1 };
  });
  const family = {};
  const printed = links.map(print);
  return broken ? inAuthorsLines(printed) : onOneLine(printed);

  function print({ arrow, expr, shapes }: Link, i: number): Printed {
    const leading = arrow === undefined ? [] : comments.take(endOf(links[i - 1]), expr.span.start);
    const bracketed = arrow === undefined ? e.span.start < expr.span.start : text.slice(arrow.arrowSpan.end, expr.span.start).includes('(');
    const body = arrow === undefined ? elements.start(expr, bracketed) : elements.stage(expr, bracketed);
    const end = endOf(links[i]);
    const next = links[i + 1]?.arrow;
    const after = next === undefined ? [] : comments.take(end, next.arrowSpan.start, (c) => !c.ownLine);
    const docs = shapes.map((shape, k): Doc => [asMark(shape, i, k === shapes.length - 1), 'as ', elements.shape(shape.type, shape.full)]);
    return {
      gap: gaps[i] as Mark, // one for each link
      startsLine: starts[i] === true,
      leading: above(leading),
      doc: [body, docs],
      after: after.map(trailing),
    };
  }

  /** The gap before an `as`: it joins the family of its pipeline if it turns out to end its line. */
  function asMark(shape: AsExpr, i: number, isLast: boolean): Mark {
    const offset = text.lastIndexOf('as', shape.type.span.start - 1);
    if (!isLast || links.length === 1) return { kind: 'mark', before: 'as', offset };
    const goesOn = i + 1 < links.length && starts[i + 1] !== true;
    return { kind: 'mark', before: 'as', offset, family, unless: broken ? (goesOn ? gaps[i + 1] : undefined) : gaps[1] };
  }
}

function onOneLine([start, ...stages]: readonly Printed[]): Doc {
  if (start === undefined) return '';
  return group([start.doc, indent(stages.map(({ doc, gap }): Doc => [{ kind: 'line', flat: gap, hard: false }, '-> ', doc]))]);
}

/** If a line of the author's is too long, it breaks before the stages that do not fit. */
function inAuthorsLines([start, ...stages]: readonly Printed[]): Doc {
  if (start === undefined) return '';
  const [first] = stages;
  const under = first?.startsLine === false ? first.gap : undefined;
  const docs = stages.map(({ gap, startsLine, leading, doc, after }, i): Doc => {
    const body: Doc = ['-> ', doc, after];
    if (startsLine) return [{ kind: 'line', flat: '', hard: true, under }, leading, body];
    return i === 0 ? [gap, body] : group([{ kind: 'line', flat: gap, hard: false, under }, body]);
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
