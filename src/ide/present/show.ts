import type { Param, StorageStmt } from '../../1-syntax/ast.js';
import type { Decl } from '../../2-check/modules/modules.js';
import type { Op } from '../../ops/define.js';
import { meant, type Named } from '../names/named.js';
import { builtInCallable, builtInConstant, initializerCallable, kindDoc } from './built-ins.js';
import { type Callable, type Parameter, signatureCode } from './callable.js';
import { declaredCallable, declaredParameter, documentation, type Source, sourceText } from './declared.js';
import { codeBlock, docsLink, inlineCode, paragraphs, prose } from './markdown.js';
import { onnxForm } from './onnx-form.js';
import { operatorCallable } from './operators.js';
import { optimizerCallable, scheduleCallable } from './training.js';

/** A name as Markdown: what it is, its documentation, and where the documentation of archc has more. `type` is its type or value, if it is known. */
export function presentNamed(named: Named, type?: string): string | undefined {
  const { source, name, kind } = meant(named);
  switch (source?.kind) {
    case 'decl':
      return presentDecl(source.decl, source.module);
    case 'entry': {
      const { decl, module } = source;
      const head = sourceText(module, decl.span.start, decl.result.span.end);
      return paragraphs(codeBlock(head), decl.doc === undefined ? undefined : documentation(decl.doc));
    }
    case 'train':
      return paragraphs(
        codeBlock(`train ${name} for ${sourceText(source.module, source.decl.model.span.start, source.decl.model.span.end)}`),
        documentation(source.decl.doc ?? ''),
      );
    case 'param':
      return presentParam(source.param, source.module, `(${kind})`, type);
    case 'storage':
      return presentStorage(source.statement, type);
    case 'op':
      return presentOperator(source.op);
    case 'option': {
      const parameter = operatorCallable(source.op)
        .lists.flat()
        .find((other) => other.name === source.name);
      return parameter && presentParameter(parameter, source.op.name);
    }
    default:
      return presentBuiltIn(named, type);
  }
}

/** A declaration of a file. */
export function presentDecl(decl: Decl, module: Source): string {
  const callable = declaredCallable(decl, module);
  if (callable !== undefined) return presentCallable(callable);
  return paragraphs(codeBlock(sourceText(module, decl.span.start, decl.span.end)), documentation(decl.doc ?? ''));
}

export function presentOperator(op: Op): string {
  const callable = operatorCallable(op);
  return presentCallable({ ...callable, doc: paragraphs(callable.doc, onnxForm(op)) }, { options: true });
}

/** The signature of something that can be called, and its documentation; with `options`, also that of each parameter. */
export function presentCallable(callable: Callable, { options = false } = {}): string {
  const { doc, example, place, lists } = callable;
  const list = options
    ? lists.flat().flatMap(({ name, doc: own }) => (own === undefined ? [] : [`- ${inlineCode(name)}: ${own.replaceAll('\n\n', ' ')}`]))
    : [];
  return paragraphs(
    codeBlock(signatureCode(callable)),
    doc,
    example === undefined ? undefined : codeBlock(example),
    list.join('\n'),
    place && docsLink(place),
  );
}

/** One parameter of a call. */
export function presentParameter({ text, doc, type, fallback }: Parameter, callee?: string): string {
  const facts = [
    type === undefined || text.includes(type) ? undefined : inlineCode(type),
    fallback === undefined || text.includes(fallback) ? undefined : `default ${inlineCode(fallback)}`,
  ].filter((part) => part !== undefined);
  const code = callee === undefined ? text : `${text}  # of ${callee}`;
  return paragraphs(codeBlock(code), facts.join(', '), doc);
}

/** A hyperparameter, argument, input or field where it is declared. */
export function presentParam(param: Param, module: Source, of: string, type?: string): string {
  const { text, doc } = declaredParameter(param, module);
  const key =
    param.from === undefined
      ? undefined
      : `Read from ${inlineCode(sourceText(module, param.from.span.start, param.from.span.end))} of a configuration file.`;
  return paragraphs(codeBlock(`${of} ${text}`), type && inlineCode(type), doc, key);
}

function presentStorage({ storage, name, named }: StorageStmt, type?: string): string {
  const stored = named?.kind === 'string' ? `Stored as ${inlineCode(named.text)}.` : undefined;
  return paragraphs(codeBlock(`${storage} ${name.text}${type === undefined ? '' : `: ${type}`}`), stored);
}

function presentBuiltIn({ name, kind }: Named, type: string | undefined): string | undefined {
  if (kind === 'kind') return paragraphs(codeBlock(name), prose(kindDoc(name)));
  if (kind === 'initializer') {
    const initializer = initializerCallable(name);
    if (initializer !== undefined) return presentCallable(initializer);
  }
  const callable = builtInCallable(name) ?? scheduleCallable(name) ?? optimizerCallable(name);
  if (kind === 'built-in' && callable !== undefined) return presentCallable(callable);
  const constant = kind === 'built-in' ? builtInConstant(name) : undefined;
  if (constant !== undefined) return paragraphs(codeBlock(`${name}: ${constant.type}`), prose(constant.doc), docsLink(constant.place));
  return codeBlock(`(${kind.replace('-', ' ')}) ${name}${type === undefined ? '' : `: ${type}`}`);
}
