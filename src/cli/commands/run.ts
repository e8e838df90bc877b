import { mkdirSync, mkdtempSync, rmSync } from 'node:fs';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import { decodeOnnx } from '../../6-emit/onnx/decode.js';
import { type ModelSummary, summarize } from '../../6-emit/onnx/summary.js';
import { writeNpy } from '../../6-emit/weights/npy.js';
import { Report } from '../../diagnostics/report.js';
import type { Span } from '../../diagnostics/span.js';
import { suggest } from '../../diagnostics/suggest.js';
import { Dim } from '../../dims/dim.js';
import { HostError } from '../../host.js';
import { writeAtomically } from '../../node/write-atomically.js';
import type { DType } from '../../ops/types.js';
import type { ParsedOptions } from '../arguments.js';
import { buildModel } from '../build-model.js';
import { type CommandInput, exit } from '../command.js';
import { compileOptions } from '../compile-options.js';
import { commandHost, onlyFile } from '../input.js';
import { Progress } from '../progress.js';
import { readFile } from '../read-file.js';
import { type Findings, reportFindings } from '../reporting.js';
import { parseFact, parseSize } from '../run/parse-size.js';
import type { RunReply, RunRequest } from '../run/protocol.js';
import { randomTensor } from '../run/random.js';
import { readInput } from '../run/read-input.js';
import { runInChild } from '../run/runtime.js';
import { latencyLine, outputLine } from '../run/show.js';
import { type InputSlot, resolveSizes } from '../run/sizes.js';
import type { TensorData } from '../run/tensor-data.js';
import { UsageError } from '../usage-error.js';
import { columns, shapeText } from '../wording.js';

/** A model file that can be run, and where its inputs were declared. */
interface Runnable extends Findings {
  readonly path: string;
  readonly summary: ModelSummary;
  readonly spanOf: (input: string) => Span;
}

/** What stopped the build stands in the diagnostics. */
interface NotRunnable extends Findings {
  readonly summary: undefined;
}

/** `archc run MODEL`: builds the model into a temporary folder if it is a source file, feeds and runs it. */
export async function run(input: CommandInput): Promise<number> {
  const { options, terminal } = input;
  const file = onlyFile(input.positionals, 'run');
  const progress = new Progress(terminal, options.has('quiet'));
  const folder = mkdtempSync(join(tmpdir(), 'archc-'));
  try {
    const prepared = file.endsWith('.onnx') ? onnxFile(file) : await builtFile(file, folder, options, progress);
    const report = new Report();
    for (const d of prepared.diagnostics) report.push(d);
    const feeds = prepared.summary === undefined ? undefined : feedsOf(prepared, options, report);
    const code = reportFindings({ diagnostics: report.diagnostics, sources: prepared.sources }, options, terminal, true);
    if (feeds === undefined || prepared.summary === undefined || code !== exit.ok) return code;
    progress.start('running');
    const reply = await runInChild(requestOf(prepared, feeds, options));
    progress.stop();
    return show(reply, feeds, input);
  } finally {
    progress.stop();
    rmSync(folder, { recursive: true, force: true });
  }
}

function onnxFile(path: string): Runnable {
  const summary = summarize(decodeOnnx(readFile(path)));
  return { diagnostics: [], sources: new Map(), path, summary, spanOf: () => ({ file: path, start: 0, end: 0 }) };
}

async function builtFile(file: string, folder: string, options: ParsedOptions, progress: Progress): Promise<Runnable | NotRunnable> {
  const path = join(folder, 'model.onnx');
  // Sizes are bound when the model runs, so that one file serves all sizes.
  const { bind: _, ...settings } = compileOptions(options);
  const { diagnostics, sources, built } = await buildModel({ word: file, output: path, settings, options, progress });
  if (built === undefined) return { diagnostics, sources, summary: undefined };
  const { inputs, span } = built.model.checked;
  const spans = new Map(inputs.map((declared) => [declared.name, declared.span]));
  return { diagnostics, sources, path, summary: summarize(decodeOnnx(readFile(path))), spanOf: (name) => spans.get(name) ?? span };
}

