// The part of the TextMate grammar about `train` blocks, whose words are names everywhere else.
import { captures, declaration, include, name, rule, words } from './textmate-rules.mjs';

/** Patterns for names of weights, up to the end of the line at the latest: `layers[0..6].attn, *.bn*`. */
function paths(begin, end, scopes) {
  return {
    begin,
    beginCaptures: scopes,
    end: `${end}|$`,
    patterns: [
      include('comments'),
      rule('keyword.operator.range', '\\.\\.'),
      rule('constant.numeric.integer', '\\b\\d+\\b'),
      rule('keyword.operator.wildcard', '\\*'),
      rule('entity.name.tag.label', '[A-Za-z_]\\w*'),
      include('symbols'),
    ],
  };
}

export function clauses(assigns) {
  const weights = '(?=\\s+["*\\[A-Za-z_])';
  return {
    patterns: [
      include('comments'),
      { match: `\\b(input)\\s+(${name})(?=\\s*:)`, captures: captures('keyword.other.input', 'variable.parameter') },
      { match: `\\b(metric)\\s+(${name})(?=${assigns})`, captures: captures('keyword.other.metric', 'variable.other.readwrite') },
      rule('keyword.other.loss', `\\bloss\\b(?=${assigns})`),
      rule('keyword.other.frozen', `(?<==\\s|=)frozen\\b(?=\\s+${name})`),
      paths(`\\b(freeze|eval|checkpoint)\\b${weights}`, '(?=\\bwith\\b|\\})', captures('keyword.other.weights')),
      rule('keyword.other.weights', '\\blora\\b(?=\\s*\\()'),
      paths(`(?<=\\)\\s|\\))(on)\\b${weights}`, '(?=\\})', captures('keyword.other.weights')),
      rule('keyword.other.weights', '\\bwith\\b(?=\\s*\\{)'),
      { match: `\\b(optimizer)\\s+(${name})`, captures: captures('keyword.other.optimizer', 'entity.name.function') },
      paths(`\\b(group)\\b${weights}`, '(?=\\{)', captures('keyword.other.weights')),
      // Options of groups and of `with`, and the clauses that are a name and a value: `clip_norm 1.0`.
      {
        begin: '\\{',
        beginCaptures: { 0: { name: 'punctuation.section.braces.begin.arch' } },
        end: `(\\})|${declaration}`,
        endCaptures: captures('punctuation.section.braces.end'),
        patterns: [rule('variable.parameter', `\\b${name}(?=\\s*:|${assigns})`), include('clauses'), include('expression')],
      },
      rule('variable.language', words(['model'])),
      { match: `(?<![.\\w])(${name})(?=\\s+(?:\\d|[A-Za-z_]))(?<!\\b(?:if|else|in|for|as))`, captures: captures('keyword.other.clause') },
    ],
  };
}
