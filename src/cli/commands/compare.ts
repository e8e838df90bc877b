import { mkdirSync } from 'node:fs';
import { join } from 'node:path';
import { Report } from '../../diagnostics/report.js';
import type { TensorData } from '../../runtime/pure/tensor-data.js';
import { type CommandInput, exit } from '../command.js';
import { deviceFor } from '../compare/device.js';
import { type Calls, chosenSizes, comparison } from '../compare/show.js';
import { lines } from '../plain-text.js';
import { Progress } from '../progress.js';
import { reportFindings } from '../reporting.js';
import { feedsOf, givenFeeds } from '../run/feeds.js';
import type { RunReply, RunRequest } from '../run/protocol.js';
import { demandDone } from '../run/refusal.js';
import { builtFile, type NotRunnable, type Runnable, requestTo } from '../run/runnable.js';
import { RunChild } from '../run/runtime.js';
import { withTemporaryFolder } from '../run/temporary-folder.js';
import { onlySubject } from '../subjects.js';
import { UsageError } from '../usage-error.js';

/** `archc compare MODEL.arch --quantize FORMS`: builds the model with and without it into a temporary folder, and runs both. */
export async function compare(input: CommandInput): Promise<number> {
  const { terminal } = input;
  const subject = onlySubject(input, 'compare');
  if (typeof subject === 'number') return subject;
  const { file, options } = subject;
  if (!options.has('quantize'))
    throw new UsageError('`archc compare` needs `--quantize`', 'the model is compared with its quantized form: `--quantize int4`');
  const progress = new Progress(terminal, options.has('quiet'));
  return withTemporaryFolder(async (folder) => {
    try {
      const [plainFolder, smallFolder] = [join(folder, 'plain'), join(folder, 'small')];
      for (const each of [plainFolder, smallFolder]) mkdirSync(each);
      const small = await builtFile(file, smallFolder, options, progress);
      if (small.signature === undefined) return reported(small, { ...input, options });
      const plain = await builtFile(file, plainFolder, options, progress, { quantize: undefined });
      if (plain.signature === undefined) return reported(plain, { ...input, options });
      return await compareRuns(plain, small, progress, { ...input, options });
    } finally {
      progress.stop();
    }
  });
}

function reported({ diagnostics, sources }: Runnable | NotRunnable, { options, terminal }: CommandInput): number {
  return reportFindings({ diagnostics, sources }, options, terminal, true);
}

async function compareRuns(plain: Runnable, small: Runnable, progress: Progress, input: CommandInput): Promise<number> {
  const { options, terminal } = input;
  const report = new Report();
  for (const problem of small.diagnostics) report.push(problem);
  const given = givenFeeds(plain, options, report);
  const feeds = given && feedsOf(plain, given, { index: 0, states: new Map() }, report);
  const code = reportFindings({ diagnostics: report.diagnostics, sources: small.sources }, options, terminal, true);
  if (given === undefined || feeds === undefined || code !== exit.ok) return code;
  progress.start('running');
  const device = await deviceFor(options, (provider) => onceOn(provider, [plain, small], feeds));
  const [exact, rounded] = await inTurns([plain, small], feeds, device.provider, input);
  progress.stop();
  const forms = options.value('quantize') ?? '';
  const drawn = new Map([...feeds].filter(([name]) => !given.tensors.has(name)));
  const chosen = chosenSizes(plain, given.sizes.keys(), given.tensors);
  const parts = { plain, small, inputs: feeds, drawn, chosen, exact, rounded, device, forms, width: terminal.out.columns };
  const { texts, faults } = comparison(parts);
  for (const text of texts) terminal.out.write(text);
  terminal.err.write(lines(faults.map((fault) => `archc: ${fault}`)));
  return faults.length === 0 ? exit.ok : exit.diagnostics;
}

/** The first run of the two that fails, or the last one. In a process of its own, because a device may end it. */
async function onceOn(provider: string, models: readonly Runnable[], inputs: ReadonlyMap<string, TensorData>): Promise<RunReply> {
  const child = new RunChild();
  try {
    let reply: RunReply = { kind: 'failed', reason: 'there is no model' };
    for (const model of models) {
      reply = await child.run(requestTo(model, inputs, { provider }));
      if (reply.kind !== 'done') return reply;
    }
    return reply;
  } finally {
    child.close();
  }
}

/** Runs two models in turns, so that other load on the machine slows down both, after one run of each to warm up. */
async function inTurns(
  models: readonly [Runnable, Runnable],
  inputs: ReadonlyMap<string, TensorData>,
  provider: string,
  { options }: CommandInput,
): Promise<readonly [Calls, Calls]> {
  const rounds = options.integer('runs') ?? 20;
  const requests = models.map((model) => requestTo(model, inputs, { provider }));
  const child = new RunChild();
  const called = async (i: number) => {
    const request = requests[i] as RunRequest; // there are two
    const reply = await child.run(request);
    demandDone(reply, request, 'compare');
    return reply;
  };
  try {
    const first = [await called(0), await called(1)] as const;
    const times: [number[], number[]] = [[], []];
    for (let round = 0; round < rounds; round++) for (const [i, list] of times.entries()) list.push((await called(i)).milliseconds[0] ?? 0);
    return [
      { outputs: first[0].outputs, milliseconds: times[0] },
      { outputs: first[1].outputs, milliseconds: times[1] },
    ];
  } finally {
    child.close();
  }
}
