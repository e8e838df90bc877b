import { element } from '../page/dom.js';
import { CompileError, type Runner } from '../workers/clients.js';
import type { Device } from '../workers/messages.js';

export type Provider = 'webgpu' | 'cpu';

/** How the reader calls the providers. */
export const providerNames: Readonly<Record<string, string>> = { webgpu: 'WebGPU', cpu: 'WebAssembly' };

/** A choice of where models run. */
export function providerChoice(): HTMLSelectElement {
  const option = (value: string, title: string) => element('option', { value }, title);
  return element('select', { name: 'provider' }, option('auto', 'Automatic'), option('webgpu', 'WebGPU'), option('cpu', 'WebAssembly'));
}

/** What to try, in this order: the chosen one, or the GPU if there is one, and then WebAssembly. */
export function providersFor(choice: string, { hasGpu }: Device): readonly Provider[] {
  if (choice === 'webgpu' || choice === 'cpu') return [choice];
  return hasGpu ? ['webgpu', 'cpu'] : ['cpu'];
}

/** Does something on the first of these providers that can; says why the others could not. */
export async function onFirst<Result>(
  runner: Runner,
  choice: string,
  work: (provider: Provider) => Promise<Result>,
  refused: (reason: string) => void,
): Promise<Result> {
  const providers = providersFor(choice, await runner.device());
  for (const provider of providers.slice(0, -1)) {
    try {
      return await work(provider);
    } catch (error) {
      const reason = error instanceof Error ? error.message : String(error);
      if (reason === 'stopped' || error instanceof CompileError) throw error;
      refused(`${providerNames[provider]} cannot do it: ${reason}`);
    }
  }
  return work(providers.at(-1) ?? 'cpu');
}

/** Says what a page without isolation lacks. */
export function threadsNote(): HTMLElement | undefined {
  if (crossOriginIsolated) return undefined;
  return element(
    'p',
    { class: 'hint-line', id: 'one-thread' },
    'WebAssembly uses one thread here: this server does not send the headers Cross-Origin-Opener-Policy and Cross-Origin-Embedder-Policy.',
  );
}
