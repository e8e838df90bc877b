import type { AliasDecl, FnDecl, LayerDecl } from '../../src/1-syntax/ast.js';
import { parse } from '../../src/1-syntax/parse.js';
import { Report } from '../../src/diagnostics/report.js';
import { preludeNames, standardLibrary } from '../../src/stdlib.generated.js';

/** A public declaration of the standard library, and what its documentation says. */
export interface Entry {
  readonly name: string;
  /** `std/layers` */
  readonly module: string;
  /** Whether it has to be imported. */
  readonly imported: boolean;
  /** From its keyword to its body. */
  readonly signature: string;
  /** The documentation without its example. */
  readonly prose: string;
  /** The example of the documentation as a whole model. */
  readonly example: string;
}

export interface LibraryModule {
  readonly path: string;
  /** The comment at its head. */
  readonly about: string;
  readonly entries: readonly Entry[];
}

/** In the order of reading, simple things first. */
const order = ['layers', 'normalization', 'recurrent', 'transformer', 'attention', 'position', 'vision', 'losses', 'metrics'];

/** The library as it is compiled into archc. Fails if a declaration has no documentation, or its documentation has no example. */
export function library(): readonly LibraryModule[] {
  return Object.entries(standardLibrary)
    .sort(([a], [b]) => place(a) - place(b))
    .map(([path, text]) => {
      const file = parse(path, text, new Report());
      const about = text.split('\n').slice(
        0,
        text.split('\n').findIndex((line) => !line.startsWith('#')),
      );
      const declared = file.items.flatMap((item) =>
        item.kind === 'layer' || item.kind === 'fn' || item.kind === 'model' || item.kind === 'alias' ? [item] : [],
      );
      return { path, about: about.map((line) => line.slice(2)).join(' '), entries: declared.map((decl) => entry(path, text, decl)) };
    });
}

function place(path: string): number {
  const at = order.indexOf(path.slice('std/'.length));
  if (at < 0) throw new Error(`${path} has no place in the reference: add it to \`order\``);
  return at;
}

/** What an example says: an expression, the tensors it takes, and the types of its results. */
const form = /^Example: `(?<value>[^`]+)` takes `(?<inputs>[^`]+)` to (?<outputs>`[^`]+`(?:, `[^`]+`)*)\.$/;

function entry(module: string, text: string, decl: FnDecl | LayerDecl | AliasDecl): Entry {
  const name = decl.name.text;
  const lines = (decl.doc ?? '').split('\n');
  const groups = form.exec(lines.at(-1) ?? '')?.groups;
  if (decl.kind === 'alias' || groups === undefined || lines.length < 2)
    throw new Error(`${name} in ${module} wants a description and an example of the usual form`);
  const imported = preludeNames[name] === undefined;
  const outputs = [...(groups.outputs ?? '').matchAll(/`([^`]+)`/g)].map(([, type = ''], i) => {
    const result = decl.result?.outputs[i]?.name?.text ?? 'y';
    return `${result}: ${type.startsWith('[') ? `Tensor${type}` : type}`;
  });
  const example = [
    ...(imported ? [`import { ${name} } from "${module}"`, ''] : []),
    `model Example(${groups.inputs}) -> (${outputs.join(', ')}) {`,
    `  return ${groups.value}`,
    '}',
    '',
  ];
  return {
    name,
    module,
    imported,
    signature: text.slice(decl.span.start, decl.body.span.start).trimEnd(),
    prose: lines.slice(0, -1).join(' '),
    example: example.join('\n'),
  };
}
