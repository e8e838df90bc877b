/** A value of a sketch: its name in the source, and its shape as it is written there. */
export interface Var {
  readonly name: string;
  readonly shape: readonly string[];
}

/** One line of a model: `v3 = v1 -> fc3: Linear(8)`. */
export interface Statement {
  readonly result: Var;
  readonly reads: readonly Var[];
  /** The right side; `$0` is the first value that it reads. */
  readonly text: string;
  /** Parameters that it declares, as lines. */
  readonly params: readonly string[];
}

export interface Input extends Var {
  readonly type: string;
}

/** A model as a list of statements, which can be dropped, reordered and renamed. */
export interface Sketch {
  readonly inputs: readonly Input[];
  readonly statements: readonly Statement[];
  readonly outputs: readonly Var[];
  /** What `where` states, without the keyword; empty for nothing. */
  readonly facts: string;
}

/** How a sketch is written, which is what its relatives vary. */
export interface Spelling {
  /** The name of a value in the source. */
  readonly rename?: (name: string) => string;
  /** Consecutive statements that are put into a layer of their own. */
  readonly layer?: Part | undefined;
}

/** The statements from `first` up to but not including `end`, which read a single value of earlier statements and give a single value to later ones. */
export interface Part {
  readonly first: number;
  readonly end: number;
  readonly input: Var;
  readonly output: Var;
}

/** The sketch without statements that no output needs. */
export function withoutUnused(sketch: Sketch): Sketch {
  const needed = new Set(sketch.outputs.map(({ name }) => name));
  const statements = sketch.statements.toReversed().filter(({ result, reads }) => {
    if (!needed.has(result.name)) return false;
    for (const { name } of reads) needed.add(name);
    return true;
  });
  return { ...sketch, statements: statements.reverse() };
}

export function sourceOf(sketch: Sketch, { rename = (name) => name, layer }: Spelling = {}): string {
  const { inputs, statements, outputs, facts } = sketch;
  const given = inputs.map(({ name, type }) => `${name}: ${type}`).join(', ');
  const results = outputs.map(({ name, shape }) => `out_${name}: ${typeOf(shape)}`).join(', ');
  const written = (value: Var) => nameIn(sketch, value, rename);
  const linesOf = (some: readonly Statement[]) =>
    some.flatMap(({ result, reads, text, params }) => {
      const right = text.replace(/\$(\d)/g, (_, i) => written(reads[Number(i)] as Var));
      return [...params, `${rename(result.name)} = ${right}`].map((line) => `  ${line}`);
    });
  const call = layer && `  ${rename(layer.output.name)} = ${written(layer.input)} -> inner: Inner`;
  const lines = [
    ...linesOf(statements.slice(0, layer?.first ?? 0)),
    ...(call === undefined ? [] : [call]),
    ...linesOf(statements.slice(layer?.end ?? 0)),
  ];
  const inner = layer && [
    `layer Inner(${written(layer.input)}: ${typeOf(layer.input.shape)}) -> ${typeOf(layer.output.shape)} {`,
    ...linesOf(statements.slice(layer.first, layer.end)),
    `  return ${rename(layer.output.name)}`,
    '}',
  ];
  return [
    'import { rope } from "std/attention"',
    ...(inner ?? []),
    `model M(${given}) -> (${results})${facts === '' ? '' : ` where ${facts}`} {`,
    ...lines,
    `  return (${outputs.map((value) => `out_${value.name} = ${written(value)}`).join(', ')})`,
    '}',
    '',
  ].join('\n');
}

/** The name of a value. Inputs keep theirs, which belong to the interface of the model. */
function nameIn({ inputs }: Sketch, { name }: Var, rename: (name: string) => string): string {
  return inputs.some((input) => input.name === name) ? name : rename(name);
}

function typeOf(shape: readonly string[]): string {
  return `Tensor[${shape.join(', ')}]`;
}
