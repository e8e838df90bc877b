import type { Diagnostic } from '../../src/diagnostics/diagnostic.js';
import type { Span } from '../../src/diagnostics/span.js';

/** The span of the `occurrence`-th occurrence of `part` in `text`. */
export function spanOf(file: string, text: string, part: string, occurrence = 0): Span {
  let start = text.indexOf(part);
  for (let i = 0; i < occurrence; i++) start = text.indexOf(part, start + 1);
  if (start < 0) throw new Error(`the sample does not contain ${part}`);
  return { file, start, end: start + part.length };
}

/** A diagnostic with everything optional left out; the code need not be in the catalogue. */
export function sample(span: Span, rest: Partial<Omit<Diagnostic, 'code'>> & { readonly code?: string } = {}): Diagnostic {
  const { code = 'shape-mismatch', ...given } = rest;
  return { severity: 'error', message: 'the sizes differ', span, notes: [], fixes: [], ...given, code: code as Diagnostic['code'] };
}

/** The example of the language design, section 7. */
export const lenet = `## LeNet-5 on 28x28 digits.
model LeNet(classes = 10)(image: Tensor[N, 1, 28, 28]) -> (logits: Tensor[N, classes]) {
  return image
    -> conv1: Conv2d(6, kernel = 5, padding = 2)
    -> relu -> max_pool2d(2) -> flatten

    -> fc1: Linear(120, in = 400)
}
`;

export const lenetDiagnostic: Diagnostic = sample(spanOf('lenet.arch', lenet, 'in = 400'), {
  message: 'this linear layer expects 400 features, but flatten gives 784',
  label: 'wanted [N, 400], got [N, 784]',
  help: 'leave `in` out: it is read off the input',
  notes: [{ span: spanOf('lenet.arch', lenet, 'flatten'), text: '16 * 7 * 7 = 784 comes from here' }],
  fixes: [
    {
      title: 'leave `in` out',
      edits: [{ span: spanOf('lenet.arch', lenet, ', in = 400'), text: '' }],
    },
  ],
});

export const lenetSources: ReadonlyMap<string, string> = new Map([['lenet.arch', lenet]]);
