import { error, type Wording } from './entry.js';

/** Syntax errors: what the parser reports. */
export const syntaxCatalog = {
  'unexpected-token': error<{ expected: string; found: string }>(({ expected, found }) => ({
    message: `expected ${expected}, found ${found}`,
    label: `expected ${expected}`,
    help: pythonHelp(expected, found),
  })),
  'unexpected-end': error<{ expected: string }>(({ expected }) => ({
    message: `expected ${expected}, but the file ends here`,
    label: `expected ${expected}`,
  })),
  'missing-operand': error<{ operator: string; found: string }>(({ operator, found }) => ({
    message: `expected an expression after \`${operator}\`, found ${found}`,
    label: 'nothing follows this',
  })),
  'missing-comma': error<{ before: string }>(({ before }) => ({
    message: `a comma is missing before ${before}`,
    label: 'a new item starts here',
    help: 'items in brackets are separated by `,`',
  })),
  'unclosed-bracket': error<{ open: string; close: string }>(({ open, close }) => ({
    message: `this \`${open}\` is never closed`,
    label: `its \`${close}\` is missing`,
  })),
  'unmatched-bracket': error<{ close: string }>(({ close }) => ({
    message: `this \`${close}\` closes nothing`,
    label: 'no bracket is open here',
    help: `remove the \`${close}\`, or add the bracket that it should close`,
  })),
  'mismatched-bracket': error<{ open: string; close: string; found: string }>(({ open, close, found }) => ({
    message: `\`${open}\` is closed by \`${found}\``,
    label: `expected \`${close}\``,
  })),

  'unterminated-string': error(() => ({
    message: 'this string has no closing quote on its line',
    label: 'the string starts here',
    help: 'strings end on the line they start on; write `\\n` for a line break',
  })),
  'single-quotes': error(() => ({
    message: 'strings are written in double quotes',
    label: 'single quotes',
  })),
  'bad-escape': error<{ escape: string }>(({ escape: text }) => ({
    message: `\`${text}\` is not an escape`,
    label: 'in a string, a backslash starts an escape',
    help: 'the escapes are `\\n`, `\\t`, `\\"`, `\\\\`, `\\{` and `\\}`',
  })),
  'bad-interpolation': error<{ problem: 'unclosed' | 'empty' | 'quote' }>(({ problem }) => ({
    message: {
      empty: 'there is no expression between these braces',
      unclosed: 'this `{` is not closed before the string ends',
      quote: 'a string cannot be used inside the `{ }` of another one',
    }[problem],
    label: { empty: 'empty', unclosed: 'the interpolation starts here', quote: 'the outer string ends here' }[problem],
    help:
      problem === 'quote'
        ? 'first give the inner string a name, `let name = "..."`, and write `{name}`'
        : 'in a string, `{expr}` inserts a value; write `\\{` for a brace',
  })),
  'stray-character': error<{ text: string; codes: string }>(({ text, codes }) => ({
    message: `\`${text}\` cannot be used here`,
    label: codes,
    help: strayHelp.get(text) ?? 'names are made of the letters A to Z, digits and `_`; other characters belong in strings and comments',
  })),
  'forbidden-character': error<{ what: string; code: string }>(({ what, code }) => ({
    message: `the source contains ${what}`,
    label: code,
    help: 'it is invisible and can make the text read differently from what it says; delete it',
  })),
  'number-out-of-range': error<{ text: string; isInt: boolean }>(({ text, isInt }) => ({
    message: isInt ? `\`${text}\` is too large for an exact integer` : `\`${text}\` is too large for a float`,
    label: isInt ? 'above 9_007_199_254_740_991' : 'above 1.7976931348623157e308',
  })),

  'keyword-as-name': error<{ word: string }>(({ word }) => ({
    message: `\`${word}\` is a keyword and cannot be a name`,
    label: 'a name is expected here',
    help: `pick another name, such as \`${word}_\``,
  })),
  'foreign-keyword': error<{ word: string; instead: string }>(({ word, instead }) => ({
    message: `\`${word}\` is not a keyword here`,
    label: instead,
  })),
  'foreign-import': error(() => ({
    message: 'an import lists the names that it imports: `import { name } from "file.arch"`',
    label: 'this is not an import of `.arch` declarations',
    help: 'operators, layers and initialisers need no import',
  })),
  'foreign-literal': error<{ word: string; instead: string }>(({ word, instead }) => ({
    message: `\`${word}\` is written \`${instead}\``,
    label: `write \`${instead}\``,
  })),
  'none-value': error<{ written?: string; isWhole?: boolean }>(({ written, isWhole }) =>
    written === undefined
      ? { message: '`None` is written `none`', label: 'write `none`' }
      : {
          message: 'an index cannot be `None`',
          label: 'makes a new axis in Python',
          help: `write \`${written}\`${isWhole === true ? '' : ', with the rest of the index in `[...]`'}`,
        },
  ),
  'word-operator': error<{ word: string; operator: string }>(({ word, operator }) => ({
    message: `\`${word}\` is written \`${operator}\``,
    label: `write \`${operator}\``,
  })),
  'else-if': error<{ word: string }>(({ word }) => ({
    message: `\`${word}\` is written \`else if\``,
    label: 'write `else if`',
  })),
  'slash-comment': error(() => ({
    message: '`//` is floor division, not a comment',
    label: 'a comment starts with `#`',
  })),
  'block-comment': error<{ isDocstring: boolean }>(({ isDocstring }) => ({
    message: isDocstring ? 'there are no docstrings' : 'there are no `/* */` comments',
    label: isDocstring ? 'a `##` line above a declaration documents it' : 'a comment starts with `#` and ends with its line',
  })),
  semicolon: error(() => ({
    message: 'statements are not ended by `;`',
    label: 'remove it',
    help: 'a statement ends where the next one begins',
  })),
  'colon-equals': error(() => ({
    message: 'a value is bound with `=`',
    label: 'write `=`',
  })),
  'compound-assignment': error<{ operator: string; name: string }>(({ operator, name }) => ({
    message: `there is no \`${operator}=\``,
    label: 'values never change; bind the name again',
    help: `write \`${name} = ${name} ${operator} ...\``,
  })),
  'assignment-in-condition': error(() => ({
    message: '`=` binds a name; a comparison is written `==`',
    label: 'write `==`',
  })),
  'chained-comparison': error<{ first: string; second: string }>(({ first, second }) => ({
    message: 'comparisons do not chain',
    label: `a second comparison after \`${first}\``,
    help: `write \`a ${first} b && b ${second} c\`, or put one comparison in brackets`,
  })),
  'unnamed-axis': error<{ found: string }>(({ found }) => ({
    message: `an axis cannot be \`${found}\``,
    label: 'a size is expected here',
    help: 'an axis of any size has a name, `Tensor[N, 8]`; axes with the same name have the same size',
  })),
  'bare-tuple': error<{ what: 'names' | 'results' }>(({ what }) => ({
    message: `several ${what} must be in brackets`,
    label: 'no brackets',
    help: what === 'results' ? 'write `return (a, b)`' : 'write `(a, b) = f(x)`, or `for (i, item) in enumerate(items) { ... }`',
  })),
  'bare-comparison': error<{ operator: string; left: string | undefined; right: string | undefined; isClear: boolean }>(
    ({ operator, left, right, isClear }) => {
      const [a, b] = [left === undefined ? 'a' : `(a ${left} b)`, right === undefined ? 'c' : `(c ${right} d)`];
      const python = left === undefined ? `(a ${operator} c) ${right} d` : `a ${left} (b ${operator} c)`;
      return {
        message: `a comparison beside \`${operator}\` needs brackets`,
        label: `in Python, this binds more tightly than \`${left ?? right}\``,
        help: isClear ? `write \`${a} ${operator} ${b}\`` : `write \`${a} ${operator} ${b}\`, or \`${python}\` as Python reads it`,
      };
    },
  ),
  'python-block': error<{ word: string }>(({ word }) => ({
    message: `the body of \`${word}\` must be in braces`,
    label: 'write `{` here and `}` after the body',
  })),
  'python-conditional': error<{ value: string; condition: string; otherwise: string }>(({ value, condition, otherwise }) => ({
    message: '`a if c else b` is written `if c { a } else { b }`',
    label: 'the condition comes first',
    help: `write \`if ${condition} { ${value || '...'} } else { ${otherwise} }\``,
  })),
  'python-slice': error<{ hasStep: boolean; isReversed: boolean }>(({ hasStep, isReversed }) => ({
    message: 'a slice is written with `..`',
    label: hasStep ? 'write `..` and `by`' : 'write `..`',
    help: isReversed
      ? 'to reverse an axis, write `flip(x, AXIS)`'
      : '`x[1..3]`, `x[..3]`, `x[1..]`, with a step `x[1..7 by 2]` or `x[.. by 2]`; `:` alone is a whole axis',
  })),
  'step-without-range': error(() => ({
    message: '`by` needs a range before it',
    label: 'this is one position',
    help: 'write `x[0..n by 2]`',
  })),
  'empty-index': error(() => ({
    message: 'an index is missing between these brackets',
    label: 'nothing is picked here',
    help: 'write `:` for a whole axis or `..` for all axes',
  })),
  'tensor-parentheses': error(() => ({
    message: 'the axes of a tensor type must be in square brackets',
    label: 'write `[...]`',
  })),
  'lowercase-tensor': error<{ word: string }>(({ word }) => ({
    message: `the tensor type is called \`Tensor\`, not \`${word}\``,
    label: 'write `Tensor`',
  })),
  'reserved-label': error<{ word: string }>(({ word }) => ({
    message: `\`${word}\` is a reserved word; a label that begins with it is quoted`,
    label: `write \`"${word}"\``,
  })),
  'type-as-value': error(() => ({
    message: 'a tensor type is not a value',
    label: 'a value is expected here',
    help: 'to check the shape of a value write `x as [N, C]` after it',
  })),
  'missing-arrow': error(() => ({
    message: 'the result of a signature follows `->`',
    label: '`->` is missing before this',
  })),
  'fat-arrow': error(() => ({
    message: 'the arrow is written `->`',
    label: 'write `->`',
    help: '`=>` is only used in the pattern of a `rearrange`, between two lists of axes',
  })),
  'missing-result': error<{ name: string }>(({ name }) => ({
    message: `\`${name}\` does not say what it returns`,
    label: 'no result type',
    help: 'write `-> Tensor[...]` or `-> (name: Tensor[...])` after its parameters',
  })),
  'mixed-parameters': error<{ name: string; kind: string; isTensor?: boolean }>(({ name, kind, isTensor = false }) => ({
    message: kind === 'entry' ? 'the inputs of an entry are tensors' : `the hyperparameters of a ${kind} have a list of their own`,
    label: isTensor ? 'a tensor' : 'not a tensor',
    help:
      kind === 'entry'
        ? 'a tensor has a type, `x: Tensor[N, 8]`; hyperparameters belong in the list of the model'
        : `write two lists, \`${kind} ${name}(hyperparameters)(tensors)\`; a tensor has a type, \`x: Tensor[N, 8]\``,
  })),
  'missing-block': error((p: { word: 'scan' | 'cond' | 'else'; found?: string }) =>
    p.found === undefined
      ? {
          message: p.word === 'else' ? 'the `else` of a `cond` has no block' : `\`${p.word}\` has no block`,
          label: 'expected `{`',
          help:
            p.word === 'scan' ? 'put what each step does in braces: `{ next h = ...  emit y = ... }`' : 'write `cond c { a } else { b }`',
        }
      : {
          message: `after the \`else\` of a \`cond\` comes a block, not \`${p.found}\``,
          label: 'expected `{`',
          help: 'write `else { cond c { ... } else { ... } }`',
        },
  ),
  'scan-head': error(({ problem }: { problem: ScanHeadProblem }) => ({
    ...scanHeads[problem],
    help: scanHeads[problem].help ?? 'write `scan xt over x axis 1 { ... }`',
  })),
  'emit-name': error<{ value: string | undefined }>(({ value }) => ({
    message: '`emit` does not name what the scan gives',
    label: 'under which name?',
    help: `write \`emit y = ${value ?? '...'}\``,
  })),
  'two-names': error<{ word: string }>(({ word }) => ({
    message: `a \`${word}\` has one name`,
    label: 'only a `state` has two: for its input and its output',
  })),
  'return-without-value': error(() => ({
    message: '`return` needs a value',
    label: 'nothing is returned',
  })),
  'typed-let': error(() => ({
    message: 'a constant has the kind of its value',
    label: 'leave this out',
  })),
  'let-block': error((p: { mistake: 'equals' } | { mistake: 'parameters'; name: string }) =>
    p.mistake === 'equals'
      ? { message: 'the block of a function follows its parameters', label: 'leave this out' }
      : {
          message: `\`${p.name}\` is a constant, and a block belongs to a function`,
          label: 'no parameters',
          help: `write \`let ${p.name}() { ... }\`, or \`let ${p.name} = ...\` with one expression`,
        },
  ),
  'storage-in-let': error((p: { name: string; word: string }) => ({
    message: `\`${p.word}\` cannot be used in the \`let\` function \`${p.name}\``,
    label: 'belongs to a layer',
    help: `make \`${p.name}\` a \`layer\`: each use of it then has what it stores`,
  })),
  'named-argument-colon': error<{ name: string }>(({ name }) => ({
    message: `the argument \`${name}\` is given with \`=\``,
    label: 'this reads as a label',
    help: `write \`${name} = ...\``,
  })),
  'bad-label': error((p: { blank: boolean }) => ({
    message: p.blank ? '`_` adds no level to a name, so it must be the whole label' : 'this cannot be a label',
    label: 'before a `:`',
    help: p.blank
      ? 'leave it out of the longer label, or write `_:` for a layer whose weights are named as if they were written here'
      : 'a label is made of names, strings and indices: `conv1:`, `down[i]:`, `"layer{s}"[b]:`, `a.b[0]:`',
  })),
  'spread-in-pattern': error(() => ({
    message: 'a `*` cannot be used in the pattern of a `rearrange`',
    label: 'name each axis',
  })),
  'statement-outside': error<{ name?: string }>(({ name }) => ({
    message: name === undefined ? 'a statement must be in a body' : 'a constant at the top of a file is declared with `let`',
    label: name === undefined ? 'only declarations are allowed at the top of a file' : `write \`let ${name} = ...\``,
  })),
  'nested-declaration': error<{ word: string }>(({ word }) => ({
    message: `a \`${word}\` cannot be declared inside a body`,
    label: 'move it to the top of the file',
  })),
};

