import { join } from 'node:path';
import { writeNpy } from '../../6-emit/weights/npy.js';
import { Report } from '../../diagnostics/report.js';
import { makeFolder } from '../../node/make-folder.js';
import { writeAtomically } from '../../node/write-atomically.js';
import type { TensorData } from '../../runtime/pure/tensor-data.js';
import type { ParsedOptions } from '../arguments.js';
import { type CommandInput, exit } from '../command.js';
import { commands } from '../commands.js';
import type { OptionName } from '../options.js';
import { line } from '../plain-text.js';
import { Progress } from '../progress.js';
import { reportFindings } from '../reporting.js';
import { feedsOf, type GivenFeeds, givenFeeds, statesAfter } from '../run/feeds.js';
import type { RunReply, RunRequest } from '../run/protocol.js';
import { demandDone } from '../run/refusal.js';
import { builtFile, onnxFile, type Runnable, requestTo } from '../run/runnable.js';
import { RunChild } from '../run/runtime.js';
import { latencyLine, outputLine } from '../run/show.js';
import { withTemporaryFolder } from '../run/temporary-folder.js';
import { onlySubject } from '../subjects.js';
import { columns } from '../table.js';
import { UsageError } from '../usage-error.js';
import { shapeText } from '../wording.js';

/** `archc run MODEL`: if the model is a source file, builds it into a temporary folder; then feeds and runs it. */
export async function run(input: CommandInput): Promise<number> {
  const { terminal } = input;
  const subject = onlySubject(input, 'run');
  if (typeof subject === 'number') return subject;
  const { file, options } = subject;
  const isBuilt = file.endsWith('.onnx');
  if (isBuilt) refuseBuildOptions(options);
  const directory = options.value('save-outputs');
  if (directory !== undefined) makeFolder(directory);
  const progress = new Progress(terminal, options.has('quiet'));
  return withTemporaryFolder(async (folder) => {
    try {
      const model = isBuilt ? onnxFile(file) : await builtFile(file, folder, options, progress);
      const report = new Report();
      for (const d of model.diagnostics) report.push(d);
      const given = model.signature === undefined ? undefined : givenFeeds(model, options, report);
      return given === undefined || model.signature === undefined
        ? reportFindings({ diagnostics: report.diagnostics, sources: model.sources }, options, terminal, true)
        : await runSteps(model, given, report, progress, { ...input, options });
    } finally {
      progress.stop();
    }
  });
}

/** Calls the model as often as `--steps` says, each time with the states that the call before left. */
async function runSteps(model: Runnable, given: GivenFeeds, report: Report, progress: Progress, input: CommandInput): Promise<number> {
  const { options, terminal } = input;
  const steps = options.integer('steps') ?? 1;
  if (steps > 1 && model.signature.states.length === 0)
    throw new UsageError('`--steps` needs a model that has states', '`--runs` repeats the same call');
  let states: ReadonlyMap<string, TensorData> = new Map();
  let child: RunChild | undefined;
  try {
    for (let index = 0; index < steps; index++) {
      const feeds = feedsOf(model, given, { index, states }, report);
      const findings = { diagnostics: report.diagnostics, sources: model.sources };
      const code = index === 0 || feeds === undefined ? reportFindings(findings, options, terminal, true) : exit.ok;
      if (feeds === undefined || code !== exit.ok) return code;
      child ??= new RunChild();
      progress.start(steps === 1 ? 'running' : `running step ${index + 1} of ${steps}`);
      const request = requestTo(model, feeds, { provider: options.value('provider'), runs: options.integer('runs') });
      const reply = await child.run(request);
      progress.stop();
      if (steps > 1) terminal.out.write(line(`step ${index + 1}`));
      const outputs = show(reply, request, input);
      states = statesAfter(model, feeds, outputs);
      if (index === steps - 1) save(outputs, options);
    }
  } finally {
    child?.close();
  }
  return exit.ok;
}

/** Build options do not apply to an ONNX file. */
function refuseBuildOptions(options: ParsedOptions): void {
  const other = commands.build.options.find((name) => options.has(name) && !runOptions.includes(name));
  if (other !== undefined)
    throw new UsageError(`\`--${other}\` has no effect on an ONNX file, which is already built`, 'give it where the file is built');
}

/** The options of a run, in addition to those of a build. */
const runOptions: readonly OptionName[] = ['bind', 'seed', 'format', 'max-diagnostics', 'deny-warnings', 'color', 'quiet', 'debug', 'help'];

/** Prints what a call took and gave. Throws `UsageError` if it failed. */
function show(reply: RunReply, request: RunRequest, { options, terminal }: CommandInput): ReadonlyMap<string, TensorData> {
  const { provider, inputs } = request;
  demandDone(reply, request, 'run');
  if (!options.has('quiet')) {
    for (const [name, { dtype, shape }] of inputs) terminal.err.write(line(`input ${name}: ${dtype} ${shapeText(shape)}`));
  }
  const rows = [...reply.outputs].map(([name, tensor]) => outputLine(name, tensor));
  terminal.out.write(columns(rows, { width: terminal.out.columns }));
  if (!options.has('quiet')) terminal.err.write(line(latencyLine(reply, provider)));
  return reply.outputs;
}

function save(outputs: ReadonlyMap<string, TensorData>, options: ParsedOptions): void {
  const directory = options.value('save-outputs');
  if (directory === undefined) return;
  // Two names never become the same file name.
  for (const [name, tensor] of outputs)
    writeAtomically(join(directory, `${encodeURIComponent(name)}.npy`), writeNpy(tensor.dtype, tensor.shape, tensor.bytes));
}
