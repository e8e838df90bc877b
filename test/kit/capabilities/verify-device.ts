import { isComputed, type Kernel, type KnownProvider } from '../../../src/ops/capabilities/kernel-table.js';
import { opsets } from '../../../src/ops/opsets.js';
import { bytesOf } from '../op-graph.js';
import { BrowserRunner } from '../ort-browser.js';
import { type ModelRunner, OrtRunner } from '../ort-runner.js';
import { keyOf } from './emitted.js';
import { installedVersion } from './installed-version.js';
import { oneNode } from './one-node.js';
import { claimsAbout, type Difference, differences, textOf } from './verify.js';

/** What `npm run verify-device` verifies. */
export interface DeviceCheck {
  readonly provider: KnownProvider;
  /** Only verifies forms whose text contains this. */
  readonly only?: string | undefined;
}

/** Verifies on this machine what the table says about a provider. Returns a report, and whether everything is computed that the table says is. */
export async function verifiedDevice({
  provider,
  only = '',
}: DeviceCheck): Promise<{ readonly report: string; readonly isRight: boolean }> {
  const runner = provider === 'wasm' ? new BrowserRunner() : new OrtRunner();
  try {
    const reason = await missing(runner, provider);
    if (reason !== undefined) return { report: `the provider ${provider} does not run here: ${reason}`, isRight: false };
    const claims = claimsAbout(provider).filter(({ form }) => keyOf(form).includes(only));
    const found = await differences(runner, provider, claims);
    const confirmed = found.filter(({ said, got }) => said === 'claimed' && got === 'kernel');
    const untold = found.filter((one) => !confirmed.includes(one));
    const failed = untold.filter(({ said }) => isComputed(said));
    const better = untold.filter(({ said }) => !isComputed(said));
    const count = (kernel: Kernel) => claims.filter(({ said }) => said === kernel).length;
    const report = [
      `ONNX Runtime ${installedVersion()}, provider ${provider}: ${claims.length} claims`,
      `said to be computed and run before: ${count('kernel')}; not run before: ${count('claimed')}; without a kernel: ${count('none')}; wrong: ${count('wrong')}`,
      `not run before, and computed: ${confirmed.length}`,
      ...listed('said to be computed, and not', failed),
      ...listed('said not to be computed, and otherwise here', better),
    ].join('\n');
    return { report, isRight: failed.length === 0 };
  } finally {
    await runner.close();
  }
}

/** Why a provider does not run on this machine, if it does not compute a sum. */
async function missing(runner: ModelRunner, provider: KnownProvider): Promise<string | undefined> {
  const { graph, feeds } = oneNode({ domain: '', opType: 'Add' }, ['f32'], opsets.min);
  try {
    await runner.run(bytesOf(graph), feeds, { provider, strict: provider !== 'cpu' && provider !== 'wasm' });
    return undefined;
  } catch (error) {
    return error instanceof Error ? error.message : String(error);
  }
}

function listed(title: string, found: readonly Difference[]): readonly string[] {
  return [`${title}: ${found.length}`, ...found.map((one) => `  ${textOf(one)}`)];
}
