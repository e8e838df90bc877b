import type { OnnxNode, OnnxValue } from '../../../src/5-optimize/lowering/onnx-graph.js';
import type { Kernel, KnownProvider } from '../../../src/ops/capabilities/kernel-table.js';
import type { DType, NdArray } from '../../../src/ops/types.js';
import { difference } from '../close.js';
import { bytesOf } from '../op-graph.js';
import type { ModelRunner } from '../ort-runner.js';
import type { EmittedForm } from './emitted.js';
import { oneNode } from './one-node.js';
import { graphOf, type OneNode } from './probed-graph.js';
import { wideArray, withoutBf16 } from './short-floats.js';

/** How exact a kernel must be, relative to the largest element. Shaders compute exp and the like to about 1e-5. */
const tolerances: Readonly<Record<KnownProvider, number>> = { cpu: 1e-5, cuda: 1e-4, webgpu: 1e-4, wasm: 1e-5 };

/** The same for results in few bits. */
const shortTolerances: Readonly<Partial<Record<DType, number>>> = { f16: 1e-2, bf16: 4e-2 };

/** Parts of ONNX Runtime's messages if it has no kernel at all, or none on the device. */
const refusals = [
  'Could not find an implementation',
  'Failed to find kernel',
  'fallback to CPU EP has been explicitly disabled',
  'IsNodeCompatibleWithProvider',
  // The operator has this element type only in a later opset.
  "Type 'tensor(bfloat16)'",
];

/** The software GPU does not have the extension for half precision: with this message, it only shows that there is a kernel. */
const noHalves = 'requires f16 but the device does not support it';

/** What a provider does with a form. It is tried on the smallest graph that has the form, without any optimization. */
export async function probe(ort: ModelRunner, form: EmittedForm, provider: KnownProvider, opset: number): Promise<Kernel> {
  const answer = await tryForm(ort, form, provider, opset);
  // A wrong kernel may have corrupted memory, which must not affect what runs next.
  if (answer === 'wrong') await ort.restart();
  return answer;
}

/** The same, but without a restart after a wrong kernel, whatever it has left behind. */
export async function tryForm(ort: ModelRunner, form: EmittedForm, provider: KnownProvider, opset: number): Promise<Kernel> {
  const graph = oneNode(form, form.form, opset);
  try {
    return (await isRight(ort, graph, provider)) ? 'kernel' : 'wrong';
  } catch (error) {
    const message = String(error);
    // On a busy machine this says nothing about the kernel.
    if (message.includes('gave no answer')) throw error;
    if (refusals.some((text) => message.includes(text))) return 'none';
    return message.includes(noHalves) ? 'claimed' : 'wrong';
  }
}

/** Whether a provider computes all of these forms, tried in one graph. False also where one graph cannot show it: for control flow, and for f16 without a GPU that has it. */
export async function computesAll(
  ort: ModelRunner,
  forms: readonly EmittedForm[],
  provider: KnownProvider,
  opset: number,
): Promise<boolean> {
  const all = forms.map(({ form, ...operator }, i) => withPrefix(oneNode(operator, form, opset), `n${i}_`));
  const joined: OneNode = {
    graph: graphOf(opset, {
      inputs: all.flatMap(({ graph }) => graph.inputs),
      outputs: all.flatMap(({ graph }) => graph.outputs),
      constants: all.flatMap(({ graph }) => graph.constants),
      nodes: all.flatMap(({ graph }) => graph.nodes),
    }),
    feeds: Object.assign({}, ...all.map(({ feeds }) => feeds)),
    wanted: Object.assign({}, ...all.map(({ wanted }) => wanted)),
    tolerances: Object.assign({}, ...all.map(({ tolerances }) => tolerances)),
  };
  return isRight(ort, joined, provider).catch(() => false);
}

/** Rejects with ONNX Runtime's message if the graph does not load or run. */
async function isRight(
  ort: ModelRunner,
  { graph, feeds, wanted, tolerances: own = {} }: OneNode,
  provider: KnownProvider,
): Promise<boolean> {
  const strict = provider === 'webgpu' || provider === 'cuda';
  const given = Object.fromEntries(Object.entries(feeds).map(([name, array]) => [name, wideArray(array)]));
  const got = await ort.run(bytesOf(withoutBf16(graph)), given, { provider, strict, optimization: 'disabled', timeout: 120_000 });
  return graph.nodes.every(({ attrs, outputs }) => {
    const isUnordered = attrs.sorted !== undefined && 'int' in attrs.sorted && attrs.sorted.int === 0;
    return outputs.every((output) => {
      const [found, right] = output === null ? [] : [got[output.name], wanted[output.name]];
      if (output === null || (found !== undefined && right === undefined)) return true;
      if (found === undefined || right === undefined) return false;
      const tolerance = own[output.name] ?? shortTolerances[right.dtype] ?? tolerances[provider];
      return difference(inOrder(found, isUnordered), inOrder(wideArray(right), isUnordered), tolerance) === undefined;
    });
  });
}

/** An array whose order is left to the kernel, in ascending order. */
function inOrder(array: NdArray, isUnordered: boolean): NdArray {
  return isUnordered ? { ...array, data: array.data.slice().sort() } : array;
}

/** The same graph with other names. Names inside control flow stay, since its bodies would not find them otherwise. */
function withPrefix({ graph, feeds, wanted, tolerances = {} }: OneNode, prefix: string): OneNode {
  const renamed = ({ name, type }: OnnxValue): OnnxValue => ({ name: prefix + name, type });
  const inNode = (values: OnnxNode['inputs']) => values.map((value) => value && renamed(value));
  const keyed = <T>(values: Readonly<Record<string, T>>) =>
    Object.fromEntries(Object.entries(values).map(([name, value]) => [prefix + name, value]));
  return {
    graph: graphOf(graph.opset, {
      inputs: graph.inputs.map(renamed),
      outputs: graph.outputs.map(renamed),
      constants: graph.constants.map(({ value, array }) => ({ value: renamed(value), array })),
      nodes: graph.nodes.map((node) => ({ ...node, name: prefix + node.name, inputs: inNode(node.inputs), outputs: inNode(node.outputs) })),
    }),
    feeds: keyed(feeds),
    wanted: keyed(wanted),
    tolerances: keyed(tolerances),
  };
}
