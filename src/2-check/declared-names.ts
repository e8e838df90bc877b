import type { Block, Expr, KindExpr, Name, NameExpr, Param, Pattern, Stmt, TensorTypeExpr } from '../1-syntax/ast.js';

export type DeclaredRole = 'hyper' | 'input' | 'dim' | 'variable' | 'let' | 'loop' | 'storage';

/** A name that a declaration gives to something inside, and whether anything reads it, in whichever branch. */
export interface DeclaredName {
  /** Where it is declared; a variable where it is first assigned. */
  readonly name: Name;
  readonly role: DeclaredRole;
  used: boolean;
}

/** A name that is read, and that nothing around it declares: one of the file, of the library, or of nothing. */
export interface OuterName {
  readonly text: string;
  readonly expr: NameExpr;
  /** Whether it stands in a type, a pattern or an initial value, where names have meanings of their own. */
  readonly special: boolean;
}

type Node = Expr | Stmt | TensorTypeExpr | KindExpr;

/**
 * Finds what the names in a declaration mean without running it, so that it sees the branches that are not taken, too. A variable belongs to the body
 * and counts as one, however often it is assigned; everything else belongs to its block.
 */
export class NameWalk {
  readonly declared: DeclaredName[] = [];
  readonly outer: OuterName[] = [];
  readonly blocks: Block[] = [];
  /** From the body to the innermost block. */
  #scopes: Map<string, DeclaredName>[] = [new Map()];
  /** Which of them is that of the body; a function of the compiler has one of its own. */
  #body = 0;
  /** What was read before anything declared it: a loop may assign it later. */
  readonly #early: OuterName[] = [];
  #special = 0;

  declare(name: Name, role: DeclaredRole): void {
    if (name.text === '') return;
    const declared = { name, role, used: false };
    this.declared.push(declared);
    this.#scopes.at(-1)?.set(name.text, declared);
  }

  /** Walks nodes, or lists and records of them; what they declare can be read by the ones behind them. */
  visit(...nodes: readonly unknown[]): void {
    for (const node of nodes) {
      if (Array.isArray(node)) this.visit(...node);
      else if (typeof node !== 'object' || node === null) continue;
      else if ('statements' in node) this.#block(node as Block);
      else if ('kind' in node) this.#node(node as Node);
      else this.visit(...Object.values(node));
    }
  }

  /** A function of the compiler: its parameters, then what it is. */
  function(params: readonly Param[], body: unknown): void {
    const outer = this.#body;
    this.#nested(() => {
      this.#body = this.#scopes.length - 1;
      for (const { name, fallback } of params) {
        this.visit(fallback);
        this.declare(name, 'loop');
      }
      this.visit(body);
    });
    this.#body = outer;
  }

  /** Ends the walk: what is still open is a name from outside. */
  end(): void {
    for (const outer of this.#early) {
      const declared = this.#scopes[0]?.get(outer.text);
      if (declared === undefined) this.outer.push(outer);
      else declared.used = true;
    }
  }

  #node(node: Node): void {
    switch (node.kind) {
      case 'name':
        this.#read(node);
        break;
      case 'let':
        if (node.params === undefined) this.visit(node.value);
        else this.function(node.params, node.body);
        this.declare(node.name, 'let');
        break;
      case 'let-pattern':
        this.visit(node.value);
        this.#bind(node.target, 'let');
        break;
      case 'assign':
        this.visit(node.value);
        this.#assign(node.target);
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
        this.visit(node.type);
        this.#specially(() => this.visit(node.init));
        this.visit(node.named);
        this.declare(node.name, 'storage');
        break;
      case 'scan':
        this.visit(node.over, node.axis, node.carries);
        this.#nested(() => {
          for (const { name } of node.carries) this.declare(name, 'storage');
          this.#bind(node.items, 'storage');
          this.visit(node.body);
        });
        for (const inner of node.body.statements) if (inner.kind === 'emit') this.declare(inner.name, 'variable');
        break;
      case 'entry':
        this.#nested(() => {
          this.visit(node.inputs, node.result);
          for (const { name } of node.inputs) this.declare(name, 'input');
          this.visit(node.where, node.body);
        });
        break;
      case 'next':
        this.visit(node.value);
        this.#read({ kind: 'name', name: node.name.text, span: node.name.span });
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
      case 'rearrange-pattern':
        this.#specially(() => this.visit(node.from, node.to));
        break;
      default:
        this.visit(...Object.values(node));
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
    return scopes.findLast((scope) => scope.has(text))?.get(text);
  }

  #read(expr: NameExpr): void {
    const declared = this.#find(expr.name);
    if (declared !== undefined) declared.used = true;
    else if (expr.name !== '') this.#early.push({ text: expr.name, expr, special: this.#special > 0 });
  }

  #assign(target: Pattern): void {
    if (target.kind === 'tuple-pattern') for (const item of target.items) this.#assign(item);
    else if (target.name.text !== '_' && this.#find(target.name.text, this.#scopes.slice(this.#body)) === undefined)
      this.#inBody(() => this.declare(target.name, 'variable'));
  }

  /** A new variable belongs to the body, in whichever block it is assigned first. */
  #inBody(work: () => void): void {
    const scopes = this.#scopes;
    this.#scopes = scopes.slice(0, this.#body + 1);
    work();
    this.#scopes = scopes;
  }

  #bind(target: Pattern, role: DeclaredRole): void {
    if (target.kind === 'tuple-pattern') for (const item of target.items) this.#bind(item, role);
    else if (target.name.text !== '_') this.declare(target.name, role);
  }
}
