// The TextMate grammar of .arch files, made from the tables of tokens, element types and kinds. scripts/grammar.mjs writes it.
//
// Half-written code must not spoil the lines after it: a string, a tensor type, a label and a list of patterns end at the end of their
// line, and everything else ends at the latest where a declaration begins in the first column.
import { captures, declaration, escaped, include, name, rule, words } from './textmate-rules.mjs';
import { clauses } from './textmate-train.mjs';

/** `=`, but not `==` or `=>`. */
const assigns = '\\s*=(?![=>])';
/** What a label can be, without its `:`. */
const path = `(?:\\.${name}|\\[[^\\]\\n]*\\])`;
/** What follows the `:` of a label; while it is being typed, nothing does. */
const labelled = '(?=:(?:\\s*(?!Tensor\\b)["A-Za-z_(]|\\s*$))';

/** What kind of operator each symbol of the language is. */
const operators = {
  'keyword.operator.arrow': ['->', '=>'],
  'keyword.operator.comparison': ['==', '!=', '<=', '>=', '<', '>'],
  'keyword.operator.logical': ['&&', '||', '&', '|', '!'],
  'keyword.operator.range': ['..'],
  'keyword.operator.arithmetic': ['//', '**', '+', '-', '*', '/', '%', '@'],
  'keyword.operator.assignment': ['='],
  'keyword.operator.optional': ['?'],
  'punctuation.separator.comma': [','],
  'punctuation.separator.colon': [':'],
  'punctuation.accessor': ['.'],
  'punctuation.section.parens': ['(', ')'],
  'punctuation.section.brackets': ['[', ']'],
  'punctuation.section.braces': ['{', '}'],
};
/** Symbols that only make the messages about them better. */
const mistakes = [':=', ';'];

/** The rules for all symbols; longer ones come first. */
function symbolRules(symbols) {
  const scopes = new Map(Object.entries(operators).flatMap(([scope, texts]) => texts.map((text) => [text, scope])));
  const known = [...scopes.keys(), ...mistakes];
  const different = [...symbols.filter((text) => !known.includes(text)), ...known.filter((text) => !symbols.includes(text))];
  if (different.length > 0) throw new Error(`scripts/textmate.mjs and grammar/tokens.ts differ in the symbols ${different.join(' ')}`);
  const ofLength = (length) =>
    Object.entries(operators).flatMap(([scope, texts]) => {
      const found = texts.filter((text) => text.length === length);
      return found.length === 0 ? [] : [rule(scope, found.map(escaped).join('|'))];
    });
  return [...ofLength(2), ...ofLength(1)];
}

/** The scope of each reserved word outside of the constructs that have rules of their own. */
const reserved = {
  'constant.language.boolean': ['true', 'false'],
  'constant.language.none': ['none'],
  'support.class.tensor': ['Tensor'],
  'storage.type.function': ['fn'],
  'storage.type.class': ['layer', 'model'],
  'storage.type': ['let'],
  'storage.modifier': ['param', 'buffer'],
  'keyword.control.import': ['import', 'from'],
  'keyword.control.as': ['as'],
  'keyword.control.loop': ['for', 'in'],
  'keyword.control.conditional': ['if', 'else'],
  'keyword.control.flow': ['return'],
};

function reservedRules(hardKeywords) {
  const known = Object.values(reserved).flat();
  const different = [...hardKeywords.filter((word) => !known.includes(word)), ...known.filter((word) => !hardKeywords.includes(word))];
  if (different.length > 0) throw new Error(`scripts/textmate.mjs and grammar/tokens.ts differ in the words ${different.join(' ')}`);
  return Object.entries(reserved).map(([scope, list]) => rule(scope, words(list)));
}

