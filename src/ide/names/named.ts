import type { AliasDecl, EntryDecl, LetDecl, Param, StorageStmt, TrainDecl } from '../../1-syntax/ast.js';
import type { DeclaredRole } from '../../2-check/modules/declared-names.js';
import type { Decl, Module } from '../../2-check/modules/modules.js';
import type { Span } from '../../diagnostics/span.js';
import type { Op } from '../../ops/define.js';

/** What kind of thing a name names. `size` is an axis or a group of them (`*B`), `label` the name of the weights of a layer in a body. */
export type NamedKind =
  | 'model'
  | 'layer'
  | 'function'
  | 'constant'
  | 'config'
  | 'train'
  | 'entry'
  | 'field'
  | 'hyperparameter'
  | 'argument'
  | 'input'
  | 'output'
  | 'size'
  | 'variable'
  | 'loop-variable'
  | 'storage'
  | 'label'
  | 'import'
  | 'operator'
  | 'option'
  | 'built-in'
  | 'kind'
  | 'initializer';

/** Something that has a name, wherever it is written. Two objects are the same thing if their keys are equal. */
export interface Named {
  readonly kind: NamedKind;
  readonly name: string;
  /** Where it is declared, or first assigned; absent for what is built in. */
  readonly span?: Span | undefined;
  /** The name of the declaration that it is inside of. */
  readonly inside?: string | undefined;
  /** What declares it, where there is something to show. */
  readonly source?: NamedSource | undefined;
}

export type NamedSource =
  | { readonly kind: 'decl'; readonly decl: Decl; readonly module: Module }
  | { readonly kind: 'train'; readonly decl: TrainDecl; readonly module: Module }
  | { readonly kind: 'entry'; readonly decl: EntryDecl; readonly module: Module }
  | { readonly kind: 'param'; readonly param: Param; readonly module: Module }
  | { readonly kind: 'storage'; readonly statement: StorageStmt }
  | { readonly kind: 'op'; readonly op: Op }
  | { readonly kind: 'option'; readonly op: Op; readonly name: string }
  /** `import { a as b }`: what `b` stands for. */
  | { readonly kind: 'import'; readonly target: Named };

/** A place where a name is written. */
export interface Occurrence {
  readonly span: Span;
  readonly named: Named;
  readonly role: 'definition' | 'write' | 'read';
}

/** Equal for the same thing in the same texts, whichever check it comes from. */
export function keyOf({ kind, name, span, source }: Named): string {
  if (span !== undefined) return `${span.file}:${span.start}`;
  return source?.kind === 'option' ? `${source.op.name}.${name}` : `${kind} ${name}`;
}

/** What an alias of an import stands for, and everything else itself. */
export function meant(named: Named): Named {
  return named.source?.kind === 'import' ? named.source.target : named;
}

/** A declaration of a file. */
export function namedDecl(decl: Decl, module: Module): Named {
  return { kind: declKind(decl), name: decl.name.text, span: decl.name.span, source: { kind: 'decl', decl, module } };
}

function declKind(decl: Decl): NamedKind {
  switch (decl.kind) {
    case 'fn':
      return 'function';
    case 'let':
      return isFunction(decl) ? 'function' : 'constant';
    case 'alias':
      return aliasKind(decl);
    default:
      return decl.kind;
  }
}

function isFunction({ params }: LetDecl): boolean {
  return params !== undefined;
}

function aliasKind({ of }: AliasDecl): NamedKind {
  return of;
}

/** What a declaration calls one of its parameters. */
export function namedParam(param: Param, kind: NamedKind, inside: string, module: Module): Named {
  return { kind, name: param.name.text, span: param.name.span, inside, source: { kind: 'param', param, module } };
}

/** What kind of thing a name with a role in a declaration is. */
export function kindOfRole(role: DeclaredRole, decl: Decl | TrainDecl): NamedKind {
  switch (role) {
    case 'hyper':
      if (decl.kind === 'config') return 'field';
      return decl.kind === 'fn' ? 'argument' : 'hyperparameter';
    case 'dim':
      return 'size';
    case 'let':
      return 'constant';
    case 'loop':
      return 'loop-variable';
    default:
      return role;
  }
}
