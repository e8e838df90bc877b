import { join } from 'node:path';
import { writeNpy } from '../../6-emit/weights/npy.js';
import { Report } from '../../diagnostics/report.js';
import { makeFolder } from '../../node/make-folder.js';
import { writeAtomically } from '../../node/write-atomically.js';
import type { TensorData } from '../../runtime/pure/tensor-data.js';
import type { ParsedOptions } from '../arguments.js';
import { type CommandInput, exit } from '../command.js';
import { commands } from '../commands.js';
import { onlyFile } from '../input.js';
import type { OptionName } from '../options.js';
import { line } from '../plain-text.js';
import { Progress } from '../progress.js';
import { reportFindings } from '../reporting.js';
import { feedsOf } from '../run/feeds.js';
import type { RunReply, RunRequest } from '../run/protocol.js';
import { refusal } from '../run/refusal.js';
import { builtFile, onnxFile, type Runnable } from '../run/runnable.js';
import { runInChild } from '../run/runtime.js';
import { latencyLine, outputLine } from '../run/show.js';
import { withTemporaryFolder } from '../run/temporary-folder.js';
import { UsageError } from '../usage-error.js';
import { columns, shapeText } from '../wording.js';

/** `archc run MODEL`: if the model is a source file, builds it into a temporary folder; then feeds and runs it. */
export async function run(input: CommandInput): Promise<number> {
  const { options, terminal } = input;
  const file = onlyFile(input.positionals, 'run');
  const isBuilt = file.endsWith('.onnx');
  if (isBuilt) refuseBuildOptions(options);
  const directory = options.value('save-outputs');
  if (directory !== undefined) makeFolder(directory);
  const progress = new Progress(terminal, options.has('quiet'));
  return withTemporaryFolder(async (folder) => {
    try {
      const prepared = isBuilt ? onnxFile(file) : await builtFile(file, folder, options, progress);
      const report = new Report();
      for (const d of prepared.diagnostics) report.push(d);
      const feeds = prepared.signature === undefined ? undefined : feedsOf(prepared, options, report);
      const code = reportFindings({ diagnostics: report.diagnostics, sources: prepared.sources }, options, terminal, true);
      if (feeds === undefined || prepared.signature === undefined || code !== exit.ok) return code;
      const request = requestOf(prepared, feeds, options);
      progress.start('running');
      const reply = await runInChild(request);
      progress.stop();
      return show(reply, request, input);
    } finally {
      progress.stop();
    }
  });
}

/** Build options do not apply to an ONNX file. */
function refuseBuildOptions(options: ParsedOptions): void {
  const other = commands.build.options.find((name) => options.has(name) && !runOptions.includes(name));
  if (other !== undefined)
    throw new UsageError(`\`--${other}\` has no effect on an ONNX file, which is built already`, 'give it where the file is built');
}

/** The options of a run, in addition to those of a build. */
const runOptions: readonly OptionName[] = ['bind', 'seed', 'format', 'max-diagnostics', 'deny-warnings', 'color', 'quiet', 'debug', 'help'];

function requestOf(model: Runnable, inputs: ReadonlyMap<string, TensorData>, options: ParsedOptions): RunRequest {
  const { outputs } = model.signature;
  return { model: model.path, provider: options.value('provider') ?? 'cpu', runs: options.integer('runs') ?? 1, inputs, outputs };
}

function show(reply: RunReply, { model, provider, inputs }: RunRequest, { options, terminal }: CommandInput): number {
  if (reply.kind === 'missing') {
    throw new UsageError(
      '`archc run` needs the package onnxruntime-node',
      `install it beside archc: \`npm install onnxruntime-node\` (${reply.reason.split('\n')[0]})`,
    );
  }
  if (reply.kind === 'failed') throw refusal(reply.reason, model, provider);
  const directory = options.value('save-outputs');
  for (const [name, tensor] of reply.outputs) {
    // Two names never become the same file name.
    if (directory !== undefined)
      writeAtomically(join(directory, `${encodeURIComponent(name)}.npy`), writeNpy(tensor.dtype, tensor.shape, tensor.bytes));
  }
  if (!options.has('quiet')) {
    for (const [name, { dtype, shape }] of inputs) terminal.err.write(line(`input ${name}: ${dtype} ${shapeText(shape)}`));
  }
  terminal.out.write(columns([...reply.outputs].map(([name, tensor]) => outputLine(name, tensor))));
  if (!options.has('quiet')) terminal.err.write(line(latencyLine(reply, provider)));
  return exit.ok;
}
