import { limitFlag, limitTable } from '../limit-table.js';
import { defaultLimits, highestLimits, type Limits } from '../limits.js';

/** The page docs/limits.md, from the table that `--limit` reads. */
export function limitsMarkdown(): string {
  const rows = (Object.keys(limitTable) as (keyof Limits)[]).map((name) => {
    const { counts, codes } = limitTable[name];
    const links = codes.map((code) => `[\`${code}\`](errors/${code}.md)`).join(', ');
    const most = highestLimits[name] === defaultLimits[name] ? 'the default' : grouped(highestLimits[name]);
    return `| \`${limitFlag(name)}\` | ${counts} | ${grouped(defaultLimits[name])} | ${most} | ${links} |`;
  });
  return [
    '# Limits',
    '',
    'Made from the table in `src/limit-table.ts`; `npm run test:update` writes it anew.',
    '',
    'What goes beyond a limit is refused with a diagnostic of its own, before anything is allocated for it: no program takes all memory,',
    'all time or the whole stack. `--limit NAME=N` changes a limit for one command, and can be given several times; the option `limits`',
    'of the library does the same. A value that is exactly at its limit is allowed. With much higher limits Node may need more memory',
    '(`NODE_OPTIONS=--max-old-space-size=8192`): an operator of the graph takes some 12 KB while the model is written.',
    '',
    '| name | what is counted | default | at most | code |',
    '| --- | --- | --- | --- | --- |',
    ...rows,
    '',
    '## Limits without a flag',
    '',
    'These bound the reasoning about one size or one decision. Another value would make the answer of the checker, and so whether a model',
    'compiles, depend on the command line; where they end, the checker says that it cannot decide.',
    '',
    '| what | limit | where it ends |',
    '| --- | --- | --- |',
    '| value of a size | 2^53 - 1 | [`dim-overflow`](errors/dim-overflow.md) |',
    '| degree of a size | 16 | [`dim-too-large`](errors/dim-too-large.md) |',
    '| terms of a size | 4,096 | [`dim-too-large`](errors/dim-too-large.md) |',
    '| atoms of a size, those inside of floors and maxima included; their nesting | 4,096; 100 | [`dim-too-large`](errors/dim-too-large.md) |',
    '| residues of one variable that are tried | 4,096 | the sizes count as undecided |',
    '| terms that one decision may touch | 50,000 | the sizes count as undecided |',
    '| facts that a decision looks at, those of open conditions included | 128 | later facts prove nothing |',
    '| header of a safetensors file | 16 MiB | `weights-file` |',
    '| index of sharded weights | 64 MiB | `weights-file` |',
    '',
    'Graphs inside of graphs (`If`, `Loop`, `Scan` of ONNX) are not written yet, so there is no limit for their nesting.',
    '',
  ].join('\n');
}

/** `1,000,000`, the same in every locale. */
function grouped(n: number): string {
  return String(n).replaceAll(/\B(?=(\d{3})+$)/g, ',');
}
