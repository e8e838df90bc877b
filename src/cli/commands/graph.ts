import { join } from 'node:path';
import type { ModelView } from '../../api/model-view.js';
import { unfold } from '../../compile.js';
import { suggest } from '../../diagnostics/suggest.js';
import { layersIn } from '../../graph-view/expansion.js';
import { htmlOf } from '../../graph-view/html.js';
import { layout } from '../../graph-view/layout.js';
import { svgOf } from '../../graph-view/svg.js';
import { viewOf } from '../../graph-view/view-model.js';
import { nearTo } from '../../name-patterns.js';
import { refuseToReplace } from '../../node/output-path.js';
import { writeAtomically } from '../../node/write-atomically.js';
import type { ParsedOptions } from '../arguments.js';
import { type CommandInput, exit } from '../command.js';
import { compileOptions } from '../compile-options.js';
import { commandHost, sourcePath } from '../input.js';
import { packageRoot } from '../package-root.js';
import { line, trusted } from '../plain-text.js';
import { readText } from '../read-file.js';
import { reportFindings } from '../reporting.js';
import { onlySubject } from '../subjects.js';
import { UsageError } from '../usage-error.js';
import { byteSize, counted } from '../wording.js';

const forms = ['svg', 'html', 'json'] as const;
type Form = (typeof forms)[number];

/** `archc graph MODEL.arch -o MODEL.svg`: a picture of a model, a page that shows it, or the data of both. */
export function graph(input: CommandInput): number {
  const subject = onlySubject(input, 'graph');
  if (typeof subject === 'number') return subject;
  const { terminal } = input;
  const { file, options } = subject;
  const path = outputOf(file, options);
  const form = formOf(path, options);
  const { program, checked, ...result } = unfold(sourcePath(file), commandHost(), compileOptions(options));
  const code = reportFindings(result, options, terminal, path === '-');
  if (program === undefined || code !== exit.ok) return code;
  const { view, unmatched } = viewOf(
    { ...program, doc: checked?.doc },
    { expand: options.values('expand'), depth: options.integer('depth'), sources: result.sources },
  );
  const [unknown] = unmatched;
  if (unknown !== undefined) throw unmatchedPattern(unknown, view);
  const bytes = new TextEncoder().encode(textOf(view, form));
  if (path === '-') {
    // Names from the source are escaped in all forms: as XML, as HTML and as JSON.
    terminal.out.write(terminal.out.isTerminal ? trusted(printableOf(bytes)) : bytes);
    return code;
  }
  refuseToReplace(path, result.sources.keys());
  writeAtomically(path, [bytes]);
  const blocks = view.entries.reduce((sum, { root }) => sum + root.children.length, 0);
  if (!options.has('quiet'))
    terminal.err.write(line(`${path}: ${byteSize(bytes.length)}, ${view.name} with ${counted(blocks, 'block')} at the top`));
  return code;
}

/** A text for a terminal, which no control character reaches. */
function printableOf(bytes: Uint8Array): string {
  return [...new TextDecoder().decode(bytes)].filter((character) => character === '\n' || !/\p{Cc}/u.test(character)).join('');
}

function textOf(view: ModelView, form: Form): string {
  switch (form) {
    case 'svg':
      return svgOf(view, layout(view, new Set(view.expanded))).svg;
    case 'html':
      return htmlOf(view, readText(join(packageRoot(), 'dist', 'graph-view.js')));
    case 'json':
      return `${JSON.stringify(view, undefined, 1)}\n`;
  }
}

/** Where the picture goes; `-` is standard output. */
function outputOf(file: string, options: ParsedOptions): string {
  const given = options.value('output');
  if (given !== undefined) return given;
  return file === '-' ? '-' : file.replace(/(?:\.arch)?$/, `.${givenForm(options) ?? 'svg'}`);
}

/** What is written. Throws `UsageError` if the name of the file does not say so, or says something else. */
function formOf(path: string, options: ParsedOptions): Form {
  const given = givenForm(options);
  const ending = forms.find((form) => path.endsWith(`.${form}`));
  if (given !== undefined && ending !== undefined && given !== ending)
    throw new UsageError(`\`--emit ${given}\` and \`-o ${path}\` say different things`, 'leave one of them out');
  const form = given ?? ending;
  if (form !== undefined) return form;
  if (path === '-')
    throw new UsageError('standard output has no name that says what to write', `add \`--emit\` with one of ${forms.join(', ')}`);
  throw new UsageError(`\`archc graph\` cannot write ${path}`, 'the name of the file ends in .svg, .html or .json');
}

function givenForm(options: ParsedOptions): Form | undefined {
  const given = options.value('emit');
  const form = forms.find((each) => each === given);
  if (given === undefined || form !== undefined) return form;
  const [near] = suggest(given, forms);
  throw new UsageError(
    `\`archc graph --emit\` cannot be \`${given}\``,
    near === undefined ? `it is one of ${forms.join(', ')}` : `did you mean \`${near}\`? It is one of ${forms.join(', ')}`,
  );
}

function unmatchedPattern(pattern: string, view: ModelView): UsageError {
  const paths = layersIn(view.entries).flatMap((layer) => layer.paths);
  const [near] = nearTo(pattern, paths);
  const top = view.entries.flatMap(({ root }) => root.children.flatMap(({ kind, path }) => (kind === 'layer' ? path : [])));
  const known = [...new Set(top)].slice(0, 8).join(', ');
  return new UsageError(
    `\`--expand ${pattern}\` matches no layer of ${view.name}`,
    near === undefined ? (known === '' ? 'it has no layers' : `it has ${known}`) : `did you mean \`${near}\`?`,
  );
}
