import { type ModelSummary, summarize, type TensorSummary } from '../../6-emit/onnx/summary.js';
import { type CommandInput, exit } from '../command.js';
import { joined, json, type PlainText, trusted } from '../plain-text.js';
import { onnxModel, readFile } from '../read-file.js';
import { UsageError } from '../usage-error.js';
import { byteSize, columns, counted, grouped, shapeText } from '../wording.js';

/** `archc inspect MODEL.onnx`: an overview of an ONNX file, whoever wrote it. */
export function inspect({ positionals, options, terminal }: CommandInput): number {
  const [file, ...rest] = positionals;
  if (file === undefined || rest.length > 0)
    throw new UsageError('`archc inspect` takes one .onnx file', '`archc inspect --help` says more');
  if (file.endsWith('.arch'))
    throw new UsageError('`archc inspect` takes an .onnx file', 'for a source file there are `archc cost` and `archc weights list`');
  const bytes = readFile(file);
  const summary = summarize(onnxModel(file, bytes));
  terminal.out.write(options.has('json') ? json({ file, bytes: bytes.length, ...summary }) : describe(file, bytes.length, summary));
  return exit.ok;
}

function describe(file: string, bytes: number, model: ModelSummary): PlainText {
  const opsets = Object.entries(model.opsets).map(([domain, version]) =>
    domain === 'ai.onnx' ? `opset ${version}` : `${domain} ${version}`,
  );
  const { tensors, elements, files } = model.weights;
  const facts = [
    ['file', `${file}, ${byteSize(bytes)}`],
    ['model', model.name],
    ['producer', model.producer],
    ['format', [...opsets, `IR ${model.irVersion}`].join(', ')],
    ['weights', `${counted(tensors, 'tensor')}, ${grouped(elements)} elements, ${byteSize(model.weights.bytes)}`],
    ...(files.length === 0 ? [] : [['beside it', files.join(', ')]]),
    ['nodes', grouped(model.nodes)],
  ];
  return joined([
    columns(facts.filter(([, value]) => value !== '')),
    section('inputs', tensorRows(model.inputs)),
    section('outputs', tensorRows(model.outputs)),
    section(
      'operators',
      columns(
        model.operators.map(({ name, count }) => [name, grouped(count)]),
        [1],
      ),
    ),
    section(
      'metadata',
      columns(Object.entries(model.metadata).map(([key, value]) => [key, value.length > 200 ? `${value.slice(0, 200)}…` : value])),
    ),
  ]);
}

function tensorRows(tensors: readonly TensorSummary[]): PlainText {
  return columns(tensors.map(({ name, dtype, shape }) => [name, dtype ?? '?', shape === undefined ? 'of any rank' : shapeText(shape)]));
}

function section(title: string, body: PlainText): PlainText {
  return trusted(body === '' ? '' : `\n${title}\n${body.replaceAll(/^(?=.)/gm, '  ')}`);
}
