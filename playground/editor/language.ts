import { StreamLanguage, type StringStream, syntaxHighlighting } from '@codemirror/language';
import { classHighlighter } from '@lezer/highlight';
import { hardWords, softWords } from '../../grammar/words.js';

const types = new Set(['Tensor', 'int', 'float', 'bool', 'string']);
const constants = new Set(['true', 'false', 'none']);
const keywords = new Set<string>([...hardWords].filter((word) => !types.has(word) && !constants.has(word)));
/** Words that are names everywhere but at the beginning of a line. */
const beginners = new Set<string>(softWords);

function token(stream: StringStream, state: { isStart: boolean }): string | null {
  if (stream.sol()) state.isStart = true;
  if (stream.eatSpace()) return null;
  const { isStart } = state;
  state.isStart = false;
  if (stream.match('##')) {
    stream.skipToEnd();
    return 'docComment';
  }
  if (stream.eat('#')) {
    stream.skipToEnd();
    return 'comment';
  }
  if (stream.match(/^"(?:[^"\\]|\\.)*"?/)) return 'string';
  if (stream.match(/^\d[\d_]*(?:\.\d+)?(?:e[+-]?\d+)?/i)) return 'number';
  if (stream.match(/^[A-Za-z_]\w*/)) return word(stream.current(), isStart, stream);
  if (stream.match(/^(?:->|=>|:=|[=!<>]=|\*\*|\/\/|\.\.|&&|\|\|)/)) return 'operator';
  stream.next();
  return /[[\](){}<>,.:;]/.test(stream.current()) ? 'punctuation' : 'operator';
}

function word(text: string, isStart: boolean, stream: StringStream): string {
  if (types.has(text) || /^(?:b?f|i|u)\d+$/.test(text)) return 'typeName';
  if (constants.has(text)) return 'bool';
  if (keywords.has(text) || (beginners.has(text) && (isStart || text === 'where'))) return 'keyword';
  if (stream.match(/^\s*:(?!=)/, false)) return 'propertyName';
  return /^[A-Z]\w*[a-z]/.test(text) ? 'className' : 'variableName';
}

/** The colors of the language, which the style sheet of the page gives. */
export const archLanguage = [
  StreamLanguage.define({ name: 'arch', startState: () => ({ isStart: true }), token, languageData: { commentTokens: { line: '#' } } }),
  syntaxHighlighting(classHighlighter),
];
