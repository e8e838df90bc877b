import { schedules } from '../../../2-check/train/optimizers.js';
import type { CallAt } from '../../cursor/call.js';
import { type Cursor, isFollowedBy } from '../../cursor/cursor.js';
import { tensorType } from '../../cursor/values.js';
import type { Accepted, Parameter } from '../../present/callable.js';
import { scheduleCallable } from '../../present/training.js';
import { dtypeSuggestions, expressionSuggestions } from './expressions.js';
import { argumentsText, Places, type Suggestion, snippetText } from './item.js';

/** What an argument may be: values that its parameter accepts, names of other parameters, and expressions, among them `known` ones. */
export function argumentSuggestions(cursor: Cursor, call: CallAt, known: readonly Suggestion[] = []): readonly Suggestion[] {
  const { active, isNamed, isStart } = call;
  const names = isStart && !isNamed ? parameterNames(cursor, call) : [];
  // The word is the name of an argument.
  if (isStart && isNameWritten(cursor)) return names;
  // What is left has a default, and is passed by name.
  if (isStart && !isNamed && active === undefined && names.length > 0) return names;
  const wanted = isStart || isNamed ? active?.accepts : undefined;
  const values = wanted === undefined ? [] : valueSuggestions(cursor, wanted, call);
  const isTensor = isStart && !isNamed && active?.isTensor === true;
  const expressions = [...known, ...expressionSuggestions(cursor, { wanted })].map((item) =>
    isTensor && isTensorName(item) ? { ...item, rank: 2 } : item,
  );
  const isOption = active !== undefined && !active.isTensor && !takesFunctions(active);
  return [...values, ...names, ...(isOption ? expressions.filter((item) => !isOnTensors(item)) : expressions)];
}

function isOnTensors({ kind, detail = '' }: Suggestion): boolean {
  return kind === 'operator' || (kind === 'function' && detail.includes('Tensor'));
}

/** Whether a function or layer may be given, or anything else. Operators on tensors are not values of other options. */
function takesFunctions({ accepts }: Parameter): boolean {
  return accepts === undefined || ['fn', 'layer', 'any', 'list', 'tuple'].includes(accepts.kind);
}

/** Whether a suggestion is a tensor that has a name. */
export function isTensorName({ kind, detail = '' }: Suggestion): boolean {
  return detail.startsWith('Tensor') && (kind === 'variable' || kind === 'parameter');
}

function isNameWritten({ text, word }: Cursor): boolean {
  return word.text !== '' && /^[ \t]*=(?!=)/.test(text.slice(word.end, word.end + 20));
}

/** `kernel = `: the parameters that are not given yet. */
function parameterNames(cursor: Cursor, { parameters, given, active, callable }: CallAt): readonly Suggestion[] {
  const open = parameters.filter(
    ({ name, isVariadic, text }) => !given.has(name) && !isVariadic && /^\w+$/.test(name) && !text.startsWith('['),
  );
  return open.map((parameter): Suggestion => {
    const { name, isRequired, isTensor } = parameter;
    const base = {
      label: `${name} = `,
      filter: name,
      kind: 'option' as const,
      detail: detailOf(parameter),
      documentation: parameter.doc,
      rank: (isTensor ? 6 : isRequired ? 3 : 4) + (parameter === active && isRequired && !isTensor ? -1 : 0),
    };
    if (isNameWritten(cursor)) return { ...base, insert: name };
    return { ...base, insert: `${name} = \${1:${snippetText(placeFor(parameter, callable.name))}}`, isSnippet: true };
  });
}

/** `ints`, default 1 */
function detailOf({ type, fallback, accepts, text }: Parameter): string {
  const kind = type ?? accepts?.kind ?? text;
  return fallback === undefined ? kind : `${kind}, default ${fallback}`;
}

function placeFor({ name, fallback, accepts }: Parameter, callee: string): string {
  const [choice] = accepts?.choices ?? [];
  if (fallback !== undefined && /^[\w."-]+$/.test(fallback)) return fallback;
  if (fallback !== undefined && !callee.startsWith('onnx.') && /^[\w ."()[\],+*/-]+$/.test(fallback)) return fallback;
  if (choice !== undefined && accepts?.kind === 'string') return JSON.stringify(choice);
  return name;
}

/** The values that a parameter accepts, if there are few. */
export function valueSuggestions(cursor: Cursor, wanted: Accepted, call?: CallAt): readonly Suggestion[] {
  const { kind, choices = [] } = wanted;
  const strings = choices.map((choice): Suggestion => {
    const text = JSON.stringify(choice);
    return { label: text, kind: 'value', insert: text, filter: text, rank: 0 };
  });
  switch (kind) {
    case 'bool':
      return [...strings, { label: 'true', kind: 'value', rank: 0 }, { label: 'false', kind: 'value', rank: 0 }];
    case 'dtype':
      return [
        ...strings,
        ...dtypeSuggestions(0),
        { label: 'float_type', kind: 'constant', detail: 'dtype', rank: 1, subject: { of: 'built-in', name: 'float_type' } },
      ];
    case 'axis':
    case 'axes':
      return [...strings, ...axisSuggestions(call)];
    case 'rate':
      return [...strings, ...rateSuggestions(cursor)];
    default:
      return strings;
  }
}

/** The axes of the first tensor, by name where that is clear, and by number. */
function axisSuggestions(call: CallAt | undefined): readonly Suggestion[] {
  const type = tensorType(call?.first);
  if (type === undefined) return [];
  const { shape } = type;
  const count = (size: string) => shape.filter((other) => other.toString() === size).length;
  const named = shape.flatMap((size, i): readonly Suggestion[] => {
    const text = size.toString();
    if (!/^[A-Za-z_]\w*$/.test(text) || count(text) > 1) return [];
    return [{ label: text, kind: 'size', detail: `axis ${i}`, rank: 0 }];
  });
  const numbered = shape.map((size, i): Suggestion => ({ label: String(i), kind: 'value', detail: `the axis of size ${size}`, rank: 1 }));
  const last: Suggestion = { label: '-1', kind: 'value', detail: `the last axis, of size ${shape.at(-1)}`, rank: 1 };
  return shape.length === 0 ? [] : [...named, ...numbered, last];
}

/** Learning rates. */
function rateSuggestions(cursor: Cursor): readonly Suggestion[] {
  const made = Object.keys(schedules).map((name): Suggestion => {
    const callable = scheduleCallable(name);
    const base = { label: name, kind: 'function' as const, rank: 1, subject: { of: 'built-in' as const, name } };
    if (callable === undefined || isFollowedBy(cursor, '(')) return base;
    const places = new Places();
    return { ...base, insert: `${name}(${scheduleArguments(argumentsText(callable, 0, places))})`, isSnippet: true };
  });
  return [...made, { label: 'input', kind: 'value', rank: 0, subject: { of: 'built-in', name: 'input' } }];
}

/** The first number is a rate; the others are clearer with their names. */
function scheduleArguments(args: string): string {
  return args
    .split(', ')
    .map((arg) => {
      const name = /:(\w+)\}/.exec(arg)?.[1] ?? '';
      return name === 'peak'
        ? arg.replace(':peak}', ':3e-4}')
        : `${name} = ${arg.replace(`:${name}}`, name === 'warmup' ? ':500}' : ':10_000}')}`;
    })
    .join(', ');
}
