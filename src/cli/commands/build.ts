import { countParameters } from '../../6-emit/parameter-count.js';
import type { CompiledEntry, CompiledModel } from '../../compile.js';
import { showType } from '../../ops/types.js';
import { type BuildResult, buildModel } from '../build-model.js';
import { type CommandInput, exit } from '../command.js';
import { compileOptions } from '../compile-options.js';
import { emissionsOf } from '../emit-option.js';
import { onlyFile } from '../input.js';
import { demandRules, optimizationReport } from '../optimization-report.js';
import { lines } from '../plain-text.js';
import { Progress } from '../progress.js';
import { reportFindings } from '../reporting.js';
import { UsageError } from '../usage-error.js';
import { watch } from '../watch.js';
import { byteSize, counted, parametersText } from '../wording.js';

/** `archc MODEL.arch -o MODEL.onnx`. */
export async function build(input: CommandInput): Promise<number> {
  const file = onlyFile(input.positionals, 'build');
  demandRules(input.options);
  const output = outputOf(file, input);
  if (input.options.has('watch')) return watch(input, [file], () => buildOnce(file, output, input));
  return (await buildOnce(file, output, input)).code;
}

/** Where the model goes; undefined means standard output. */
function outputOf(file: string, { options, terminal }: CommandInput): string | undefined {
  const given = options.value('output') ?? (file === '-' ? '-' : file.replace(/(?:\.arch)?$/, '.onnx'));
  if (given !== '-') return given;
  if (terminal.out.isTerminal)
    throw new UsageError('a model is not text: it is not written to a terminal', 'give a file with `-o FILE`, or redirect the output');
  if (emissionsOf(options).some((emission) => emission !== 'onnx'))
    throw new UsageError('standard output takes one file: `--emit` there can only be `onnx`', 'give a file or folder with `-o`');
  if (options.value('external-data') === 'always')
    throw new UsageError('`--external-data always` needs a file to write, not standard output');
  return undefined;
}

async function buildOnce(
  file: string,
  output: string | undefined,
  { options, terminal }: CommandInput,
): Promise<{ readonly code: number; readonly sources: BuildResult['sources'] }> {
  const started = performance.now();
  const result = await buildModel({
    word: file,
    output,
    settings: compileOptions(options),
    options,
    progress: new Progress(terminal, options.has('quiet')),
    emit: emissionsOf(options),
  });
  const { built, sources } = result;
  const code = reportFindings(result, options, terminal, output === undefined);
  if (built?.bytes !== undefined && code === exit.ok) terminal.out.write(built.bytes);
  if (built !== undefined && !options.has('quiet')) terminal.err.write(lines(successLines(result, performance.now() - started)));
  const report = built === undefined ? [] : optimizationReport(built.model, options, sources, terminal.err.columns ?? 80);
  for (const text of report) terminal.err.write(text);
  return { code, sources };
}

/**
 * `lenet.onnx: 247 KB, 61,706 parameters, image [N, 1, 28, 28] -> logits [N, 10], 38 ms`; with several entries, a line for each and one for
 * the whole.
 */
function successLines({ built }: BuildResult, milliseconds: number): readonly string[] {
  if (built === undefined) return [];
  const { model, files, paths, dataFile, referenced, beside: others, remarks } = built;
  const graphs = files.flatMap(({ name, size }, i) => {
    const entry = model.entries[i];
    return entry === undefined ? [] : [{ file: `${paths[i] ?? name}: ${byteSize(size)}`, signature: signatureText(entry) }];
  });
  const beside = [...(dataFile === undefined ? [] : [`${dataFile.name} (${byteSize(dataFile.size)})`]), ...referenced];
  const weights = beside.length === 0 ? [] : [`with ${beside.join(' and ')}`];
  const whole = [...weights, parametersText(countParameters(model.parameters))];
  const modules = others.filter(isOfModule);
  const time = `${Math.round(milliseconds)} ms`;
  const [only, ...more] = graphs;
  const last = [...(modules.length === 0 ? [] : [moduleText(modules, model)]), ...remarks];
  if (only !== undefined && more.length === 0) return [[only.file, ...whole, only.signature, time].join(', '), ...last];
  return [...graphs.map(({ file, signature }) => `${file}, ${signature}`), `${model.name}: ${[...whole, time].join(', ')}`, ...last];
}

/** `lenet.arch.js and lenet.arch.d.ts export LeNet and Finetune` */
function moduleText(files: readonly string[], { name, training }: CompiledModel): string {
  const names = [name, ...(training === undefined ? [] : [training.checked.name])];
  return `${files.join(' and ')} ${files.length === 1 ? 'exports' : 'export'} ${names.join(' and ')}`;
}

function isOfModule(name: string): boolean {
  return name.endsWith('.arch.js') || name.endsWith('.arch.d.ts');
}

/** The states of a model may be many, and their names long: they are counted. */
function signatureText({ onnx: { inputs, outputs, states } }: CompiledEntry): string {
  const carried = new Set(states.flatMap(({ state }) => [state.input, state.output]));
  const tensors = (values: CompiledTensors): string =>
    values.flatMap(({ name, type }) => (carried.has(name) ? [] : [`${name} ${showType(type)}`])).join(', ');
  const [from, to] = [tensors(inputs), tensors(outputs)];
  // A graph that only changes states has nothing else.
  const arrow = from === '' && to === '' && states.length > 0 ? [] : [`${from} -> ${to}`];
  return [...arrow, ...(states.length === 0 ? [] : [counted(states.length, 'state')])].join(', ');
}

type CompiledTensors = readonly { readonly name: string; readonly type: Parameters<typeof showType>[0] }[];
