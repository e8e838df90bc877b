import type {
  AssignStmt,
  Block,
  EntryDecl,
  Expr,
  KindExpr,
  LetDecl,
  LetPattern,
  Name,
  NameExpr,
  Param,
  Pattern,
  Stmt,
  TensorTypeExpr,
} from '../../1-syntax/ast.js';
import { givenIn } from '../../1-syntax/walk.js';
import { append } from '../../lists.js';

export type DeclaredRole = 'hyper' | 'input' | 'dim' | 'variable' | 'let' | 'loop' | 'storage';

/** A name that a declaration gives to something inside, and whether anything reads it, in any branch. */
export interface DeclaredName {
  /** Where it is declared, or for a variable, first assigned. */
  readonly name: Name;
  readonly role: DeclaredRole;
  used: boolean;
  /** The statements that assign it, each with the name there. */
  readonly places: { readonly statement: AssignStmt | LetDecl | LetPattern; readonly name: Name }[];
}

/** A name that is read but not declared by anything around it: one of the file or of the library, or an unknown name. */
export interface OuterName {
  readonly text: string;
  readonly expr: NameExpr;
  /** Whether it is in a type, a pattern or an initial value, where names have special meanings. */
  readonly special: boolean;
}

type Node = Expr | Stmt | TensorTypeExpr | KindExpr;

/** What is known about names besides the tree of a declaration. */
interface Outside {
  /** Which names in the types of an entry are sizes. */
  sizesOf(entry: EntryDecl): Iterable<string>;
  /** Whether the file has a name: what is a new name only if nothing has it. */
  isNamed(name: string): boolean;
}

/**
 * Resolves the names in a declaration without running it, and so sees branches that are not taken. A variable belongs to the body and
 * counts as one, however often it is assigned; everything else belongs to its block.
 */
export class NameWalk {
  readonly declared: DeclaredName[] = [];
  readonly outer: OuterName[] = [];
  readonly blocks: Block[] = [];
  /** What each name that is read or assigned means. */
  readonly meanings = new Map<NameExpr | Name, DeclaredName>();
  /** From the body to the innermost block. */
  #scopes: Map<string, DeclaredName>[] = [new Map()];
  /** Which of them is that of the body; a compile-time function has its own. */
  #body = 0;
  /** Names that were read before anything declared them: a loop may assign them later. */
  readonly #early: OuterName[] = [];
  #special = 0;
  readonly #outside: Outside;

  /** `outside` provides what the tree of a declaration alone does not show. */
  constructor(outside: Partial<Outside> = {}) {
    this.#outside = { sizesOf: () => [], isNamed: () => false, ...outside };
  }

  declare(name: Name, role: DeclaredRole): DeclaredName {
    const declared = { name, role, used: false, places: [] };
    if (name.text === '') return declared;
    this.declared.push(declared);
    this.#scopes.at(-1)?.set(name.text, declared);
    return declared;
  }

  /** Walks nodes, or lists and records of them; what they declare is visible to those after them. */
  visit(...nodes: readonly unknown[]): void {
    for (const node of nodes) this.#any(node);
  }