export function textMate({ hardKeywords, symbols, dtypes, kinds }) {
  const inString = [
    rule('constant.character.escape', '\\\\[nt"\\\\{}]'),
    rule('invalid.illegal.escape', '\\\\.'),
    {
      name: 'meta.interpolation.arch',
      contentName: 'meta.embedded.line.arch',
      begin: '\\{',
      beginCaptures: { 0: { name: 'punctuation.section.interpolation.begin.arch' } },
      end: '(\\})|(?="|$)',
      endCaptures: captures('punctuation.section.interpolation.end'),
      patterns: [include('interpolated'), include('expression')],
    },
  ];
  const string = (scope, begin) => ({
    name: scope,
    begin,
    beginCaptures: { 0: { name: 'punctuation.definition.string.begin.arch' } },
    end: '(")|$',
    endCaptures: captures('punctuation.definition.string.end'),
    patterns: inString,
  });
  const brackets = (open, close, end, patterns) => ({
    begin: escaped(open),
    beginCaptures: { 0: { name: `${scopeOf(open)}.begin.arch` } },
    end: `(${escaped(close)})|${end}`,
    endCaptures: captures(`${scopeOf(close)}.end`),
    patterns,
  });
  const scopeOf = (symbol) => Object.entries(operators).find(([, texts]) => texts.includes(symbol))?.[0];
  const element = {
    patterns: [rule('support.type.dtype', words(dtypes)), rule('variable.other.readwrite', name), rule('punctuation.accessor', '\\.')],
  };

  return {
    $schema: 'https://raw.githubusercontent.com/martinring/tmlanguage/master/tmlanguage.json',
    name: 'arch',
    scopeName: 'source.arch',
    fileTypes: ['arch'],
    patterns: [include('declarations'), include('statements'), include('expression')],
    repository: {
      comments: {
        patterns: [
          {
            name: 'comment.line.documentation.arch',
            begin: '(##)',
            beginCaptures: captures('punctuation.definition.comment'),
            end: '$',
            patterns: [rule('markup.inline.raw', '`[^`\\n]*`')],
          },
          {
            name: 'comment.line.number-sign.arch',
            match: '(#)\\s*(?:(archc:\\s*allow)\\b)?.*$',
            captures: captures('punctuation.definition.comment', 'keyword.other.directive'),
          },
          rule('invalid.illegal.comment', '/\\*.*?(?:\\*/|$)'),
        ],
      },
      strings: { patterns: [string('string.quoted.double.arch', '"'), rule('invalid.illegal.quote', "'[^'\\n]*'")] },

      declarations: {
        patterns: [
          {
            name: 'meta.import.arch',
            begin: '\\b(import)(?=\\s*\\{|\\s*$)',
            beginCaptures: captures('keyword.control.import'),
            end: `(?<=")|(?!\\G)${declaration}`,
            patterns: [
              include('comments'),
              include('strings'),
              rule('keyword.control.import', words(['from'])),
              rule('keyword.control.as', words(['as'])),
              rule('entity.name.type', `\\b[A-Z]\\w*`),
              rule('entity.name.function', `\\b${name}`),
              include('symbols'),
            ],
          },
          {
            name: 'meta.signature.arch',
            begin: `\\b(?:(model|layer)\\s+(${name})|(fn|entry)\\s+(${name}))(?=\\s*\\()`,
            beginCaptures: captures('storage.type.class', 'entity.name.type', 'storage.type.function', 'entity.name.function'),
            end: `(?=\\{)|(?!\\G)${declaration}|(?=^\\s*(?:return|let|for|if|param|buffer)\\b)`,
            patterns: [include('parameters'), rule('keyword.control.where', words(['where'])), include('expression')],
          },
          {
            name: 'meta.config.arch',
            begin: `\\b(config)\\s+(${name})\\s*(\\{)`,
            beginCaptures: captures('storage.type.config', 'entity.name.type', 'punctuation.section.braces.begin'),
            end: `(\\})|(?!\\G)${declaration}`,
            endCaptures: captures('punctuation.section.braces.end'),
            patterns: [include('fields'), include('expression')],
          },
          {
            name: 'meta.train.arch',
            begin: `^\\s*(train)\\s+(${name})\\s+(for)\\b(?:\\s+(${name}))?`,
            beginCaptures: captures('storage.type.train', 'entity.name.type', 'keyword.control.train', 'entity.name.type.class'),
            end: `(?<=\\})|(?!\\G)${declaration}`,
            patterns: [brackets('{', '}', declaration, [include('clauses'), include('expression')]), include('expression')],
          },
          { match: `\\b(train|config)\\s+(${name})(?!\\s*=)`, captures: captures('storage.type', 'entity.name.type') },
          { match: `\\b(model|layer)\\s+(${name})`, captures: captures('storage.type.class', 'entity.name.type') },
          { match: `\\b(fn|entry)\\s+(${name})`, captures: captures('storage.type.function', 'entity.name.function') },
        ],
      },

      statements: {
        patterns: [
          {
            begin: `\\b(let)\\s+(${name})(\\()`,
            beginCaptures: captures('storage.type', 'entity.name.function', 'punctuation.section.parens.begin'),
            end: `(\\))|(?!\\G)${declaration}`,
            endCaptures: captures('punctuation.section.parens.end'),
            patterns: [
              rule('variable.parameter', `(?<=[(,]|[(,]\\s)\\b${name}(?=\\s*[,)])|\\b${name}(?=${assigns})`),
              include('expression'),
            ],
          },
          { match: `\\b(let)\\s+([a-z_]\\w*)(?=${assigns})`, captures: captures('storage.type', 'variable.other.constant') },
          { match: `\\b(param|buffer|state)\\s+(${name})`, captures: captures('storage.modifier', 'variable.other.definition') },
          { match: `\\b(next|emit)\\s+(${name})(?=${assigns})`, captures: captures('keyword.control.state', 'variable.other.readwrite') },
          {
            name: 'meta.scan.arch',
            begin: `\\b(scan)\\b(?=\\s+(?:${name}|\\())`,
            beginCaptures: captures('keyword.control.loop'),
            end: `(?=\\{)|${declaration}`,
            patterns: [rule('keyword.control.loop', words(['over', 'axis', 'reverse', 'carry'])), include('expression')],
          },
          rule('keyword.control.assert', '\\bassert\\b(?=\\s+["\\w!(])'),
          rule('keyword.control.where', '(?:(?<=[\\])}]\\s)|^\\s*)where\\b(?=\\s+["\\w!(])'),
        ],
      },

      clauses: clauses(assigns),

      // `(x: Tensor[N], act: fn = relu)`
      parameters: brackets('(', ')', declaration, [include('fields'), include('expression')]),
      fields: {
        patterns: [
          include('comments'),
          rule('variable.parameter', `\\b${name}(?=\\s*:|${assigns})`),
          { match: `(:)\\s*(${words(kinds)})`, captures: captures('punctuation.separator.colon', 'support.type.kind') },
          { match: '(:)\\s*(?!Tensor\\b)([A-Z]\\w*)', captures: captures('punctuation.separator.colon', 'entity.name.type') },
          rule('support.type.kind', `(?<=[\\[,]|[\\[,]\\s)${words(kinds)}(?=\\s*[,\\]])`),
        ],
      },

      expression: {
        patterns: [
          include('comments'),
          include('labels'),
          include('strings'),
          include('tensors'),
          include('arguments'),
          include('words'),
          include('names'),
          include('symbols'),
        ],
      },

      // `encoder.layer[i].output:`, `"layer{s + 1}"[b]:`, `[0]:`
      labels: {
        patterns: [
          {
            name: 'meta.label.arch',
            begin: `(?<![\\w.])(?=(?!(?:${hardKeywords.join('|')})\\b)(?:${name}|"(?:[^"\\\\\\n]|\\\\.)*"|\\[[^\\]:\\n]*\\])${path}*${labelled})`,
            end: '(:)|$',
            endCaptures: captures('punctuation.separator.label'),
            patterns: [
              string('string.quoted.double.arch entity.name.tag.label.arch', '"'),
              brackets('[', ']', '$', [include('expression')]),
              rule('entity.name.tag.label', name),
              rule('punctuation.accessor', '\\.'),
            ],
          },
        ],
      },

      tensors: {
        patterns: [
          {
            name: 'meta.type.tensor.arch',
            begin: '\\b(Tensor)(?:(<)([\\w.]*)(>))?(\\[)',
            beginCaptures: captures(
              'support.class.tensor',
              'punctuation.definition.typeparameters.begin',
              element,
              'punctuation.definition.typeparameters.end',
              'punctuation.section.brackets.begin',
            ),
            end: '(\\])(\\?)?|$',
            endCaptures: captures('punctuation.section.brackets.end', 'keyword.operator.optional'),
            patterns: [include('sizes')],
          },
          {
            match: '\\b(Tensor)(<)([\\w.]*)(>)?',
            captures: captures(
              'support.class.tensor',
              'punctuation.definition.typeparameters.begin',
              element,
              'punctuation.definition.typeparameters.end',
            ),
          },
          {
            name: 'meta.shape.arch',
            begin: '\\b(as)\\s+(\\[)',
            beginCaptures: captures('keyword.control.as', 'punctuation.section.brackets.begin'),
            end: '(\\])|$',
            endCaptures: captures('punctuation.section.brackets.end'),
            patterns: [include('sizes')],
          },
        ],
      },
      sizes: {
        patterns: [
          include('comments'),
          brackets('[', ']', '$', [include('sizes')]),
          brackets('(', ')', '$', [include('sizes')]),
          rule('keyword.operator.spread', '(?<=[\\[,]|[\\[,]\\s)\\*(?=[A-Za-z_])'),
          include('numbers'),
          rule('entity.name.function', `\\b${name}(?=\\()`),
          rule('variable.other.constant.size', `\\b${name}`),
          include('symbols'),
        ],
      },

      arguments: brackets('(', ')', declaration, [
        rule('variable.parameter', `(?<![.\\w])${name}(?=${assigns})`),
        rule('variable.language', '(?<==\\s|=)input\\b(?=\\s*[,)])'),
        include('statements'),
        include('expression'),
      ]),

      words: {
        patterns: [
          // After a dot, every word is a name.
          {
            match: `(?<!\\.)(\\.)(?:(${name})(?=\\()|(${name}))`,
            captures: captures('punctuation.accessor', 'entity.name.function', 'variable.other.property'),
          },
          rule('keyword.operator.spread', '(?<=[\\[(,]|[\\[(,]\\s)\\*(?=[A-Za-z_])'),
          rule('variable.other.definition', `\\b${name}(?=:\\s*Tensor\\b)`),
          rule('keyword.control.conditional', '\\bcond\\b(?=\\s+[\\w"!(])'),
          rule('keyword.control.by', '(?<=[\\w\\])]\\s|\\.\\.\\s)by\\b(?=\\s+[\\w(-])'),
          rule('keyword.control.named', '\\bnamed\\b(?=\\s*["(])'),
          rule('constant.language.empty', '(?<==\\s)empty\\b(?!\\s*[(=.])'),
          ...reservedRules(hardKeywords),
          rule('support.type.dtype', `${words(dtypes.filter((dtype) => !kinds.includes(dtype)))}(?!\\s*[=(:])`),
        ],
      },

      names: {
        patterns: [
          include('numbers'),
          // A layer: it is applied, or is spelled like one; short capitalized names are sizes.
          rule(
            'entity.name.type.class',
            '(?<=->\\s|->|:\\s|:)[A-Z]\\w*|\\b[A-Z]\\w*(?=\\()|\\b[A-Z]\\w+[a-z]\\w*|\\b[A-Z]\\w*[a-z]\\w+|\\b[A-Z]{3,}\\w*',
          ),
          rule('variable.other.constant.size', '\\b[A-Z]\\w*'),
          rule('entity.name.function', `\\b${name}(?=\\()|(?<=->\\s|->)${name}(?![\\w.\\[])`),
          rule('variable.other.readwrite', `\\b${name}`),
        ],
      },
      numbers: {
        patterns: [
          rule('constant.numeric.float', '\\b\\d[\\d_]*(?:\\.\\d[\\d_]*(?:[eE][+-]?\\d+)?|[eE][+-]?\\d+)'),
          rule('constant.numeric.integer', '\\b\\d[\\d_]*'),
        ],
      },
      symbols: {
        patterns: [rule('invalid.illegal.operator', `[-+/%@]=(?!=)|${mistakes.map(escaped).join('|')}`), ...symbolRules(symbols)],
      },
      // Braces inside a string: those of an `if`.
      interpolated: { begin: '\\{', end: '\\}|(?="|$)', patterns: [include('interpolated'), include('expression')] },
    },
  };
}
