// The same models from PyTorch, whole process against whole process: start, define, draw weights, export, write.
import { join, resolve } from 'node:path';
import { archc } from './command-line.mjs';
import { median, runProcess, takeTurns } from './measure.mjs';
import { ratio, skipped, times } from './row.mjs';

const script = join(import.meta.dirname, 'torch_export.py');

/**
 * Exports cnn, transformer and gpt2 with both exporters of PyTorch, alternating with archc. The target applies to the exporter that PyTorch
 * uses by default. If trained weights are in a file next to the model, archc refers to them there, while PyTorch must write them again.
 */
export function againstTorch({ folder, quick, python }) {
  const title = 'Against torch.onnx.export, whole processes';
  if (python === undefined) {
    return { title, rows: [skipped('torch.onnx.export', 'no Python with torch: give --python PATH or ARCHC_BENCH_PYTHON')] };
  }
  const versions = runProcess(python, [script, '--versions']).stdout.trim();
  const weights = join(folder, 'gpt2.safetensors');
  runProcess(python, [script, 'gpt2', 'weights', weights]);
  const rows = [];
  for (const { name, what = name, file, options = [] } of [
    { name: 'cnn' },
    { name: 'transformer' },
    { name: 'gpt2', what: 'gpt2, trained weights', file: weights, options: ['--external-data', 'always'] },
    { name: 'gpt2', what: 'gpt2, 124 M random weights' },
  ]) {
    const model = resolve(import.meta.dirname, '../examples', name, 'model.arch');
    const output = join(folder, `${name}.onnx`);
    const own = [archc, model, '-o', output, '--quiet', ...options, ...(file === undefined ? [] : ['--weights', file])];
    const torch = (exporter) => () => runProcess(python, [script, name, exporter, output, ...(file === undefined ? [] : [file])]).ms;
    const found = takeTurns(quick ? 1 : 3, {
      archc: () => runProcess(process.execPath, own).ms,
      dynamo: torch('dynamo'),
      legacy: torch('legacy'),
    });
    const faster = (exporter) => median(found[exporter]) / median(found.archc);
    rows.push(
      times(`${what}: archc`, found.archc),
      times(`${what}: torch.onnx.export`, found.dynamo),
      times(`${what}: torch.onnx.export(dynamo=False)`, found.legacy),
      ratio(`${what}: archc against torch.onnx.export`, faster('dynamo'), 20),
      ratio(`${what}: archc against torch.onnx.export(dynamo=False)`, faster('legacy')),
    );
  }
  return { title: `${title} (${versions})`, rows };
}
