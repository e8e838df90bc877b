import { statSync } from 'node:fs';
import { dirname, join } from 'node:path';
import { type ModelSummary, summarize, type TensorSummary } from '../../6-emit/onnx/summary.js';
import { type CommandInput, exit } from '../command.js';
import { joined, json, type PlainText, trusted } from '../plain-text.js';
import { onnxModel, readOnnx } from '../read-file.js';
import { columns } from '../table.js';
import { UsageError } from '../usage-error.js';
import { byteSize, counted, grouped, parametersText, shapeText } from '../wording.js';

/** `archc inspect MODEL.onnx`: an overview of an ONNX file from any source. */
export function inspect({ positionals, options, terminal }: CommandInput): number {
  const [file, ...rest] = positionals;
  if (file === undefined || rest.length > 0)
    throw new UsageError('`archc inspect` takes one .onnx file', '`archc inspect --help` says more');
  if (file.endsWith('.arch'))
    throw new UsageError('`archc inspect` takes an .onnx file', 'for a source file there are `archc cost` and `archc weights list`');
  const bytes = readOnnx(file);
  const summary = summarize(onnxModel(file, bytes));
  const missing = summary.weights.files.filter((name) => !isBeside(file, name));
  const overview = { file, bytes: bytes.length, missing, ...summary };
  terminal.out.write(options.has('json') ? json(overview) : describe(overview, terminal.out.columns));
  return exit.ok;
}

interface Overview extends ModelSummary {
  readonly file: string;
  readonly bytes: number;
  /** The weight files that are missing. */
  readonly missing: readonly string[];
}

function isBeside(model: string, name: string): boolean {
  try {
    return statSync(join(dirname(model), name)).isFile();
  } catch {
    // Names in a foreign file may be anything.
    return false;
  }
}

function describe({ file, bytes, missing, ...model }: Overview, width: number | undefined): PlainText {
  const opsets = Object.entries(model.opsets).map(([domain, version]) =>
    domain === 'ai.onnx' ? `opset ${version}` : `${domain} ${version}`,
  );
  // Sections are indented.
  const inside = width === undefined ? undefined : width - 2;
  const { tensors, elements, files } = model.weights;
  const facts = [
    ['file', `${file}, ${byteSize(bytes)}`],
    ['model', model.name],
    ['producer', model.producer],
    ['format', [...opsets, `IR ${model.irVersion}`].join(', ')],
    ['parameters', trained(model.metadata)],
    ['initializers', `${counted(tensors, 'tensor')}, ${grouped(elements)} elements, ${byteSize(model.weights.bytes)}`],
    ...(files.length === 0 ? [] : [['beside it', files.map((name) => (missing.includes(name) ? `${name} (missing)` : name)).join(', ')]]),
    ['nodes', nodesText(model)],
  ];
  return joined([
    columns(
      facts.filter(([, value]) => value !== ''),
      { width },
    ),
    section('inputs', tensorRows(model.inputs, inside)),
    section('outputs', tensorRows(model.outputs, inside)),
    section(
      'operators',
      columns(
        model.operators.map(({ name, count }) => [name, grouped(count)]),
        { right: [1], width: inside },
      ),
    ),
    section(
      'functions',
      columns(
        model.functions.map(({ name, nodes }) => [name, counted(nodes, 'node')]),
        { right: [1], width: inside },
      ),
    ),
    section(
      'metadata',
      columns(
        Object.entries(model.metadata).map(([key, value]) => [key, value.length > 200 ? `${value.slice(0, 200)}…` : value]),
        { width: inside },
      ),
    ),
  ]);
}

/** An ONNX file does not say which of the weights training changes, unless archc wrote it. */
function trained(metadata: ModelSummary['metadata']): string {
  const [parameters = '', buffers = '0'] = [metadata['archc.parameters'], metadata['archc.buffers']];
  return /^\d+$/.test(parameters) && /^\d+$/.test(buffers)
    ? parametersText({ parameters: Number(parameters), buffers: Number(buffers) })
    : '';
}

function nodesText({ nodes, innerNodes, functions }: ModelSummary): string {
  const inFunctions = functions.reduce((sum, { nodes: own }) => sum + own, 0);
  const parts = [
    ...(innerNodes === 0 ? [] : [`${grouped(innerNodes)} of them in graphs inside nodes`]),
    ...(inFunctions === 0 ? [] : [`${grouped(inFunctions)} of them in functions`]),
  ];
  return [grouped(nodes), ...parts].join(', ');
}

function tensorRows(tensors: readonly TensorSummary[], width: number | undefined): PlainText {
  return columns(
    tensors.map(({ name, type, shape }) => [name, type, shape === undefined ? (isTensor(type) ? 'of any rank' : '') : shapeText(shape)]),
    { width },
  );
}

/** The names of other types have several words. */
function isTensor(type: string): boolean {
  return !type.includes(' ');
}

function section(title: string, body: PlainText): PlainText {
  return trusted(body === '' ? '' : `\n${title}\n${body.replaceAll(/^(?=.)/gm, '  ')}`);
}
