/** The models that a source declares, in order. */
export function modelsIn(source: string): readonly string[] {
  return [...source.matchAll(/^[ \t]*model[ \t]+([A-Za-z_]\w*)/gm)].map(([, name = '']) => name);
}

/** The entries of each model that has some. Only the layout of formatted files is known. */
export function entriesIn(source: string, model: string | undefined): readonly string[] {
  const bodies = source.split(/^(?=(?:model|layer|fn|let|config|train|import)\b)/m);
  const body = bodies.find((text) => model !== undefined && new RegExp(`^model\\s+${model}\\b`).test(text));
  return [...(body ?? '').matchAll(/^[ \t]+entry[ \t]+([A-Za-z_]\w*)/gm)].map(([, name = '']) => name);
}

const place = /^(.+?)(:\d+:\d+: (?:error|warning)\[)/;

/** A line of `--format short` with the absolute path of its file, which links and problem matchers find wherever archc ran. */
export function withAbsolutePath(line: string, resolve: (path: string) => string): string {
  return line.replace(place, (_, file: string, rest: string) => `${resolve(file)}${rest}`);
}

/** The text as a terminal shows it: without control characters, with its line ends as a terminal wants them. */
export function forTerminal(text: string): string {
  return text.replaceAll(/[^\P{Cc}\n\t]/gu, '').replaceAll('\n', '\r\n');
}

/** The text as VS Code shows it in a message or a list, where `[text](command:...)` would be a link and `$(name)` an icon. */
export function literal(text: string): string {
  return text.replaceAll('](', '] (').replaceAll('$(', '$ (');
}

/** Whether a line is an empty `##` below documentation, which a line break ends. */
export function endsDocumentation(line: string, above: string | undefined): boolean {
  return /^[ \t]*##[ \t]*$/.test(line) && above !== undefined && /^[ \t]*##/.test(above);
}

/** Sizes as `--bind` takes them, or nothing if the setting is something else. */
export function bindOption(sizes: string): readonly string[] {
  const name = '[A-Za-z_][\\w.]*';
  return new RegExp(`^${name}=\\d+(?:,${name}=\\d+)*$`).test(sizes) ? ['--bind', sizes] : [];
}

/** The package that archc says it needs, such as `onnxruntime-node`. */
export function missingPackage(stderr: string): string | undefined {
  return /^archc: `archc \w+` needs the package ([a-z][a-z0-9-]*)$/m.exec(stderr)?.[1];
}

/** `image [4, 1, 28, 28] -> logits [4, 10], median 0.24 ms on cpu`, from what `archc run` prints: a line for each output, and the inputs and the time on the error output. */
export function runSummary(stdout: string, stderr: string): string {
  const outputs = [...stdout.matchAll(/^(\S+) {2}\w+ {2}(\[[^\]]*\])/gm)].map(([, name, shape]) => `${name} ${shape}`);
  const inputs = [...stderr.matchAll(/^input ([^:\s]+): \w+ (\[[^\]]*\])/gm)].map(([, name, shape]) => `${name} ${shape}`);
  const shapes = inputs.length === 0 || outputs.length === 0 ? outputs : [`${inputs.join(', ')} -> ${outputs.join(', ')}`];
  const [, time] = /^latency (\S+ \S+)/m.exec(stderr) ?? [];
  const [, place] = / on (\w+)/.exec(stderr.split('\n').find((line) => line.startsWith('latency ')) ?? '') ?? [];
  const timed = time === undefined ? [] : [`median ${time}${place === undefined ? '' : ` on ${place}`}`];
  return [...shapes, ...timed].join(', ') || 'done';
}
