import type { PruneOptions, PruneReport } from '../../api/prune.js';
import type { Report } from '../../diagnostics/report.js';
import { refuseToReplace } from '../../node/output-path.js';
import { writeAtomically } from '../../node/write-atomically.js';
import { type PrunedModel, preparePruning, unlessUnusable } from '../../prune-model.js';
import type { ParsedOptions } from '../arguments.js';
import type { CommandInput } from '../command.js';
import { compileOptions } from '../compile-options.js';
import { commandHost, sourcePath } from '../input.js';
import { namePatterns, weightsOptions, weightsRemarks } from '../model-weights.js';
import { json, lines } from '../plain-text.js';
import { Progress } from '../progress.js';
import { checkInputs, comparedOutputs } from '../prune/compare.js';
import { pruneTables } from '../prune/show.js';
import { reportFindings } from '../reporting.js';
import { type ComparedOutput, lostNotes, undefinedNotes } from '../run/output-errors.js';
import { settingsOf } from '../set-option.js';
import { onlySubject } from '../subjects.js';
import { UsageError } from '../usage-error.js';

/** `archc prune MODEL.arch --weights FILE --to NAME=VALUE -o FILE`: writes the weights of the pruned model, and reports what has become smaller. */
export async function prune(input: CommandInput): Promise<number> {
  const { terminal } = input;
  const subject = onlySubject(input, 'prune');
  if (typeof subject === 'number') return subject;
  const { file: word, options } = subject;
  if (word === '-') throw new UsageError('`archc prune` reads the model from a file, not from standard input');
  const settings = pruneOptions(options);
  const output = outputOf(options);
  const host = commandHost();
  host.openBinary(settings.weights).close();
  const progress = new Progress(terminal, options.has('quiet'));
  progress.announce('pruning');
  const { report, sources, pruned } = preparePruning(sourcePath(word), host, settings);
  try {
    if (pruned !== undefined) checkInputs(pruned.from, options, report);
    const isDenied = options.has('deny-warnings') && report.diagnostics.length > 0;
    const isWritten = pruned !== undefined && !report.hasErrors && !isDenied && written(output, pruned, sources.keys(), report);
    progress.stop();
    const code = reportFindings({ diagnostics: report.diagnostics, sources }, options, terminal, true);
    if (pruned === undefined || !isWritten) return code;
    const made = pruned.report();
    const compared = await comparedOutputs({ word, weights: settings.weights, output, set: made.set, options, progress });
    if (compared.kind === 'faulty') return reportFindings(compared, options, terminal, true);
    const outputs = compared.kind === 'compared' ? compared.outputs : [];
    if (options.has('json'))
      terminal.out.write(json({ output, ...made, outputs: compared.kind === 'compared' ? outputs.map(plainOutput) : undefined }));
    else for (const table of pruneTables(pruned.from.name, made, outputs, terminal.out.columns ?? 80)) terminal.out.write(table);
    const notes =
      compared.kind === 'left-out'
        ? [`the outputs were not compared: ${compared.reason}`]
        : [...undefinedNotes(outputs, compared.drawn), ...lostNotes(outputs, 'after pruning')];
    if (!options.has('quiet'))
      terminal.err.write(lines([...weightsRemarks(pruned.weights, options), ...notes, writtenText(output, made.set)]));
    return code;
  } finally {
    progress.stop();
    pruned?.close();
  }
}

/** For programs. JSON has no NaN. */
function plainOutput({ name, difference: { largest, relative, cosine, undefinedRows } }: ComparedOutput) {
  const number = (value: number | undefined) => (value === undefined || Number.isNaN(value) ? undefined : value);
  return { name, largest: number(largest), relative: number(relative), cosine: number(cosine), undefinedRows: undefinedRows.length };
}

/** Writes the file, and returns whether it did. It does not if a weight has a value that cannot be written, which is reported. */
function written(path: string, pruned: PrunedModel, sources: Iterable<string>, report: Report): boolean {
  refuseToReplace(path, [...sources, ...pruned.weights.files]);
  const write = () => {
    writeAtomically(path, pruned.chunks());
    return true;
  };
  return unlessUnusable(write, report) === true;
}

/** The options in the form that the library takes. Throws `UsageError` if they do not go together. */
function pruneOptions(options: ParsedOptions): PruneOptions {
  const { file: weights } = weightsOptions(options);
  if (weights === undefined)
    throw new UsageError('`archc prune` needs the weights of the model', 'give them with `--weights FILE.safetensors`');
  const sparsity = shareOf(options);
  if (options.has('to') === (sparsity !== undefined))
    throw new UsageError(
      'a model is pruned in one of two ways',
      '`--to NAME=VALUE` removes channels and heads, `--sparsity SHARE` sets elements to zero',
    );
  for (const name of ['only', 'scope'] as const)
    if (options.has(name) && sparsity === undefined) throw new UsageError(`\`--${name}\` is of use with \`--sparsity\` only`);
  const { model, config, configFile, setFrom, setFromFile, setIn, set, bind, with: inputs, dtype, limits } = compileOptions(options);
  return {
    ...{ model, config, configFile, setFrom, setFromFile, setIn, set, bind, with: inputs, dtype, limits },
    weights,
    map: Object.fromEntries(namePatterns(options).map(({ from, to }) => [from, to])),
    to: options.has('to') ? Object.fromEntries(settingsOf(options.values('to'), 'to')) : undefined,
    sparsity,
    only: options.has('only') ? options.values('only') : undefined,
    // The option table allows only these.
    scope: options.value('scope') as PruneOptions['scope'],
  };
}

/** `0.5` or `.5`. */
function shareOf(options: ParsedOptions): number | undefined {
  const text = options.value('sparsity');
  if (text === undefined) return undefined;
  if (!/^(?:\d+\.?\d*|\.\d+)$/.test(text) || Number(text) > 1)
    throw new UsageError(
      `\`--sparsity ${text}\` is not a share`,
      'it is a number from 0 to 1: `--sparsity 0.5` sets half of the elements to zero',
    );
  return Number(text);
}

function outputOf(options: ParsedOptions): string {
  const output = options.value('output');
  if (output === undefined) throw new UsageError('`archc prune` needs a file for the weights', 'give it with `-o FILE.safetensors`');
  if (!output.endsWith('.safetensors'))
    throw new UsageError(`the pruned weights do not go to ${output}`, 'the name of their file ends in .safetensors');
  return output;
}

/** `wrote small.safetensors: the weights of the model with --set ff=2304` */
function writtenText(output: string, set: PruneReport['set']): string {
  const settings = Object.entries(set).map(([name, value]) => `${name}=${value}`);
  return `wrote ${output}${settings.length === 0 ? '' : `: the weights of the model with --set ${settings.join(',')}`}`;
}
