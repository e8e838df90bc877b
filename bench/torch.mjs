// The same models out of PyTorch, whole process against whole process: start, define, draw weights, export, write.
import { join, resolve } from 'node:path';
import { archc } from './command-line.mjs';
import { median, runProcess, takeTurns } from './measure.mjs';
import { ratio, skipped, times } from './row.mjs';

const script = join(import.meta.dirname, 'torch_export.py');

/** Exports cnn, transformer and gpt2 with both exporters of PyTorch, taking turns with archc. */
export function againstTorch({ folder, quick, python }) {
  const title = 'Against torch.onnx.export, whole processes';
  if (python === undefined) {
    return { title, rows: [skipped('torch.onnx.export', 'no Python with torch: give --python PATH or ARCHC_BENCH_PYTHON')] };
  }
  const versions = runProcess(python, [script, '--versions']).stdout.trim();
  const rows = [];
  for (const name of ['cnn', 'transformer', 'gpt2']) {
    const model = resolve(import.meta.dirname, '../examples', name, 'model.arch');
    const output = join(folder, `${name}.onnx`);
    const torch = (exporter) => () => runProcess(python, [script, name, exporter, output]).ms;
    const found = takeTurns(quick ? 1 : 3, {
      archc: () => runProcess(process.execPath, [archc, model, '-o', output, '--quiet']).ms,
      dynamo: torch('dynamo'),
      legacy: torch('legacy'),
    });
    const faster = (exporter) => median(found[exporter]) / median(found.archc);
    rows.push(
      times(`${name}: archc`, found.archc),
      times(`${name}: torch.onnx.export`, found.dynamo),
      times(`${name}: torch.onnx.export(dynamo=False)`, found.legacy),
      ratio(`${name}: archc is faster than torch.onnx.export`, faster('dynamo'), 20),
      ratio(`${name}: archc is faster than torch.onnx.export(dynamo=False)`, faster('legacy'), 20),
    );
  }
  return { title: `${title} (${versions})`, rows };
}
