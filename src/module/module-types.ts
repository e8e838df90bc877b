import type { ModelManifest } from '../api/model-manifest.js';
import type { Signature } from '../api/signature.js';
import type { TrainingManifest } from '../api/training.js';
import { docComment, docOfTraining, headerOf } from './comments.js';
import { field, inputFields, SizeParameters, tensorType } from './input-types.js';
import { entryMember, exportedName, keyOf, localName, quoted } from './names.js';

/** What a module exports. */
export interface ModuleContents {
  /** The name of the source file. */
  readonly source: string;
  readonly model: ModelManifest;
  readonly training?: TrainingManifest | undefined;
}

type Lines = readonly string[];

/** The TypeScript declarations of a module, from the signatures of its model and of its training alone. */
export function moduleTypes({ source, model, training }: ModuleContents): string {
  const body = [...modelTypes(model), ...(training === undefined ? [] : trainingTypes(training, localName(model.name)))];
  const known = [
    'CallOptions',
    'EvaluateOptions',
    'ImageInput',
    'Input',
    'ModelBase',
    'ModuleOptions',
    'Same',
    'SizedInput',
    'Steps',
    'Tensor',
    'TensorInput',
    'TrainerBase',
    'TrainerOptions',
    'TypedTensor',
  ];
  const code = body.filter((line) => !/^\s*\/?\*/.test(line)).join('\n');
  const used = known.filter((name) => new RegExp(`\\b${name}\\b`).test(code));
  return `${[headerOf(source), `import type { ${used.join(', ')} } from 'archc/runtime';`, ...body].join('\n')}\n`;
}

function modelTypes(model: ModelManifest): Lines {
  const local = localName(model.name);
  const { entries } = model;
  const [first] = entries;
  const isOne = entries.length === 1;
  const sizes = new SizeParameters(entries.map(({ signature }) => signature));
  const members = entries.flatMap(({ signature }) => entryMembers(model, signature, sizes, local));
  const tables = (kind: 'Inputs' | 'Outputs'): Lines => {
    const table = (signature: Signature, indent: string) =>
      kind === 'Inputs' ? inputFields(signature, sizes, indent) : outputFields(signature, sizes, indent);
    const each = entries.flatMap(({ signature }) => [`    readonly ${keyOf(signature.entry)}: {`, ...table(signature, '      '), '    };']);
    return [`  interface ${kind}${sizes.declared} {`, ...(isOne && first !== undefined ? table(first.signature, '    ') : each), '  }'];
  };
  const files = entries.map(({ file }) => quoted(file));
  const create = [
    ...docComment(['Loads the files beside this module. Throws `HostError` for files that cannot be read, and `SessionError`.'], '  '),
    `  create(options?: ModuleOptions<${files.join(' | ')}>): Promise<${local}>;`,
  ];
  return [
    ...declared(
      model.name,
      local,
      model.doc === undefined ? [] : [model.doc],
      'ModelBase',
      [...members, ...stateMethods(model, local)],
      create,
    ),
    `${opening('namespace', model.name, local)} {`,
    ...tables('Inputs'),
    ...tables('Outputs'),
    ...stateTypes(model),
    '}',
    ...exported(model.name, local),
  ];
}

/** The methods that run an entry: its own object if there are several. */
function entryMembers(model: ModelManifest, signature: Signature, sizes: SizeParameters, local: string): Lines {
  const isOne = model.entries.length === 1;
  const of = (kind: string, given = '') => `${local}.${kind}${given}${isOne ? '' : `[${quoted(signature.entry)}]`}`;
  const given = sizes.givenFor(signature);
  const run = `run${sizes.declaredFor(signature)}(inputs: ${of('Inputs', given)}, options?: CallOptions): Promise<${of('Outputs', given)}>;`;
  const steps = `readonly steps: Steps<${of('Inputs')}, ${of('Outputs')}>;`;
  const member = entryMember(model, signature.entry);
  const doc = methodDoc(model, signature);
  if (member === undefined) return [...docComment(doc, '  '), `  ${run}`, ...docComment([stepsDoc], '  '), `  ${steps}`];
  return [
    ...docComment(doc, '  '),
    `  readonly ${keyOf(member)}: {`,
    `    ${run}`,
    ...docComment([stepsDoc], '    '),
    `    ${steps}`,
    '  };',
  ];
}

const stepsDoc = 'Runs it again and again, with the inputs that `next` makes of the outputs, until that is undefined.';

function methodDoc({ entries, doc }: ModelManifest, { entry, facts, open, dataDims, doc: own }: Signature): Lines {
  const isOne = entries.length === 1;
  const list = (texts: readonly string[]) => texts.map((text) => `\`${text}\``).join(', ');
  return [
    ...(isOne || own === undefined || own === doc ? [] : [own]),
    isOne
      ? 'Runs the model. Throws `FeedError` for inputs that do not fit it, and `SessionError`.'
      : `Runs the entry \`${entry}\`. Throws \`FeedError\` for inputs that do not fit it, and \`SessionError\`.`,
    ...(facts.length === 0 ? [] : [`Its sizes satisfy ${list(facts)}.`]),
    ...(open.length === 0 ? [] : [`A run fails unless ${list(open)}.`]),
    ...(dataDims.length === 0
      ? []
      : [
          `The data decide ${list(dataDims.map(({ name, least, most }) => `${name} >= ${least}${most === undefined ? '' : ` and ${name} <= ${most}`}`))}.`,
        ]),
  ];
}

