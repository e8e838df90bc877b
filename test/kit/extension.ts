import { readdirSync, readFileSync } from 'node:fs';
import { join, resolve } from 'node:path';

const root = resolve(import.meta.dirname, '../..');

/** The folder of the extension for VS Code. */
export const extensionFolder = join(root, 'editors/vscode');

/** What the tests look at in its manifest. */
export interface Manifest {
  readonly version: string;
  readonly engines: { readonly vscode: string };
  readonly main: string;
  readonly browser: string;
  readonly icon: string;
  readonly capabilities: { readonly untrustedWorkspaces: { readonly restrictedConfigurations: readonly string[] } };
  readonly contributes: {
    readonly commands: readonly { readonly command: string; readonly enablement?: string }[];
    readonly menus: Readonly<Record<string, readonly { readonly command: string; readonly when: string }[]>>;
    readonly keybindings: readonly { readonly command: string; readonly when: string }[];
    readonly configuration: { readonly properties: Readonly<Record<string, Setting>> };
    readonly configurationDefaults: Readonly<Record<string, unknown>>;
    readonly walkthroughs: readonly { readonly steps: readonly Step[] }[];
    readonly problemPatterns: readonly (Readonly<Record<string, number>> & { readonly name: string; readonly regexp: string })[];
    readonly problemMatchers: readonly { readonly name: string; readonly pattern: string }[];
    readonly taskDefinitions: readonly { readonly type: string; readonly properties: Readonly<Record<string, unknown>> }[];
  };
}

export interface Setting {
  readonly type: string;
  readonly default: unknown;
  readonly enum?: readonly string[];
  readonly enumDescriptions?: readonly string[];
  readonly pattern?: string;
  readonly markdownDescription: string;
}

export interface Step {
  readonly description: string;
  readonly media: { readonly svg: string; readonly altText: string };
  readonly completionEvents: readonly string[];
}

export const manifest: Manifest = JSON.parse(readFileSync(join(extensionFolder, 'package.json'), 'utf8'));

/** The sources of the extension by their paths in `src`. */
export const extensionSources: ReadonlyMap<string, string> = new Map(
  readdirSync(join(extensionFolder, 'src'), { recursive: true, encoding: 'utf8' })
    .filter((path) => path.endsWith('.ts'))
    .map((path) => [path.replaceAll('\\', '/'), readFileSync(join(extensionFolder, 'src', path), 'utf8')]),
);
