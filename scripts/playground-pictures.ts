// The pictures of docs/playground.md: the graph of the first model in a light page, and its training in a dark one.
import { join, resolve } from 'node:path';
import { launchChromium } from '../test/kit/chromium.js';
import { Site } from '../test/playground/kit/site.js';
import { Visit } from '../test/playground/kit/visit.js';

const images = resolve(import.meta.dirname, '../docs/images');
const viewport = { width: 1280, height: 760 };

const [site, browser] = await Promise.all([Site.build(), launchChromium()]);
const url = await site.serve();

const light = await Visit.open(browser, url, { viewport, colorScheme: 'light' });
await light.page.locator('.hint').first().waitFor();
await light.block('conv2').click();
await light.page.getByRole('button', { name: /Collapse all/ }).click();
await light.page.mouse.move(0, 0);
await light.page.screenshot({ path: join(images, 'playground-graph.png') });
await light.page.context().close();

const dark = await Visit.open(browser, url, { viewport, colorScheme: 'dark' });
await dark.page.locator('.hint').first().waitFor();
await dark.show('train');
await dark.page.locator('#panel-train [name=provider]').selectOption('cpu');
await dark.page.locator('#train').click();
await dark.page.locator('#panel-train a.file').waitFor({ timeout: 120_000 });
await dark.page.screenshot({ path: join(images, 'playground-train.png') });
await browser.close();
site.remove();