function outputFields({ outputs, states }: Signature, sizes: SizeParameters, indent: string): Lines {
  const ofStates = new Set(states.map(({ output }) => output));
  return outputs.filter(({ name }) => !ofStates.has(name)).flatMap((output) => field(output, tensorType(output, sizes), indent));
}

function stateMethods({ states }: ModelManifest, local: string): Lines {
  if (states.length === 0) return [];
  return [
    ...docComment(
      ['Copies of the states, which each call takes as the call before left them; those that no call has set yet are left out.'],
      '  ',
    ),
    `  states(): Promise<${local}.States>;`,
    ...docComment(['Starts again with the given states; the others are as before the first call.'], '  '),
    `  reset(states?: ${local}.States): Promise<void>;`,
    ...docComment(
      ['Another model that begins with the states as they are now, and continues on its own. Both share what was loaded.'],
      '  ',
    ),
    `  fork(): Promise<${local}>;`,
  ];
}

function stateTypes({ states, entries }: ModelManifest): Lines {
  const fields = states.flatMap(({ input, output }) => {
    const [found] = entries.flatMap(({ signature: { inputs, outputs } }) => [
      ...inputs.filter(({ name }) => name === input),
      ...outputs.filter(({ name }) => name === output),
    ]);
    return found === undefined ? [] : field({ ...found, name: input }, tensorType(found, new SizeParameters([])), '    ', '?');
  });
  return fields.length === 0 ? [] : ['  interface States {', ...fields, '  }'];
}

function trainingTypes(training: TrainingManifest, other: string): Lines {
  const { name, train, grads, eval: evaluation, accumulate, metrics, hasRate } = training;
  const local = localName(name, other);
  const [batchSignature, heldSignature] = [batchOf(grads?.signature ?? train.signature, hasRate), batchOf(evaluation.signature, hasRate)];
  const sizes = new SizeParameters([batchSignature]);
  const heldSizes = new SizeParameters([heldSignature]);
  const batch = inputFields(batchSignature, sizes, '    ');
  const held = inputFields(heldSignature, heldSizes, '    ');
  const heldType = `${local}.${held.join('\n') === batch.join('\n') ? 'Batch' : 'EvalBatch'}`;
  const several = accumulate > 1;
  const members = [
    ...(hasRate ? [...docComment(['The learning rate of the steps that are asked for from now on.'], '  '), '  lr: number;'] : []),
    ...docComment(
      [
        `Takes one step with ${several ? `${accumulate} batches` : 'a batch'}, and returns loss and metrics before it. If it throws, the state is what it was before.`,
      ],
      '  ',
    ),
    several
      ? `  step(batches: readonly ${local}.Batch[], options?: CallOptions): Promise<${local}.Metrics>;`
      : `  step${sizes.declaredFor(batchSignature)}(batch: ${local}.Batch${sizes.givenFor(batchSignature)}, options?: CallOptions): Promise<${local}.Metrics>;`,
    ...docComment(['Loss and metrics of held-out batches: the means over all of them.'], '  '),
    `  evaluate(batches: AsyncIterable<${heldType}> | Iterable<${heldType}>, options?: EvaluateOptions): Promise<${local}.Metrics>;`,
  ];
  const options = hasRate ? 'options: TrainerOptions & { readonly lr: number }' : 'options?: TrainerOptions & { readonly lr?: undefined }';
  const create = [
    ...docComment(
      [
        'Loads the files beside this module. Throws `HostError` for files that cannot be read, `TrainingError` for weights that do not fit, and `SessionError`.',
      ],
      '  ',
    ),
    `  create(${options}): Promise<${local}>;`,
  ];
  return [
    ...declared(name, local, docOfTraining(training), 'TrainerBase', members, create),
    `${opening('namespace', name, local)} {`,
    `  interface Batch${sizes.declared} {`,
    ...batch,
    '  }',
    ...(heldType.endsWith('.Batch') ? [] : [`  interface EvalBatch${heldSizes.declared} {`, ...held, '  }']),
    '  interface Metrics {',
    ...['loss', ...metrics].map((metric) => `    readonly ${keyOf(metric)}: number;`),
    '  }',
    '}',
    ...exported(name, local),
  ];
}

/** What a batch has: neither states nor the learning rate. */
function batchOf(signature: Signature, hasRate: boolean): Signature {
  return { ...signature, inputs: signature.inputs.filter(({ name }) => !(hasRate && name === 'lr')) };
}

/** The interface and the constant of an export. */
function declared(name: string, local: string, doc: readonly string[], base: string, members: Lines, create: Lines): Lines {
  const comment = docComment(doc);
  return [
    '',
    ...comment,
    `${opening('interface', name, local)} extends ${base} {`,
    ...members,
    '}',
    '',
    ...comment,
    `${opening('const', name, local)}: {`,
    ...create,
    '};',
    '',
  ];
}

function opening(kind: 'interface' | 'const' | 'namespace', name: string, local: string): string {
  return `${name === local ? 'export ' : ''}${kind === 'interface' ? '' : 'declare '}${kind} ${local}`;
}

/** An export whose name means something else inside the file. */
function exported(name: string, local: string): Lines {
  return name === local ? [] : ['', `export { ${local} as ${exportedName(name)} };`];
}