  #any(node: unknown): void {
    if (typeof node !== 'object' || node === null) return;
    if (Array.isArray(node)) for (const item of node) this.#any(item);
    else if ((node as Partial<Node>).kind !== undefined) this.#node(node as Node);
    else if ((node as Partial<Block>).statements !== undefined) this.#block(node as Block);
    else this.#parts(node);
  }

  #parts(node: object): void {
    for (const key in node) {
      const part: unknown = node[key as keyof typeof node];
      if (typeof part === 'object' && part !== null && key !== 'span') this.#any(part);
    }
  }

  /** A compile-time function: its parameters, then its body. */
  function(params: readonly Param[], body: unknown): void {
    this.#own(() => {
      for (const { name, fallback } of params) {
        this.visit(fallback);
        this.declare(name, 'loop');
      }
      this.visit(body);
    });
  }

  /** Something with variables of its own. */
  #own(work: () => void): void {
    const outer = this.#body;
    const before = this.#early.length;
    this.#nested(() => {
      this.#body = this.#scopes.length - 1;
      work();
      append(
        this.#early,
        this.#early.splice(before).filter((name) => !this.#isOf(this.#scopes.at(-1), name)),
      );
    });
    this.#body = outer;
  }

  /** Ends the walk: whatever is still open is a name from outside. */
  end(): void {
    append(
      this.outer,
      this.#early.filter((name) => !this.#isOf(this.#scopes[0], name)),
    );
  }

  #node(node: Node): void {
    switch (node.kind) {
      case 'name':
        this.#read(node);
        break;
      case 'let':
        if (node.params === undefined) this.visit(node.value);
        else this.function(node.params, node.body);
        this.declare(node.name, 'let').places.push({ statement: node, name: node.name });
        break;
      case 'let-pattern':
        this.visit(node.value);
        for (const declared of this.#bind(node.target, 'let')) declared.places.push({ statement: node, name: declared.name });
        break;
      case 'assign':
        this.visit(node.value);
        this.#assign(node.target, node);
        break;
      case 'for':
        this.visit(node.iterable);
        this.#nested(() => {
          this.#bind(node.target, 'loop');
          this.visit(node.body);
        });
        break;
      case 'comprehension':
        this.visit(node.iterable);
        this.#nested(() => {
          this.#bind(node.target, 'loop');
          this.visit(node.value);
        });
        break;
      case 'storage':
        if (node.storage === 'state') this.#newSizes(node.type, true);
        this.visit(node.type);
        this.#specially(() => this.visit(node.init));
        this.visit(node.named);
        this.declare(node.name, 'storage');
        break;
      case 'scan':
        this.visit(node.over, node.axis, node.carries);
        this.#own(() => {
          for (const { name } of node.carries) this.declare(name, 'storage');
          this.#bind(node.items, 'storage');
          this.visit(node.body);
        });
        // After it, a carry has its last value, which need not be of use.
        for (const { name } of node.carries) this.declare(name, 'storage');
        for (const { name } of givenIn(node.body, 'emit')) this.#declareInBody(name);
        break;
      case 'cond':
        this.visit(node.condition);
        for (const side of [node.then, node.otherwise]) this.#own(() => this.visit(side));
        break;
      case 'entry':
        this.#nested(() => {
          for (const text of this.#outside.sizesOf(node)) this.declare({ text, span: node.name.span }, 'dim');
          this.visit(node.inputs, node.result);
          for (const { name } of node.inputs) this.declare(name, 'input');
          this.visit(node.where, node.body);
        });
        break;
      case 'next':
        this.visit(node.value);
        // What else it may name is up to the statements around it.
        if (this.#find(node.name.text) !== undefined) this.#read({ kind: 'name', name: node.name.text, span: node.name.span });
        break;
      case 'tensor-type':
        this.#specially(() => {
          if (node.dtype !== undefined) this.#read({ kind: 'name', name: node.dtype.text.split('.')[0] ?? '', span: node.dtype.span });
          this.visit(node.dims);
        });
        break;
      case 'kind':
        this.#specially(() => this.#read({ kind: 'name', name: node.name, span: node.span }));
        break;
      case 'as':
        this.visit(node.value);
        this.#newSizes(node.type);
        this.visit(node.type);
        break;
      case 'rearrange-pattern':
        this.#specially(() => this.visit(node.from, node.to));
        break;
      default:
        this.#parts(node);
    }
  }

  /** Names for sizes that the data may have decided directly before an `as`, or that only states have, which belong to the body. */
  #newSizes({ dims }: TensorTypeExpr, inBody = false): void {
    for (const dim of dims) {
      if (dim.kind === 'rest' || dim.size.kind !== 'name') continue;
      const { name: text, span } = dim.size;
      if (this.#find(text) !== undefined || this.#outside.isNamed(text)) continue;
      if (inBody) this.#declareInBody({ text, span }, 'dim');
      else this.declare({ text, span }, 'dim');
    }
  }

  #block(block: Block): void {
    this.blocks.push(block);
    this.#nested(() => this.visit(block.statements, block.value));
  }

  #nested(work: () => void): void {
    this.#scopes.push(new Map());
    work();
    this.#scopes.pop();
  }

  #specially(work: () => void): void {
    this.#special++;
    work();
    this.#special--;
  }

  #find(text: string, scopes = this.#scopes): DeclaredName | undefined {
    for (let i = scopes.length - 1; i >= 0; i--) {
      const declared = scopes[i]?.get(text);
      if (declared !== undefined) return declared;
    }
    return undefined;
  }

  #read(expr: NameExpr): void {
    const declared = this.#find(expr.name);
    if (declared !== undefined) this.#use(expr, declared);
    else if (expr.name !== '') this.#early.push({ text: expr.name, expr, special: this.#special > 0 });
  }

  /** Whether a name that was read early belongs to a body that has ended. */
  #isOf(body: ReadonlyMap<string, DeclaredName> | undefined, { text, expr }: OuterName): boolean {
    const declared = body?.get(text);
    if (declared !== undefined) this.#use(expr, declared);
    return declared !== undefined;
  }

  #use(expr: NameExpr, declared: DeclaredName): void {
    declared.used = true;
    this.meanings.set(expr, declared);
  }

  #assign(target: Pattern, statement: AssignStmt): void {
    if (target.kind === 'tuple-pattern') {
      for (const item of target.items) this.#assign(item, statement);
      return;
    }
    const { name } = target;
    if (name.text === '_') return;
    const declared = this.#find(name.text, this.#scopes.slice(this.#body)) ?? this.#declareInBody(name);
    declared.places.push({ statement, name });
    this.meanings.set(name, declared);
  }

  /** A new name belongs to the body, in whichever block it is first assigned. */
  #declareInBody(name: Name, role: DeclaredRole = 'variable'): DeclaredName {
    const scopes = this.#scopes;
    this.#scopes = scopes.slice(0, this.#body + 1);
    const declared = this.declare(name, role);
    this.#scopes = scopes;
    return declared;
  }

  #bind(target: Pattern, role: DeclaredRole): readonly DeclaredName[] {
    if (target.kind === 'tuple-pattern') return target.items.flatMap((item) => this.#bind(item, role));
    return target.name.text === '_' ? [] : [this.declare(target.name, role)];
  }
}
