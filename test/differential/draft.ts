import type { Draw } from '../random-programs/draw.js';
import type { Input, Sketch, Statement, Var } from './sketch.js';

/** An insertion between two statements of a pattern that a rule may overlook. */
type Perturbation = (draft: Draft, x: Var) => Var;

const perturbations: readonly Perturbation[] = [
  // Something else reads the value: another statement, or the caller of the model.
  (draft, x) => {
    draft.spare.push(x);
    return x;
  },
  (draft, x) => {
    draft.outputs.push(x);
    return x;
  },
  // There is an operator where none is expected.
  (draft, x) => draft.apply(draft.draw.pick(['$0 * 0.5', 'relu($0)', '-$0', '$0 + 0.25', '$0 / 3']), [x]),
  // A tensor of another rank is broadcast.
  (draft, x) => {
    const last = x.shape.at(-1) as string;
    const shape = draft.draw.pick(isNumber(last) ? [`[${last}]`, '[]', `[1, ${last}]`, '[1]'] : ['[]', '[1]', '[1, 1]']);
    return draft.apply(draft.draw.pick(['$0 * #', '$0 + #']), [x], x.shape, [`param # : Tensor${shape} = normal`]);
  },
  (draft, x) => {
    const perm = draft.draw.shuffled(x.shape.map((_, i) => i));
    const back = perm.map((_, i) => perm.indexOf(i));
    const turned = draft.apply(
      `transpose($0, perm = [${perm}])`,
      [x],
      perm.map((axis) => x.shape[axis] as string),
    );
    return draft.apply(`transpose($0, perm = [${back}])`, [turned], x.shape);
  },
];

/** A sketch that is being drawn. Patterns write statements through `apply`, which occasionally inserts something between them. */
export class Draft {
  readonly draw: Draw;
  readonly inputs: Input[] = [];
  readonly statements: Statement[] = [];
  readonly outputs: Var[] = [];
  /** Values that still have to be read once more. */
  readonly spare: Var[] = [];
  /** The probability that something is inserted after a statement. */
  perturbation = 0;
  #count = 0;

  constructor(draw: Draw) {
    this.draw = draw;
  }

  input(name: string, dtype: string, shape: readonly string[]): Var {
    const input = { name, shape, type: `Tensor<${dtype}>[${shape.join(', ')}]` };
    this.inputs.push(input);
    return input;
  }

  /** Writes a statement. In `text` and `params`, `#` is a unique name for what the statement declares. */
  apply(text: string, reads: readonly Var[], shape: readonly string[] = (reads[0] as Var).shape, params: readonly string[] = []): Var {
    const id = this.#count++;
    const named = (line: string) => line.replaceAll('#', `p${id}`);
    const result = { name: `v${id}`, shape };
    this.statements.push({ result, reads, text: named(text), params: params.map(named) });
    if (!this.draw.chance(this.perturbation)) return result;
    this.perturbation = 0;
    return this.draw.pick(perturbations)(this, result);
  }

  /** Reads the spare values where they fit. */
  mend(x: Var): Var {
    const shape = x.shape.join();
    return this.spare.splice(0).reduce((sum, value) => {
      if (value.shape.join() === shape) return this.apply('$0 + $1', [sum, value]);
      this.outputs.push(this.apply('tanh($0)', [value]));
      return sum;
    }, x);
  }

  sketch(facts: string): Sketch {
    const outputs = [...new Map(this.outputs.map((value) => [value.name, value])).values()];
    return { inputs: this.inputs, statements: this.statements, outputs, facts };
  }
}

export function isNumber(size: string): boolean {
  return /^\d+$/.test(size);
}
