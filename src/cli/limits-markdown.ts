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
    'The limits on the size of sources and models. This page is generated from `src/limit-table.ts`; `npm run test:update` regenerates it.',
    '',
    'Each limit has its own diagnostic, which is reported before memory is allocated, so no source can exhaust the memory, the time or the',
    'stack. `--limit NAME=N` changes a limit for one command, and can be given several times; the library option `limits` does the same. A',
    'value that is exactly at its limit is allowed. With much higher limits, Node may need more memory',
    '(`NODE_OPTIONS=--max-old-space-size=8192`): an operator of the graph takes about 12 KB while the model is written.',
    '',
    '| name | what is counted | default | at most | code |',
    '| --- | --- | --- | --- | --- |',
    ...rows,
    '',
    '## Limits without a flag',
    '',
    'These limits bound the reasoning about one size or one decision. They cannot be changed: whether a model compiles must not depend on the',
    'command line. When one is exceeded, the checker reports that it cannot decide.',
    '',
    '| what | limit | what happens beyond it |',
    '| --- | --- | --- |',
    '| value of a size | 2^53 - 1 | [`dim-overflow`](errors/dim-overflow.md) |',
    '| degree of a size | 16 | [`dim-too-large`](errors/dim-too-large.md) |',
    '| terms of a size | 4,096 | [`dim-too-large`](errors/dim-too-large.md) |',
    '| atoms of a size, including those inside floors and maxima; their nesting | 4,096; 100 | [`dim-too-large`](errors/dim-too-large.md) |',
    '| residues of one variable that are tried | 4,096 | the sizes count as undecided |',
    '| terms that one decision may touch | 50,000 | the sizes count as undecided |',
    '| facts that a decision looks at, including those of open conditions | 128 | later facts prove nothing |',
    '| header of a safetensors file | 16 MiB | `weights-file` |',
    '| index of sharded weights | 64 MiB | `weights-file` |',
    '',
  ].join('\n');
}

/** `1,000,000`, the same in every locale. */
function grouped(n: number): string {
  return String(n).replaceAll(/\B(?=(\d{3})+$)/g, ',');
}