/** What may be wrong between `scan` and its block. */
export type ScanHeadProblem = 'item' | 'axis' | 'equals' | 'order' | 'range';

const scanHeads: Readonly<Record<ScanHeadProblem, Wording>> = {
  item: { message: '`scan` has no name for what it takes at each step', label: 'a name is missing before this' },
  axis: { message: '`scan` does not say which axis it steps through', label: '`axis` is missing here' },
  equals: { message: 'the axis of a `scan` is written without `=`', label: 'leave this out' },
  order: {
    message: '`reverse` comes after the axis of a `scan`',
    label: 'before the axis',
    help: 'write `scan xt over x axis 1 reverse { ... }`',
  },
  range: {
    message: '`scan` steps through tensors, but this is a range',
    label: 'a range',
    help: 'write `scan xt over x axis 1 { ... }`, where `xt` is a slice of `x` at each step; `for i in 0..n { ... }` repeats when the model is built',
  },
};

/** What Python users mean by these characters. */
const strayHelp: ReadonlyMap<string, string> = new Map([
  ['~', 'the opposite of a condition is `!m`'],
  ['^', 'a power is `x ** 2`; for two conditions, `a != b` means exclusive or'],
]);

/** What Python users mean by these words. */
function pythonHelp(expected: string, found: string): string | undefined {
  if (found === '`=`' && expected === 'a statement') return 'only a name is bound: tensors never change, and layers have no attributes';
  if (found === '`@`' && expected === 'a declaration') return 'there are no decorators: leave the line out';
  if (expected === '`over`') return 'write `scan xt over x axis 1 { ... }`';
  if (expected === '`:`' && found === '`=`') return 'its type comes after the name: `h: Tensor[N, D] = zeros`';
  if (expected === '`{`' && found === 'the name `reverse`')
    return '`reverse` comes before the carries: `scan xt over x axis 1 reverse carry ...`';
  if (expected === '`{`' && found === 'the name `carry`')
    return 'several carries follow one `carry`: `carry h: Tensor[N, D] = zeros, c: Tensor[N] = zeros`';
  if (found === 'the name `not`') return '`x not in xs` is written `!(x in xs)`';
  return undefined;
}