/** A tensor for every input: the given ones, and made-up ones of sizes that fit. Undefined if something was reported. */
function feedsOf(model: Runnable, options: ParsedOptions, report: Report): ReadonlyMap<string, TensorData> | undefined {
  const slots = model.summary.inputs.map((declared) => slotOf(declared, model));
  const host = commandHost();
  const given = new Map<string, TensorData>();
  for (const [name, word] of options.pairs('input')) {
    const slot = slots.find((candidate) => candidate.name === name);
    if (slot === undefined) throw unknownInput(name, slots);
    const tensor = readInput(slot, word, host, report);
    if (tensor !== undefined) given.set(name, tensor);
  }
  const bound = options.sizes('bind');
  const facts = factTexts(model.summary).flatMap((text) => parseFact(text) ?? []);
  const sizes = report.hasErrors ? undefined : resolveSizes(slots, given, bound, facts, report);
  if (sizes === undefined) return undefined;
  const seed = options.integer('seed') ?? 0;
  const made = (slot: InputSlot): TensorData =>
    randomTensor(
      slot,
      slot.shape.map((size) => size.evaluate(sizes)),
      seed,
    );
  return new Map(slots.map((slot) => [slot.name, given.get(slot.name) ?? made(slot)]));
}

function slotOf({ name, dtype, shape }: ModelSummary['inputs'][number], model: Runnable): InputSlot {
  if (dtype === undefined || dtype === 'string' || shape === undefined)
    throw new HostError(`the input ${name} of ${model.path} is no tensor of numbers with a known rank`);
  const dims = shape.map((size, axis) => {
    if (typeof size === 'number') return Dim.of(size);
    // A size without a name, or with one that is no formula, is a name of its own.
    return (size === undefined ? undefined : parseSize(size)) ?? Dim.variable(size ?? `${name}.${axis}`, 0);
  });
  return { name, dtype, shape: dims, span: model.spanOf(name) };
}

function unknownInput(name: string, slots: readonly InputSlot[]): UsageError {
  const names = slots.map((slot) => slot.name);
  const [near] = suggest(name, names);
  return new UsageError(
    `the model has no input \`${name}\``,
    near === undefined ? `it has ${names.join(', ')}` : `did you mean \`${near}\`?`,
  );
}

function factTexts({ metadata }: ModelSummary): readonly string[] {
  try {
    const facts: unknown = JSON.parse(metadata['archc.facts'] ?? '[]');
    return Array.isArray(facts) ? facts.filter((fact) => typeof fact === 'string') : [];
  } catch {
    // Written by something else.
    return [];
  }
}

function requestOf(model: Runnable, inputs: ReadonlyMap<string, TensorData>, options: ParsedOptions): RunRequest {
  const outputs = new Map<string, DType>();
  for (const { name, dtype } of model.summary.outputs) if (dtype !== undefined) outputs.set(name, dtype);
  return { model: model.path, provider: options.value('provider') ?? 'cpu', runs: options.integer('runs') ?? 1, inputs, outputs };
}

function show(reply: RunReply, feeds: ReadonlyMap<string, TensorData>, { options, terminal }: CommandInput): number {
  if (reply.kind === 'missing') {
    throw new UsageError(
      '`archc run` needs the package onnxruntime-node',
      `install it beside archc: \`npm install onnxruntime-node\` (${reply.reason.split('\n')[0]})`,
    );
  }
  if (reply.kind === 'failed') throw new HostError(`ONNX Runtime could not run the model: ${reply.reason}`);
  const directory = options.value('save-outputs');
  if (directory !== undefined) mkdirSync(directory, { recursive: true });
  for (const [name, tensor] of reply.outputs) {
    if (directory !== undefined)
      writeAtomically(join(directory, `${name.replaceAll(/[^\w.-]/g, '_')}.npy`), writeNpy(tensor.dtype, tensor.shape, tensor.bytes));
  }
  if (!options.has('quiet')) {
    for (const [name, { dtype, shape }] of feeds) terminal.err.write(`input ${name}: ${dtype} ${shapeText(shape)}\n`);
  }
  terminal.out.write(columns([...reply.outputs].map(([name, tensor]) => outputLine(name, tensor))));
  if (!options.has('quiet')) terminal.err.write(latencyLine(reply, options.value('provider') ?? 'cpu'));
  return exit.ok;
}
