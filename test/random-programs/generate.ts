import { constructs } from './constructs.js';
import { flow } from './constructs-flow.js';
import { fill, step, useMoves } from './fill.js';
import { basic, type Move } from './operators-basic.js';
import { nets } from './operators-nets.js';
import { shapes } from './operators-shape.js';
import { Program } from './program.js';
import { Size } from './size.js';
import { type Tensor, typeText } from './tensor.js';

const operatorMoves: Readonly<Record<string, Move>> = { ...basic, ...shapes, ...nets };
/** Slices make the axes that may be empty, and are drawn more often. */
const operatorNames = [...Object.keys(operatorMoves), 'slice', 'slice', 'slice', 'slice'];

useMoves(
  operatorNames.map((name) => operatorMoves[name] as Move),
  // Control flow at run time has the most to it, and is drawn more often.
  [...Object.values(constructs), ...Array(3).fill(Object.values(flow)).flat()],
);

/** What a program gives: some of its tensors, or as many as can be that hold floats and were computed, for gradients. */
export type Outputs = 'some' | 'floats';

/** The program for a seed, always the same one. */
export function generate(seed: number, outputs: Outputs = 'some'): Program {
  const program = new Program(seed);
  const { main, draw } = program;
  main.float();
  // Often something is cut off first, so that what follows may have nothing to work on.
  if (draw.chance(0.35)) step(main, operatorMoves.slice as Move);
  fill(main, draw.int(6, 20), 0.3);
  finish(program, outputs);
  return program;
}

/** What the model gives: late tensors, now and then one twice or an input as it came. */
function finish(program: Program, outputs: Outputs): void {
  const { main, draw } = program;
  const computed = main.scope.filter((t) => t.axes.length <= 6);
  const floats = computed.filter((t) => t.dtype === 'f32' && !t.source.isInput);
  const chosen: Tensor[] =
    outputs === 'floats' && floats.length > 0 ? [...draw.some(floats, 12)] : [...draw.some(computed, draw.int(1, 7))];
  if (draw.chance(0.15)) {
    for (let copies = draw.int(1, 2); copies > 0; copies--) chosen.push(draw.pick(chosen));
    program.constructs.add('one value as two outputs');
  }
  if (draw.chance(0.05)) chosen.push(draw.pick(program.inputs.filter((i) => !i.absent && !i.type.endsWith('?'))).tensor);
  for (const tensor of chosen) {
    const name = program.name('y');
    program.outputs.push({ name, tensor, type: outputType(program, name, tensor) });
  }
  const [first] = program.outputs;
  if (draw.chance(0.05) && first?.tensor.dtype === 'f32' && !first.tensor.wild) {
    program.declarations.push(
      `train Fit for M {\n  loss = mean(${first.name})\n  optimizer adamw(lr = input, weight_decay = 0.01)\n  clip_norm 1.0\n}`,
    );
    program.constructs.add('`train`');
  }
  const values = program.outputs.map(({ name, tensor }) => ({
    name,
    text: tensor.form === 'pipe' && program.outputs.length > 1 ? `(${tensor.text})` : tensor.text,
  }));
  if (values.length === 1 && draw.chance(0.7)) main.line(`return ${values[0]?.text}`);
  else if (draw.chance(0.5)) {
    program.constructs.add('outputs by name');
    main.line(
      `return (${draw
        .shuffled(values)
        .map(({ name, text }) => `${name} = ${text}`)
        .join(', ')})`,
    );
  } else main.line(values.length === 1 ? `return ${values[0]?.text}` : `return (${values.map(({ text }) => text).join(', ')})`);
}

/** The sizes as the reference knows them, or names that take what is found. */
function outputType(program: Program, output: string, tensor: Tensor): string {
  if (program.draw.chance(0.6)) return typeText(tensor.dtype, tensor.axes);
  program.constructs.add('size named by the result');
  return typeText(
    tensor.dtype,
    tensor.axes.map((axis, i) => (axis.constant === undefined ? Size.named(`${output.toUpperCase()}D${i}`) : axis)),
  );
}
