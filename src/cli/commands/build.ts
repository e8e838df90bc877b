import { realpathSync } from 'node:fs';
import { dirname, join } from 'node:path';
import { countParameters } from '../../6-emit/parameter-count.js';
import type { ProjectBuild } from '../../api/project.js';
import type { CompiledEntry, CompiledModel } from '../../compile.js';
import { writeAtomically } from '../../node/write-atomically.js';
import { showType } from '../../ops/types.js';
import type { ParsedOptions } from '../arguments.js';
import { type BuildResult, type BuiltModel, buildModel } from '../build-model.js';
import { type CommandInput, exit } from '../command.js';
import { compileOptions } from '../compile-options.js';
import { emissionsOf } from '../emit-option.js';
import { makeRules } from '../make-rules.js';
import { demandRules, optimizationReport } from '../optimization-report.js';
import { lines } from '../plain-text.js';
import { Progress } from '../progress.js';
import { mergedFindings, reportFindings } from '../reporting.js';
import { asksForFewerBits, storedWeights } from '../stored-weights.js';
import { findingsOf, placesOf, type Subject, subjectsOf } from '../subjects.js';
import { UsageError } from '../usage-error.js';
import { type Round, watch } from '../watch.js';
import { byteSize, counted, parametersText, storedRows } from '../wording.js';

/** `archc MODEL.arch -o MODEL.onnx`, `archc build` for all builds of the project, and `archc build NAME...` for some of them. */
export async function build(input: CommandInput): Promise<number> {
  if (input.options.has('watch')) return watch(input, placesOf(input.positionals), () => buildAll(input));
  return (await buildAll(input)).code;
}

/** The result of a build, and how many milliseconds it took. */
interface Finished {
  readonly result: BuildResult;
  readonly time: number;
}

/** Builds what the words refer to, one after the other, and reports all findings together. */
async function buildAll(input: CommandInput): Promise<Round> {
  const { positionals, options, terminal } = input;
  demandRules(options);
  const { subjects, ...ofProject } = subjectsOf(positionals, 'build', options);
  refuseTogether(subjects, options);
  const outputs = subjects.map((subject) => outputOf(subject, input));
  const finished: Finished[] = [];
  try {
    const owners = new Map<string, string>();
    for (const [i, subject] of subjects.entries()) {
      const done = await buildOne(subject, outputs[i], input).catch((error: unknown): Finished => {
        return { result: { ...findingsOf(error, subject.build, ofProject.sources), built: undefined }, time: 0 };
      });
      finished.push(done);
      if (subjects.length > 1 && subject.build !== undefined) refuseShared(subject.build, done.result, owners);
    }
  } catch (error) {
    tell(finished, input);
    throw error;
  }
  const findings = mergedFindings([ofProject, ...finished.map(({ result }) => result)]);
  const code = reportFindings(findings, options, terminal, outputs.includes(undefined));
  const bytes = finished[0]?.result.built?.bytes;
  if (bytes !== undefined && code === exit.ok) terminal.out.write(bytes);
  tell(finished, input);
  if (code === exit.ok) writeDependencies(subjects, finished, ofProject.sources, options);
  return { code, sources: findings.sources };
}

async function buildOne({ file, options }: Subject, output: string | undefined, { terminal }: CommandInput): Promise<Finished> {
  const started = performance.now();
  const progress = new Progress(terminal, options.has('quiet'));
  const result = await buildModel({
    word: file,
    output,
    settings: compileOptions(options),
    options,
    progress,
    emit: emissionsOf(options),
  });
  return { result, time: performance.now() - started };
}

/** Writes what `--deps` asks for: once everything is built, since `make` must not take a build that failed for done. */
function writeDependencies(
  subjects: readonly Subject[],
  finished: readonly Finished[],
  project: ReadonlyMap<string, string>,
  options: ParsedOptions,
): void {
  const path = options.value('deps');
  if (path === undefined) return;
  const rules = finished.map(({ result: { built, sources } }, i) => {
    const own = subjects[i]?.options ?? options;
    const settings = (['config', 'set-from'] as const).flatMap((name) => own.value(name) ?? []);
    return { outputs: outputsOf(built), inputs: [...sources.keys(), ...project.keys(), ...settings, ...(built?.weights ?? [])] };
  });
  writeAtomically(path, [new TextEncoder().encode(makeRules(rules))]);
}

