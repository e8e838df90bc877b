import { describe, expect, test } from 'vitest';
import { renderGithub } from '../../src/diagnostics/render-github.js';
import { renderJson } from '../../src/diagnostics/render-json.js';
import { renderSarif } from '../../src/diagnostics/render-sarif.js';
import { renderShort } from '../../src/diagnostics/render-short.js';
import { countOf, summaryLine } from '../../src/diagnostics/summary.js';
import { lenet, lenetDiagnostic, lenetSources, sample, spanOf } from './sample.js';

describe('renderShort', () => {
  test('prints one line each', () => {
    const second = sample(spanOf('lenet.arch', lenet, 'flatten'), { severity: 'warning', code: 'unused', message: 'two\nlines' });
    expect(renderShort([lenetDiagnostic, second], lenetSources)).toBe(
      'lenet.arch:7:25: error[shape-mismatch]: this linear layer expects 400 features, but flatten gives 784\n' +
        'lenet.arch:5:33: warning[unused]: two\u240alines\n',
    );
  });
});

describe('renderJson', () => {
  test('is one array of the documented records', () => {
    expect(JSON.parse(renderJson([lenetDiagnostic], lenetSources))).toEqual([
      {
        code: 'shape-mismatch',
        severity: 'error',
        message: 'this linear layer expects 400 features, but flatten gives 784',
        file: 'lenet.arch',
        range: { start: { line: 7, column: 25, offset: 246 }, end: { line: 7, column: 33, offset: 254 } },
        related: [
          {
            message: 'wanted [N, 400], got [N, 784]',
            file: 'lenet.arch',
            range: { start: { line: 7, column: 25, offset: 246 }, end: { line: 7, column: 33, offset: 254 } },
          },
          {
            message: '16 * 7 * 7 = 784 comes from here',
            file: 'lenet.arch',
            range: { start: { line: 5, column: 33, offset: 213 }, end: { line: 5, column: 40, offset: 220 } },
          },
        ],
        fixes: [
          {
            title: 'leave `in` out',
            safe: false,
            edits: [
              {
                file: 'lenet.arch',
                range: { start: { line: 7, column: 23, offset: 244 }, end: { line: 7, column: 33, offset: 254 } },
                text: '',
              },
            ],
          },
        ],
        help: 'leave `in` out: it is read off the input',
      },
    ]);
  });

  test('is an empty array when all is well, and null where there is no help', () => {
    expect(JSON.parse(renderJson([], new Map()))).toEqual([]);
    expect(JSON.parse(renderJson([sample({ file: 'x', start: 0, end: 0 })], new Map()))).toMatchObject([
      { help: null, related: [], fixes: [] },
    ]);
  });
});

describe('renderGithub', () => {
  test('writes a workflow command and escapes what would end it', () => {
    const text = 'a: b, 100%\n';
    const d = sample(spanOf('dir,1/a:b.arch', text, 'b'), { message: '50% of\r\n[N, K] :: x', help: 'try' });
    expect(renderGithub([d], new Map([['dir,1/a:b.arch', text]]))).toBe(
      '::error file=dir%2C1/a%3Ab.arch,line=1,endLine=1,col=4,endColumn=5,title=shape-mismatch::' +
        '50%25 of%0D%0A[N, K] :: x%0Ahelp: try\n',
    );
  });

  test('leaves columns out of an annotation of several lines', () => {
    const output = renderGithub(
      [sample({ file: 'a.arch', start: 0, end: 9 }, { severity: 'warning' })],
      new Map([['a.arch', 'abcd\nefgh\n']]),
    );
    expect(output).toBe('::warning file=a.arch,line=1,endLine=2,title=shape-mismatch::the sizes differ\n');
  });
});

describe('renderSarif', () => {
  const absolute = sample({ file: '/home/me/my models/a.arch', start: 0, end: 1 }, { severity: 'warning', code: 'unused-name' });
  const log = JSON.parse(renderSarif([lenetDiagnostic, absolute, lenetDiagnostic], lenetSources, { version: '1.2.3' }));
  const run = log.runs[0];

  test('declares each code once, with a page', () => {
    expect(log.version).toBe('2.1.0');
    expect(run.tool.driver).toMatchObject({ name: 'archc', version: '1.2.3' });
    expect(run.tool.driver.rules).toEqual([
      {
        id: 'shape-mismatch',
        name: 'ShapeMismatch',
        shortDescription: { text: 'shape mismatch' },
        helpUri: 'https://unpkg.com/archc@1.2.3/docs/errors/shape-mismatch.md',
      },
      {
        id: 'unused-name',
        name: 'UnusedName',
        shortDescription: { text: 'unused name' },
        helpUri: 'https://unpkg.com/archc@1.2.3/docs/errors/unused-name.md',
      },
    ]);
    for (const result of run.results) expect(run.tool.driver.rules[result.ruleIndex].id).toBe(result.ruleId);
  });

  test('gives regions in UTF-16 columns, related places and fixes as replacements', () => {
    expect(run.columnKind).toBe('utf16CodeUnits');
    expect(run.results[0]).toMatchObject({
      level: 'error',
      locations: [
        {
          physicalLocation: {
            artifactLocation: { uri: 'lenet.arch' },
            region: { startLine: 7, startColumn: 25, endLine: 7, endColumn: 33, charOffset: 246, charLength: 8 },
          },
        },
      ],
      relatedLocations: [{ id: 0, message: { text: '16 * 7 * 7 = 784 comes from here' } }],
      fixes: [
        {
          description: { text: 'leave `in` out' },
          artifactChanges: [
            {
              artifactLocation: { uri: 'lenet.arch' },
              replacements: [{ deletedRegion: { charOffset: 244, charLength: 10 }, insertedContent: { text: '' } }],
            },
          ],
        },
      ],
    });
  });

  test('writes paths as URIs', () => {
    expect(run.results[1].locations[0].physicalLocation.artifactLocation.uri).toBe('file:///home/me/my%20models/a.arch');
  });
});

describe('summaryLine', () => {
  test('counts in words', () => {
    const error = sample({ file: 'a', start: 0, end: 0 });
    const warning = { ...error, severity: 'warning' as const };
    expect(summaryLine(countOf([]))).toBe('');
    expect(summaryLine(countOf([error]))).toBe('1 error');
    expect(summaryLine(countOf([error, error, warning]))).toBe('2 errors, 1 warning');
    expect(summaryLine(countOf([warning, warning]))).toBe('2 warnings');
  });
});
