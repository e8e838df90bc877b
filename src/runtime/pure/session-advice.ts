import type { RecommendedOptions, SessionAdvice } from '../../api/session-options.js';

const levels: readonly RecommendedOptions['graphOptimizationLevel'][] = ['disabled', 'basic', 'extended', 'all'];

/** The session options that the metadata of an ONNX file recommend. Only options that archc writes are read: a file cannot set anything else in ONNX Runtime. */
export function adviceOfFile({ 'archc.session_options': json }: Readonly<Record<string, string>>): SessionAdvice {
  const cpu = optionsOf(property(parsed(json), 'cpu'));
  return cpu === undefined ? {} : { cpu };
}

function optionsOf(value: unknown): RecommendedOptions | undefined {
  const level = levels.find((one) => one === property(value, 'graphOptimizationLevel'));
  const disabled = property(property(property(value, 'extra'), 'optimization'), 'disable_specified_optimizers');
  if (level === undefined) return undefined;
  return typeof disabled === 'string'
    ? { graphOptimizationLevel: level, extra: { optimization: { disable_specified_optimizers: disabled } } }
    : { graphOptimizationLevel: level };
}

function parsed(json: string | undefined): unknown {
  try {
    return json === undefined ? undefined : JSON.parse(json);
  } catch {
    return undefined;
  }
}

function property(value: unknown, name: string): unknown {
  return typeof value === 'object' && value !== null && Object.hasOwn(value, name) ? (value as Record<string, unknown>)[name] : undefined;
}
