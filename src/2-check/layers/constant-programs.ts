import { Dim } from '../../dims/dim.js';
import type { Program, ProgramStep, ProgramValue } from '../../ops/program.js';
import { type Instance, outputsOf, type Step, type StepInput } from '../checked-model.js';
import type { Local } from '../values/values.js';

/** Something that is not known when a model is built, or cannot be computed then. */
export type Reading = { readonly kind: 'input' | 'parameter' | 'layer' | 'onnx' | 'flow' | 'size'; readonly name: string };

/** Leaves the walk at the first thing that is not a constant. */
class NoConstant extends Error {
  readonly reads: Reading | undefined;

  /** Without `reads`, the program is too long. */
  constructor(reads?: Reading) {
    super('no constant');
    this.reads = reads;
  }
}

interface Conditions {
  /** Sizes are variables: the program is not run, and may contain them. */
  readonly isOpen: boolean;
  /** Steps, including those of functions. */
  readonly limit: number;
}

/** The computation of a tensor from constants, with functions unfolded; or the first thing in it that is not known when the model is built. */
export function programOf(
  result: Local,
  steps: readonly Step[],
  conditions: Conditions,
): Program | { readonly reads: Reading } | { readonly tooLong: true } {
  try {
    const writer = new ProgramWriter(conditions);
    const [value] = writer.unfold(steps, [result], new Map());
    return value === undefined ? { tooLong: true } : { steps: writer.steps, result: value };
  } catch (error) {
    if (!(error instanceof NoConstant)) throw error;
    return error.reads === undefined ? { tooLong: true } : { reads: error.reads };
  }
}

class ProgramWriter {
  readonly steps: ProgramStep[] = [];
  readonly #conditions: Conditions;

  constructor(conditions: Conditions) {
    this.#conditions = conditions;
  }

  /** Writes the steps of one body that `wanted` needs; `given` are its inputs. */
  unfold(steps: readonly Step[], wanted: readonly Local[], given: ReadonlyMap<Local, ProgramValue>): readonly (ProgramValue | undefined)[] {
    const needed = new Set(wanted);
    const used: Step[] = [];
    for (const step of steps.toReversed()) {
      if (!outputsOf(step).some((local) => needed.has(local))) continue;
      used.push(step);
      for (const local of inputsOf(step)) needed.add(local);
    }
    const values = new Map(given);
    for (const step of used.reverse()) this.#write(step, values);
    return wanted.map((local) => valueIn(values, local));
  }

  #write(step: Step, values: Map<Local, ProgramValue>): void {
    switch (step.kind) {
      case 'constant':
        this.#add({ kind: 'constant', array: step.array }, [step.output], values);
        return;
      case 'op': {
        const made = step.op.effects === 'new-size' ? step.outputs[0]?.type.shape.find((size) => size.constant === undefined) : undefined;
        const open = made ?? (this.#conditions.isOpen ? undefined : openSize(step.attrs));
        if (open !== undefined) throw new NoConstant({ kind: 'size', name: String(open) });
        const inputs = step.inputs.map((input) => mapInput(input, (local) => valueIn(values, local)));
        const outputs = step.outputs.map((local) => local.type);
        this.#add({ kind: 'op', op: step.op, inputs, attrs: step.attrs, outputs }, step.outputs, values);
        return;
      }
      case 'call':
        this.#call(step, values);
        return;
      case 'parameter':
        throw new NoConstant({ kind: 'parameter', name: step.name });
      case 'weight':
        throw new NoConstant({ kind: 'parameter', name: `${step.instance.label}.${step.name}` });
      case 'onnx':
        throw new NoConstant({ kind: 'onnx', name: step.opType });
      case 'cond':
      case 'scan':
        throw new NoConstant({ kind: 'flow', name: step.kind });
      case 'bind':
    }
  }

  #call(step: Extract<Step, { kind: 'call' }>, values: Map<Local, ProgramValue>): void {
    const { instance, scope } = step;
    const given = new Map<Local, ProgramValue>();
    for (const [i, local] of instance.inputs.entries()) {
      const argument = step.inputs[i];
      if (local !== undefined && argument !== undefined) given.set(local, valueIn(values, argument));
    }
    const results = this.#body(instance, scope.kind !== 'joined', given);
    for (const [i, local] of step.outputs.entries()) {
      const result = results[i];
      if (result !== undefined) values.set(local, result);
    }
  }

  /** A layer whose parameters are needed is reported by its name. */
  #body(instance: Instance, isLayer: boolean, given: ReadonlyMap<Local, ProgramValue>): readonly (ProgramValue | undefined)[] {
    const outputs = instance.outputs.map((output) => output.local);
    try {
      return this.unfold(instance.steps, outputs, given);
    } catch (error) {
      const reads = error instanceof NoConstant ? error.reads : undefined;
      throw isLayer && reads?.kind === 'parameter' ? new NoConstant({ kind: 'layer', name: instance.kind }) : error;
    }
  }

  #add(step: ProgramStep, outputs: readonly Local[], values: Map<Local, ProgramValue>): void {
    if (this.steps.length >= this.#conditions.limit) throw new NoConstant();
    for (const [output, local] of outputs.entries()) values.set(local, { step: this.steps.length, output });
    this.steps.push(step);
  }
}

/** A tensor that no step of the body makes is one of its inputs. */
function valueIn(values: ReadonlyMap<Local, ProgramValue>, local: Local): ProgramValue {
  const value = values.get(local);
  if (value === undefined) throw new NoConstant({ kind: 'input', name: local.hint ?? 'input' });
  return value;
}

function inputsOf(step: Step): readonly Local[] {
  return 'inputs' in step ? step.inputs.flatMap((input) => (input === undefined ? [] : 'type' in input ? [input] : input)) : [];
}

function mapInput<T>(input: StepInput, map: (local: Local) => T): T | readonly T[] | undefined {
  if (input === undefined) return undefined;
  return 'type' in input ? map(input) : input.map(map);
}

/** A size among the attributes that is not a number. */
function openSize(attrs: Readonly<Record<string, unknown>>): Dim | undefined {
  return Object.values(attrs)
    .flatMap((value): readonly unknown[] => (Array.isArray(value) ? value : [value]))
    .find((value): value is Dim => value instanceof Dim && value.constant === undefined);
}
