import { afterAll, beforeAll, describe, expect, test } from 'vitest';
import { hasChromium } from '../kit/chromium.js';
import { files, Workshop } from './workshop.js';

const layout = `export default function Layout({ children }) {
  return <html lang="en"><body>{children}</body></html>;
}
`;
const content = `'use client';
import { useEffect } from 'react';
import { Digits } from './models/digits.arch.js';

export default function Page() {
  useEffect(() => {
    Digits.create({ provider: 'cpu' })
      .then(async (model) => console.log(\`logits [\${(await model.run({ image: new Float32Array(64) })).logits.shape}]\`))
      .catch((error) => console.log(\`logits: \${error}\`));
  }, []);
  return <p>A model</p>;
}
`;

describe.runIf(hasChromium)('Next.js', () => {
  let workshop: Workshop;

  beforeAll(async () => {
    workshop = await Workshop.open();
  });

  afterAll(() => workshop.close());

  test('builds a page with the modules that `archc build --emit` writes', async () => {
    const project = workshop.project('next', ['next@^16', 'react@^19', 'react-dom@^19', 'onnxruntime-web']);
    const { scripts } = JSON.parse(files.get('package.json') ?? '{}');
    const before = JSON.parse(project.read('package.json'));
    project.write('package.json', JSON.stringify({ ...before, scripts }));
    project.write('app/layout.jsx', layout);
    project.write('app/page.jsx', content);
    project.write('next.config.mjs', "export default { output: 'export' };\n");
    project.run('npm', ['run', 'build']);
    expect(await project.opened('out')).toBe('logits [1,10]');
  });
});