/** The paths of the files of a model: all are written at the same time. */
function outputsOf(built: BuiltModel | undefined): readonly string[] {
  if (built === undefined) return [];
  const { paths, beside, folder } = built;
  return [...paths, ...beside.map((name) => join(folder, name))];
}

/** Refuses builds that have written the same file. Reading the project file finds equal paths, but not links to the same file, nor the files of entries and trainings. */
function refuseShared({ name, out }: ProjectBuild, { built }: BuildResult, owners: Map<string, string>): void {
  const beside = built === undefined ? [] : [...built.beside, ...(built.dataFile === undefined ? [] : [built.dataFile.name])];
  for (const path of [...(built?.paths ?? []), ...beside.map((file) => join(dirname(out), file))]) {
    const file = realpathSync(path);
    const owner = owners.get(file);
    if (owner !== undefined)
      throw new UsageError(`the builds \`${owner}\` and \`${name}\` both wrote ${path}`, 'give one of them another "out", and build again');
    owners.set(file, name);
  }
}

/** Says what was written. */
function tell(finished: readonly Finished[], { options, terminal }: CommandInput): void {
  if (options.has('quiet')) return;
  for (const { result, time } of finished) {
    if (result.built === undefined) continue;
    terminal.err.write(lines(successLines(result, asksForFewerBits(options.value('quantize')), time)));
    for (const text of optimizationReport(result.built.model, options, result.sources, terminal.err.columns ?? 80))
      terminal.err.write(text);
  }
}

/** Refuses several subjects unless all are builds of a project, which have their own outputs. */
function refuseTogether(subjects: readonly Subject[], options: ParsedOptions): void {
  if (subjects.length < 2) return;
  const file = subjects.find(({ build }) => build === undefined);
  if (file !== undefined)
    throw new UsageError(
      `\`archc build\` takes one file, and \`${file.file}\` is not the only one`,
      'a project file names several: `archc init`',
    );
  if (options.has('output'))
    throw new UsageError(
      '`-o` is for one build',
      `name one of ${subjects.map((subject) => subject.build?.name).join(', ')}, or give each an "out" in archc.json`,
    );
}

/** Where the model goes; undefined means standard output. */
function outputOf({ file, options }: Subject, { terminal }: CommandInput): string | undefined {
  const given = options.value('output') ?? (file === '-' ? '-' : file.replace(/(?:\.arch)?$/, '.onnx'));
  if (given !== '-') return given;
  if (terminal.out.isTerminal)
    throw new UsageError('a model is binary and is not written to a terminal', 'give a file with `-o FILE`, or redirect the output');
  if (emissionsOf(options).some((emission) => emission !== 'onnx'))
    throw new UsageError('standard output takes one file, so `--emit` can only be `onnx`', 'give a file or folder with `-o`');
  if (options.value('external-data') === 'always')
    throw new UsageError('`--external-data always` needs a file to write, not standard output');
  return undefined;
}

/**
 * `lenet.onnx: 247 KB, 61,706 parameters, image [N, 1, 28, 28] -> logits [N, 10], 38 ms`; with several entries, a line for each and one for
 * the whole.
 */
function successLines({ built }: BuildResult, isQuantized: boolean, milliseconds: number): readonly string[] {
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
  const last = [...(modules.length === 0 ? [] : [moduleText(modules, model)]), ...remarks, ...storedText(model, isQuantized)];
  if (only !== undefined && more.length === 0) return [[only.file, ...whole, only.signature, time].join(', '), ...last];
  return [...graphs.map(({ file, signature }) => `${file}, ${signature}`), `${model.name}: ${[...whole, time].join(', ')}`, ...last];
}

/** `stored as int4/32: 124,439,808 numbers, 498 MB -> 80 MB`, for each form of the weights of a build with `--quantize` */
function storedText(model: CompiledModel, isQuantized: boolean): readonly string[] {
  if (!isQuantized) return [];
  const { sizes, hints } = storedWeights(model);
  return [...storedRows(sizes).map(([form = '', ...rest]) => `stored as ${form}: ${rest.join(', ')}`), ...hints];
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
