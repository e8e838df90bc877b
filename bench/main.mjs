// `npm run bench -- [--quick] [--json] [--only GROUP] [--python PATH] [--tensorflow FOLDER]`: measures every claim about archc's speed, in one run and one table.
import { mkdirSync, mkdtempSync, rmSync } from 'node:fs';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import { parseArgs } from 'node:util';
import { bundlers } from './bundlers.mjs';
import { castWeights } from './cast-weights.mjs';
import { commandLine } from './command-line.mjs';
import { copyWeights } from './copy-weights.mjs';
import { deepTraining } from './deep-training.mjs';
import { editor } from './editor.mjs';
import { inProcess } from './in-process.mjs';
import { inference } from './inference.mjs';
import { describe, isBusy, machine } from './machine.mjs';
import { quantized } from './quantize.mjs';
import { misses, table } from './row.mjs';
import { againstTorch } from './torch.mjs';
import { training } from './training.mjs';

const { values } = parseArgs({
  options: {
    quick: { type: 'boolean', default: false },
    json: { type: 'boolean', default: false },
    /** Measures only this group. */
    only: { type: 'string' },
    /** A folder whose node_modules has TensorFlow.js. */
    tensorflow: { type: 'string', default: process.env.ARCHC_BENCH_TENSORFLOW },
    python: { type: 'string', default: process.env.ARCHC_BENCH_PYTHON },
    /** Where temporary files go: the disk on which the weights are copied. */
    folder: { type: 'string', default: tmpdir() },
  },
});

mkdirSync(values.folder, { recursive: true });
const folder = mkdtempSync(join(values.folder, 'archc-bench-'));
const end = () => rmSync(folder, { recursive: true, force: true });
process.on('exit', end);
for (const signal of ['SIGINT', 'SIGTERM']) process.on(signal, () => process.exit(130));

const on = machine();
const say = (text) => process.stderr.write(`${text}\n`);
if (!values.json) console.log(`${describe(on)}${values.quick ? ', quick' : ''}\n`);
if (isBusy(on)) say(`This machine is busy (load ${on.load} on ${on.cores} cores): times will be too long.\n`);

const options = { folder, quick: values.quick, python: values.python, tensorflow: values.tensorflow };
const all = {
  'in one process': inProcess,
  'command line': commandLine,
  editor,
  bundlers,
  weights: copyWeights,
  'converted weights': castWeights,
  'weights in 4 bits': quantized,
  torch: againstTorch,
  inference,
  training,
  'deep training': deepTraining,
};
const chosen = Object.entries(all).filter(([what]) => values.only === undefined || what === values.only);
if (chosen.length === 0) {
  say(`Unknown group ${values.only}. The groups are ${Object.keys(all).join(', ')}.`);
  process.exit(2);
}
const groups = [];
for (const [what, measure] of chosen) {
  if (process.stderr.isTTY) say(`measuring: ${what}`);
  groups.push(await measure(options));
}

if (values.json) {
  console.log(JSON.stringify({ machine: on, quick: values.quick, groups }, undefined, 2));
} else {
  console.log(table(groups));
  const rows = groups.flatMap((group) => group.rows);
  const withTarget = rows.filter((row) => row.atMost !== undefined || row.atLeast !== undefined);
  const missed = withTarget.filter(misses);
  console.log(`\n${withTarget.length - missed.length} of ${withTarget.length} targets met.`);
  for (const { name, skipped } of rows) if (skipped !== undefined) console.log(`SKIPPED ${name}: ${skipped}`);
}
