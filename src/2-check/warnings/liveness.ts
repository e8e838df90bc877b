import type { AssignStmt, Block, CondExpr, Expr, IfStmt, LabelExpr, NameExpr, Pattern, ScanStmt, Stmt } from '../../1-syntax/ast.js';
import { eachNode } from '../../1-syntax/walk.js';
import type { DeclaredName, NameWalk } from '../modules/declared-names.js';

/** A labeled layer whose result is not used. */
export interface DroppedLayer {
  readonly layer: LabelExpr;
  /** The variables that hold its result. */
  readonly names: readonly DeclaredName[];
}

type Live = ReadonlySet<DeclaredName>;

/** Finds labeled layers whose results no path reads: those of variables that are never read, or are overwritten first. */
export function droppedLayers(body: Block, walk: NameWalk): readonly DroppedLayer[] {
  const search = new Search(walk);
  search.block(body, new Set());
  return search.found;
}

/** The bodies in a declaration (its own, and those of its compile-time functions and of control flow), and its scans. */
export function partsOf(decl: object): { readonly bodies: readonly Block[]; readonly scans: readonly ScanStmt[] } {
  const bodies: Block[] = [];
  const scans: ScanStmt[] = [];
  eachNode(decl, (node) => {
    if ('body' in node && isBlock(node.body) && node.kind !== 'for') bodies.push(node.body);
    if (node.kind === 'cond') bodies.push((node as CondExpr).then, (node as CondExpr).otherwise);
    if (node.kind === 'scan') scans.push(node as ScanStmt);
  });
  return { bodies, scans };
}

function isBlock(node: unknown): node is Block {
  return typeof node === 'object' && node !== null && 'statements' in node;
}

/** Walks a body from its end to its beginning, with the variables whose values are still read. */
class Search {
  readonly found: DroppedLayer[] = [];
  readonly #meanings: NameWalk['meanings'];
  /** What a compile-time function reads, which may be called anywhere. */
  #captured: Live = new Set();
  #isTrial = false;
  /** What parts of the body read, which does not depend on what comes after them. */
  readonly #known = new Map<object, Live>();

  constructor({ meanings }: NameWalk) {
    this.#meanings = meanings;
  }

  block({ statements, value }: Block, after: Live): Live {
    for (const statement of statements)
      if (statement.kind === 'let' && statement.params !== undefined) this.#captured = union(this.#captured, this.#reads(statement));
    const end = value === undefined ? after : union(after, this.#reads(value));
    return statements.reduceRight((live, statement) => this.#before(statement, live), end);
  }

  #before(statement: Stmt, after: Live): Live {
    switch (statement.kind) {
      case 'assign':
        return this.#assigned(statement, after);
      case 'return':
        return this.#reads(statement.value);
      case 'if-stmt':
        return this.#branches(statement, after);
      case 'for': {
        // What one iteration reads, the previous one may have assigned.
        let turn = after;
        const isTrial = this.#isTrial;
        this.#isTrial = true;
        for (let before = -1; before < turn.size; ) {
          before = turn.size;
          turn = union(turn, this.block(statement.body, turn));
        }
        this.#isTrial = isTrial;
        this.block(statement.body, turn);
        return union(turn, this.#reads(statement.iterable));
      }
      default:
        return union(after, this.#reads(statement));
    }
  }

  #branches({ condition, then, otherwise }: IfStmt, after: Live): Live {
    const rest = otherwise === undefined ? after : 'kind' in otherwise ? this.#branches(otherwise, after) : this.block(otherwise, after);
    return union(this.#reads(condition), union(this.block(then, after), rest));
  }

  #assigned({ target, value }: AssignStmt, after: Live): Live {
    const names = this.#targets(target);
    const isDropped = names.every((name) => !after.has(name) && !this.#captured.has(name) && !name.name.text.startsWith('_'));
    if (isDropped && names.length > 0 && !this.#isTrial) for (const layer of appliedLayers(value)) this.found.push({ layer, names });
    return union(without(after, names), this.#reads(value));
  }

  #targets(pattern: Pattern): readonly DeclaredName[] {
    if (pattern.kind === 'tuple-pattern') return pattern.items.flatMap((item) => this.#targets(item));
    const declared = this.#meanings.get(pattern.name);
    return declared === undefined ? [] : [declared];
  }

  #reads(node: Expr | Stmt): Live {
    const known = this.#known.get(node);
    if (known !== undefined) return known;
    const live = new Set<DeclaredName>();
    eachNode(node, (inner) => {
      const declared = inner.kind === 'name' ? this.#meanings.get(inner as NameExpr) : undefined;
      if (declared !== undefined) live.add(declared);
    });
    this.#known.set(node, live);
    return live;
  }
}

function without(live: Live, names: readonly DeclaredName[]): Live {
  if (!names.some((name) => live.has(name))) return live;
  const rest = new Set(live);
  for (const name of names) rest.delete(name);
  return rest;
}

/** All of both; often one of the two holds the other. */
function union(a: Live, b: Live): Live {
  if (holds(a, b)) return a;
  if (holds(b, a)) return b;
  const all = new Set(a);
  for (const name of b) all.add(name);
  return all;
}

function holds(all: Live, some: Live): boolean {
  if (some.size > all.size) return false;
  for (const name of some) if (!all.has(name)) return false;
  return true;
}

/** The labels in an expression that are applied to something, and not only bound: `x -> fc: Linear(4)`, `fc: Linear(4)(x)`. */
export function appliedLayers(value: Expr): readonly LabelExpr[] {
  const labels: LabelExpr[] = [];
  eachNode(value, (node) => {
    if (node.kind === 'pipe' && 'stage' in node) {
      const stage = inside(node.stage as Expr);
      if (stage.kind === 'label') labels.push(stage);
    } else if (node.kind === 'label') {
      const { target } = node as LabelExpr;
      if (target.kind === 'call' && target.callee.kind === 'call') labels.push(node as LabelExpr);
    }
  });
  return [...new Set(labels)];
}

function inside(stage: Expr): Expr {
  return stage.kind === 'as' ? inside(stage.value) : stage;
}
