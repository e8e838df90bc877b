import { plainSpan, type Span } from '../../diagnostics/span.js';
import { isStandardFile } from '../../standard-file.js';
import { meant, type Named, type NamedKind, type Occurrence } from '../names/named.js';
import type { Workspace } from '../workspace.js';

/** The types of names, as editors call them. */
export const tokenTypes = [
  'class',
  'function',
  'variable',
  'parameter',
  'property',
  'type',
  'typeParameter',
  'enumMember',
  'decorator',
  'namespace',
] as const;
/** What else is said about a name. */
export const tokenModifiers = ['declaration', 'readonly', 'defaultLibrary', 'modification'] as const;

export interface SemanticToken {
  readonly span: Span;
  readonly type: (typeof tokenTypes)[number];
  readonly modifiers: readonly (typeof tokenModifiers)[number][];
}

/** Layers, models and records are classes, sizes type parameters, labels decorators: names that themes color differently. */
const types: Readonly<Record<NamedKind, SemanticToken['type']>> = {
  model: 'class',
  layer: 'class',
  config: 'class',
  train: 'class',
  function: 'function',
  operator: 'function',
  initializer: 'function',
  entry: 'function',
  constant: 'variable',
  variable: 'variable',
  'loop-variable': 'variable',
  storage: 'property',
  field: 'property',
  output: 'property',
  input: 'parameter',
  hyperparameter: 'parameter',
  argument: 'parameter',
  option: 'parameter',
  size: 'typeParameter',
  label: 'decorator',
  kind: 'type',
  'built-in': 'enumMember',
  import: 'variable',
};

/** Values that nothing can assign to. */
const constants: ReadonlySet<NamedKind> = new Set([
  'constant',
  'hyperparameter',
  'field',
  'size',
  'input',
  'argument',
  'option',
  'built-in',
]);

/** The names in a file, or in a part of it, in source order. Keywords, numbers and strings are left to the grammar of the editor. */
export function semanticTokens(workspace: Workspace, path: string, within?: Pick<Span, 'start' | 'end'>): readonly SemanticToken[] {
  const occurrences = workspace.view(path)?.occurrences() ?? [];
  return occurrences
    .filter(({ span }) => within === undefined || (span.end > within.start && span.start < within.end))
    .map((occurrence) => ({ span: plainSpan(occurrence.span), ...describe(occurrence) }));
}

function describe({ named: written, role }: Occurrence): Omit<SemanticToken, 'span'> {
  const named = meant(written);
  const modifiers: SemanticToken['modifiers'][number][] = [];
  if (role === 'definition') modifiers.push('declaration');
  if (role === 'write') modifiers.push('modification');
  if (constants.has(named.kind)) modifiers.push('readonly');
  if (isOfLibrary(named)) modifiers.push('defaultLibrary');
  return { type: types[named.kind], modifiers };
}

function isOfLibrary({ span, kind }: Named): boolean {
  return span === undefined ? kind !== 'output' : isStandardFile(span.file);
}
