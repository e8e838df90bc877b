// Pictures of the extension in VS Code, for the documentation: `node scripts/vscode/pictures.mjs FOLDER`, after `npm run build`.
import { cpSync, mkdirSync, mkdtempSync, rmSync, writeFileSync } from 'node:fs';
import { tmpdir } from 'node:os';
import { join, resolve } from 'node:path';
import process from 'node:process';
import { setTimeout as wait } from 'node:timers/promises';
import { fileURLToPath } from 'node:url';
import { extensionFiles, vsixOf } from '../vsix.mjs';
import { openPage, startHost } from './host.mjs';
import { installation } from './installation.mjs';

const sample = fileURLToPath(new URL('../../test/vscode-host/pictures', import.meta.url));
const folder = resolve(process.argv[2] ?? '.');
mkdirSync(folder, { recursive: true });
const program = await installation();
const place = mkdtempSync(join(tmpdir(), 'archc-pictures-'));
try {
  const vsix = [join(place, 'archc.vsix')];
  writeFileSync(vsix[0], vsixOf(await extensionFiles()));
  for (const theme of ['Light', 'Dark']) await take(theme, vsix);
} finally {
  rmSync(place, { recursive: true, force: true });
}

async function take(theme, vsix) {
  const own = join(place, theme);
  const workspace = join(own, 'workspace');
  cpSync(sample, workspace, { recursive: true });
  const running = await startHost({ program, place: own, vsix, workspace, settings: settingsFor(theme) });
  const { page, close } = await openPage(running.url, { width: 1200, height: 480 });
  const picture = async (name) => {
    const path = join(folder, `vscode-${name}-${theme.toLowerCase()}.png`);
    await page.screenshot({ path });
    console.log(path);
  };
  const line = (text) => page.locator('.view-line', { hasText: text }).first();
  try {
    await page.getByText('digits.arch', { exact: true }).first().dblclick();
    await line('model Digits').waitFor();
    await page.keyboard.press('Control+b');
    await page.locator('.squiggly-error').first().waitFor();
    await wait(4000);
    // On the mistake: its message.
    const wrong = await page.locator('.squiggly-error').first().boundingBox();
    await page.mouse.move(wrong.x + wrong.width / 2, wrong.y + wrong.height / 2);
    await page.locator('.monaco-hover:visible').first().waitFor();
    await wait(1500);
    await picture('mistake');
    await page.mouse.move(900, 420);
    await page.keyboard.press('Escape');
    // A new stage before the last one.
    await line('all: Linear').click();
    await page.keyboard.press('End');
    await page.keyboard.type(' -> ');
    await page.locator('.suggest-widget.visible .monaco-list-row').first().waitFor();
    await page.keyboard.type('lay');
    await wait(2500);
    await picture('completion');
    await page.keyboard.press('Escape');
    for (let key = 0; key < 7; key++) await page.keyboard.press('Backspace');
    // Without the mistake: costs above the model.
    await page.keyboard.press('Control+h');
    await page.keyboard.press('Escape');
    await line('fc: Linear').click();
    await page.keyboard.press('End');
    await page.keyboard.press('ArrowLeft');
    for (let key = 0; key < 3; key++) await page.keyboard.press('Backspace');
    await page.keyboard.type('128');
    await page.locator('.codelens-decoration', { hasText: 'parameters' }).first().waitFor();
    await wait(1500);
    await picture('costs');
    await page.locator('.codelens-decoration a', { hasText: 'parameters' }).first().click();
    await page.getByText('digits.archc-cost').or(page.getByText('Digits.archc-cost')).first().waitFor();
    await wait(1500);
    await picture('table');
  } catch (error) {
    await picture('failed');
    throw error;
  } finally {
    await close();
    running.stop();
  }
}

function settingsFor(theme) {
  return {
    'workbench.colorTheme': `Default ${theme} Modern`,
    'workbench.startupEditor': 'none',
    'workbench.activityBar.location': 'hidden',
    'workbench.secondarySideBar.defaultVisibility': 'hidden',
    'chat.disableAIFeatures': true,
    'window.commandCenter': false,
    'workbench.layoutControl.enabled': false,
    'breadcrumbs.enabled': false,
    'editor.minimap.enabled': false,
    'editor.fontSize': 14,
    'editor.inlayHints.fontSize': 12,
    'editor.scrollBeyondLastLine': false,
    'editor.hover.delay': 300,
    'files.autoSave': 'off',
    'git.enabled': false,
  };
}
