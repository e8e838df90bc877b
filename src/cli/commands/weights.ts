import { countParameters, type ParameterCount } from '../../6-emit/parameter-count.js';
import { matchWeights, reportUnused, usablePatterns } from '../../6-emit/weights/match-weights.js';
import { openWeights } from '../../6-emit/weights/weight-file.js';
import { type CompileResult, compile } from '../../compile.js';
import { Report } from '../../diagnostics/report.js';
import { type CommandInput, exit } from '../command.js';
import { compileOptions } from '../compile-options.js';
import { commandHost, sourcePath } from '../input.js';
import { computedRemark, namePatterns } from '../model-weights.js';
import { json, line, lines } from '../plain-text.js';
import { reportFindings } from '../reporting.js';
import { onlySubject, type Subject } from '../subjects.js';
import { columns } from '../table.js';
import type { Terminal } from '../terminal.js';
import { UsageError } from '../usage-error.js';
import { byteSize, counted, parametersText } from '../wording.js';

/** `archc weights list FILE` and `archc weights check MODEL.arch FILE`. A build of the project may take the place of MODEL.arch; FILE is then its weights. */
export function weights(input: CommandInput): number {
  const [action, ...files] = input.positionals;
  const [first, second, extra] = files;
  if (action === 'list' && first !== undefined && second === undefined) return withSubject(first, input, list);
  if (action === 'check' && first !== undefined && extra === undefined)
    return withSubject(first, input, (subject) => {
      const file = second ?? subject.build?.options.weights;
      if (file === undefined)
        throw new UsageError('`archc weights check` needs a weights file', '`archc weights check MODEL.arch FILE.safetensors`');
      return checkWeights(subject, file, input.terminal);
    });
  throw new UsageError(
    '`archc weights` is called in one of two ways',
    '`archc weights list FILE` or `archc weights check MODEL.arch FILE.safetensors`',
  );
}

function withSubject(word: string, input: CommandInput, work: (subject: Subject, terminal: Terminal) => number): number {
  const subject = onlySubject({ ...input, positionals: [word] }, 'weights');
  return typeof subject === 'number' ? subject : work(subject, input.terminal);
}

interface Row {
  readonly name: string;
  readonly type: string;
  readonly shape: readonly number[];
  readonly bytes: number;
  /** In a model: whether training leaves it unchanged. */
  readonly buffer?: boolean;
}

function list(subject: Subject, terminal: Terminal): number {
  const { file, options } = subject;
  const report = new Report();
  let rows: readonly Row[] | undefined;
  let sources: CompileResult['sources'] = new Map();
  let count: ParameterCount | undefined;
  if (/\.(?:safetensors|json)$/.test(file)) rows = storedRows(file, report);
  else {
    const result = compiled(subject);
    sources = result.sources;
    for (const d of result.diagnostics) report.push(d);
    const parameters = result.model?.parameters;
    count = parameters === undefined ? undefined : countParameters(parameters);
    rows = parameters?.map(({ name, type, trainable }) => {
      const shape = type.shape.map((size) => size.constant ?? 0);
      return { name, type: type.dtype, shape, bytes: 0, buffer: !trainable };
    });
  }
  const code = reportFindings({ diagnostics: report.diagnostics, sources }, options, terminal, true);
  if (rows === undefined) return code;
  if (options.has('json')) terminal.out.write(json(rows.map(({ bytes: _, ...row }) => row)));
  else {
    const elements = rows.reduce((sum, row) => sum + row.shape.reduce((a, b) => a * b, 1), 0);
    const bytes = rows.reduce((sum, row) => sum + row.bytes, 0);
    const cells = rows.map(({ name, type, shape, buffer }) => [name, type, `[${shape.join(', ')}]`, buffer === true ? 'buffer' : '']);
    terminal.out.write(columns(cells, { width: terminal.out.columns }));
    const numbers = count === undefined ? counted(elements, 'element') : parametersText(count);
    terminal.out.write(line(`${counted(rows.length, 'tensor')}, ${numbers}${bytes > 0 ? `, ${byteSize(bytes)}` : ''}`));
  }
  return code;
}

function storedRows(file: string, report: Report): readonly Row[] | undefined {
  const opened = openWeights(file, commandHost(), report, { file, start: 0, end: 0 });
  if (opened === undefined) return undefined;
  const rows = [...opened.tensors.values()].map(({ name, storedType, shape, length }) => ({
    name,
    type: storedType,
    shape,
    bytes: length,
  }));
  opened.close();
  return rows.sort((a, b) => (a.name < b.name ? -1 : 1));
}

function checkWeights(subject: Subject, file: string, terminal: Terminal): number {
  const { options } = subject;
  const result = compiled(subject);
  const report = new Report(Number.POSITIVE_INFINITY, result.sources);
  for (const d of result.diagnostics) report.push(d);
  const place = result.model?.checked.span ?? { file, start: 0, end: 0 };
  const opened = result.model === undefined ? undefined : openWeights(file, commandHost(), report, place);
  let remarks: readonly string[] = [];
  if (opened !== undefined && result.model !== undefined) {
    const { parameters, elsewhere } = result.model;
    const patterns = usablePatterns(namePatterns(options), report, place);
    const { casts, computed, used } = matchWeights(parameters, opened, { patterns }, report, place, elsewhere);
    reportUnused(patterns, used, [opened.path], report, place);
    remarks = [
      `all ${counted(parameters.length, 'weight')} fit`,
      ...casts.map(({ from, to, count }) => `${count} of them are converted from ${from} to ${to}`),
      ...computedRemark(computed, file),
    ];
    opened.close();
  }
  const code = reportFindings({ diagnostics: report.diagnostics, sources: result.sources }, options, terminal);
  if (code === exit.ok && !options.has('quiet')) terminal.err.write(lines(remarks));
  return code;
}

function compiled({ file, options }: Subject): CompileResult {
  return compile(sourcePath(file), commandHost(), compileOptions(options));
}
