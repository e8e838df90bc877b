import type { Known, Types } from '../../../../../2-check/reuse/types.js';
import { presentIn } from '../../../../../2-check/values/absence.js';
import type { CheckValue } from '../../../../../2-check/values/values.js';
import type { Dim } from '../../../../../dims/dim.js';
import type { TensorType } from '../../../../../ops/types.js';
import type { FileItem } from '../../../../file-view.js';
import type { Named } from '../../../../names/named.js';
import type { Place } from '../../action.js';
import { sizeText } from '../../shapes.js';
import { isWritable, sizeNames } from '../ascriptions.js';

/** Writes types in the signature of a new layer. */
export class SignatureText {
  readonly #place: Place;
  readonly #rests: ReadonlySet<string>;
  /** The sizes that the types of inputs mention. */
  readonly sizes = new Set<string>();
  /** The records whose fields they mention. */
  readonly records = new Set<string>();
  readonly #taken: Set<string>;
  readonly #hypers: ReadonlySet<string>;
  /** Names of sizes of inputs that are expressions, by their keys. */
  readonly #named = new Map<string, string>();
  readonly #names: ReadonlySet<string>;

  constructor(place: Place, item: FileItem, hypers: readonly string[]) {
    const { view, text } = place;
    this.#place = place;
    this.#hypers = new Set(hypers);
    this.#names = sizeNames(place, item);
    const rests = view.occurrencesIn(item).filter(({ named, span }) => named.kind === 'size' && text[span.start - 1] === '*');
    this.#rests = new Set(rests.map(({ named }) => named.name));
    this.#taken = new Set([...hypers, ...view.occurrencesIn(item).map(({ named }) => named.name)]);
  }

  input({ dtype, shape }: TensorType): string {
    return this.#type(
      dtype,
      this.#axes(shape, (size) => this.#sizeOfInput(size)),
    );
  }

  /** Whether a tensor has no sizes that data decide: each evaluation of a layer would make new ones. */
  isPlain({ shape }: TensorType): boolean {
    return shape.every((size) => isWritable(size, this.#names) || this.#rests.has(size.variableName?.replace(/\d$/, '') ?? ''));
  }

  /** A size of a result that cannot be written with those of the inputs and the hyperparameters gets a name of its own. */
  result({ dtype, shape }: TensorType, known: ReadonlySet<string>): string {
    const sizeOf = (size: Dim) => {
      const own = this.#named.get(size.key);
      if (own !== undefined) return own;
      const isKnown = [...size.variables()].every((name) => this.sizes.has(name) || known.has(name) || known.has(name.split('.')[0] ?? ''));
      return isKnown ? sizeText(size) : this.#fresh('S');
    };
    return this.#type(dtype, this.#axes(shape, sizeOf));
  }

  #type(dtype: TensorType['dtype'], axes: readonly string[]): string {
    const { float } = this.#place.view.inside.session;
    return `Tensor${dtype === float ? '' : `<${dtype}>`}[${axes.join(', ')}]`;
  }

  #axes(shape: readonly Dim[], write: (size: Dim) => string): readonly string[] {
    const axes: string[] = [];
    for (let i = 0; i < shape.length; i++) {
      const name = shape[i]?.variableName ?? '';
      const rest = /^(.*)0$/.exec(name)?.[1] ?? '';
      if (this.#rests.has(rest) && shape[i + 1]?.variableName === `${rest}1`) {
        axes.push(`*${rest}`);
        i++;
      } else axes.push(write(shape[i] as Dim));
    }
    return axes;
  }

  #sizeOfInput(size: Dim): string {
    const name = size.variableName;
    if (size.constant !== undefined) return `${size}`;
    if (name !== undefined && /^[A-Za-z_]\w*$/.test(name)) {
      this.sizes.add(name);
      return name;
    }
    const isRounded = /\/\/|%|max|min/.test(`${size}`);
    if (!isRounded || [...size.variables()].every((variable) => this.#hypers.has(variable))) {
      for (const variable of size.variables()) if (variable.includes('.')) this.records.add(variable.split('.')[0] ?? '');
      return sizeText(size);
    }
    // Matching cannot solve for the sizes in it, but it can give it a name.
    const known = this.#named.get(size.key) ?? this.#fresh('S');
    this.#named.set(size.key, known);
    return known;
  }

  #fresh(stem: string): string {
    for (let i = 1; ; i++) {
      const name = `${stem}${i}`;
      if (this.#taken.has(name)) continue;
      this.#taken.add(name);
      return name;
    }
  }
}

/** What is known of a name where it is written. */
export function knownAt(types: Types, start: number, name: string): Known | undefined {
  for (const [{ span }, known] of types) if (span.start === start && span.end === start + name.length) return known;
  return undefined;
}

export function tensorIn(known: Known | undefined): TensorType | undefined {
  const value = known && presentIn(known.value);
  return value?.kind === 'tensor' && known?.value.kind === 'tensor' ? value.local.type : undefined;
}

/** The kind that a hyperparameter must have to take a value. */
export function kindText({ source }: Named, known: Known | undefined, text: string): string | undefined {
  if (source?.kind === 'param' && source.param.type !== undefined)
    return source.param.type.kind === 'kind' ? text.slice(source.param.type.span.start, source.param.type.span.end) : undefined;
  const value = known?.value;
  if (value === undefined) return undefined;
  if (value.kind === 'unknown') return typeof known?.kind === 'string' ? known.kind : undefined;
  return kindOfValue(value);
}

function kindOfValue(value: CheckValue): string | undefined {
  switch (value.kind) {
    case 'int':
    case 'float':
    case 'bool':
    case 'string':
    case 'dtype':
    case 'list':
    case 'tuple':
    case 'fn':
    case 'layer':
      return value.kind;
    case 'record':
      return value.decl.name.text;
    default:
      return undefined;
  }
}
