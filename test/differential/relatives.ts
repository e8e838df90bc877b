import type { Target } from '../../src/ops/targets.js';
import type { NdArray } from '../../src/ops/types.js';
import type { OrtRunner } from '../kit/ort.js';
import { Draw } from '../random-programs/draw.js';
import { type Arrays, differenceOf, feedsOf, optimized, plain } from './compare.js';
import { type Part, type Sketch, type Spelling, type Statement, sourceOf, type Var } from './sketch.js';

/** Writes a model in another way, which must not change what it computes; undefined if that is impossible for it. */
type Relative = (sketch: Sketch, draw: Draw) => { readonly sketch: Sketch; readonly spelling?: Spelling } | undefined;

export const relatives: Readonly<Record<string, Relative>> = {
  'dead code': (sketch, draw) => {
    const at = draw.int(0, sketch.statements.length);
    const floats = [...sketch.inputs.filter(({ type }) => type.includes('f32')), ...resultsOf(sketch.statements.slice(0, at))];
    const x = floats.at(-1);
    if (x === undefined) return undefined;
    const dead = ['tanh($0)', '$0 * 1 + 2', 'transpose($0)', 'sum($0)'].map(
      (text, i): Statement => ({
        result: { name: `dead${i}`, shape: [] },
        reads: [x],
        text,
        params: [],
      }),
    );
    return { sketch: { ...sketch, statements: sketch.statements.toSpliced(at, 0, ...draw.some(dead, 2)) } };
  },
  'other names': (sketch) => ({ sketch, spelling: { rename: (name) => `a_${name}_z` } }),
  'another order': (sketch, draw) => ({ sketch: { ...sketch, statements: reordered(sketch, draw) } }),
  'a layer': (sketch, draw) => {
    const parts = partsOf(sketch);
    return parts.length === 0 ? undefined : { sketch, spelling: { layer: draw.pick(parts) } };
  },
};

function resultsOf(statements: readonly Statement[]): readonly Var[] {
  return statements.map(({ result }) => result);
}

/** The statements in random order, each after those that it reads. */
function reordered({ inputs, statements }: Sketch, draw: Draw): readonly Statement[] {
  const known = new Set(inputs.map(({ name }) => name));
  const left = [...statements];
  const ordered: Statement[] = [];
  while (left.length > 0) {
    const ready = left.filter(({ reads }) => reads.every(({ name }) => known.has(name)));
    const next = draw.pick(ready);
    left.splice(left.indexOf(next), 1);
    known.add(next.result.name);
    ordered.push(next);
  }
  return ordered;
}

/** The parts that may become a layer: several statements, with an input whose sizes are names and numbers. */
function partsOf({ inputs, statements, outputs }: Sketch): readonly Part[] {
  const parts: Part[] = [];
  for (const first of statements.keys())
    for (let end = first + 2; end <= statements.length; end++) {
      const inside = statements.slice(first, end);
      const made = new Set(inside.map(({ result }) => result.name));
      const isMade = ({ name }: Var) => made.has(name);
      const read = [...new Map(inside.flatMap(({ reads }) => reads.filter((x) => !isMade(x))).map((x) => [x.name, x])).values()];
      const after = [...statements.slice(end).flatMap(({ reads }) => reads), ...outputs].filter(isMade);
      const given = [...new Map(after.map((x) => [x.name, x])).values()];
      const [input, output] = [read[0], given[0]];
      if (input === undefined || output === undefined || read.length > 1 || given.length > 1) continue;
      const isPlain =
        input.shape.every((size) => /^\w+$/.test(size)) && !inputs.some(({ name, type }) => name === input.name && type.includes('i64'));
      if (isPlain) parts.push({ first, end, input, output });
    }
  return parts;
}

/** What is wrong with the relatives of a sketch, if anything, and how many there were. */
export async function compareRelatives(
  sketch: Sketch,
  target: Target,
  ort: OrtRunner,
): Promise<{ readonly compared: number; readonly fault?: string }> {
  const draw = new Draw(3);
  const source = sourceOf(sketch);
  const { weights } = plain(source);
  const bytes = optimized(source, weights, target);
  const feeds = feedsOf(sketch);
  const wanted = await ort.run(bytes, feeds, { optimization: 'disabled' });
  let compared = 0;
  for (const [name, relative] of Object.entries(relatives)) {
    const other = relative(sketch, draw);
    if (other === undefined) continue;
    const text = sourceOf(other.sketch, other.spelling);
    const got = await ort.run(optimized(text, plain(text).weights, target), feeds, { optimization: 'disabled' });
    const problem = differenceOf(got, wanted);
    if (problem !== undefined) return { compared, fault: `${target}, ${name}: ${problem}\n${source}\n${text}` };
    compared++;
  }
  const batches = (arrays: Arrays) => Object.fromEntries(Object.entries(arrays).map(([name, array]) => [name, turned(array)]));
  const perBatch = (arrays: Arrays) =>
    Object.fromEntries(
      sketch.outputs.flatMap(({ name, shape }) => (shape[0] === 'N' ? [[`out_${name}`, arrays[`out_${name}`] as NdArray]] : [])),
    );
  const got = await ort.run(bytes, batches(feeds), { optimization: 'disabled' });
  const problem = differenceOf(perBatch(batches(got)), perBatch(wanted));
  return problem === undefined
    ? { compared: compared + 1 }
    : { compared, fault: `${target}, another order of the batch: ${problem}\n${source}` };
}

/** The items of a batch in reverse. */
function turned(array: NdArray): NdArray {
  const count = array.shape[0] ?? 1;
  const size = array.data.length / count;
  const items = Array.from({ length: count }, (_, i) => Array.from(array.data.slice(i * size, (i + 1) * size)));
  return { ...array, data: Float64Array.from(items.toReversed().flat()) };
}
