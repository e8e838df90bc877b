import { shippedSources } from './broken-source.js';

/** The examples with fewer of their equal layers, for tests that check them many times. */
export function smallExamples(): readonly { readonly name: string; readonly text: string }[] {
  return shippedSources()
    .filter(({ name }) => name.startsWith('examples'))
    .map(({ name, text }) => ({ name, text: text.replaceAll(/\b(depth|layers|encoder_layers|decoder_layers)(\s*)= \d+/g, '$1$2= 2') }));
}
