import type { Browser, BrowserContextOptions, Locator, Page } from 'playwright-core';

/** The text in an element. */
export async function textOf(place: Locator): Promise<string> {
  return (await place.textContent()) ?? '';
}

/** The playground in a tab. `problems` are errors and what its policy forbids. */
export class Visit {
  readonly page: Page;
  readonly problems: string[] = [];

  private constructor(page: Page) {
    this.page = page;
    page.on('pageerror', ({ message }) => this.problems.push(message));
    page.on('console', (message) => {
      if (message.type() === 'error' || /content security policy/i.test(message.text())) this.problems.push(message.text());
    });
  }

  static async open(browser: Browser, url: string, options: BrowserContextOptions = {}): Promise<Visit> {
    const context = await browser.newContext({ viewport: { width: 1400, height: 860 }, ...options });
    const visit = new Visit(await context.newPage());
    await visit.page.goto(url);
    await visit.page.locator('#messages .summary').waitFor({ state: 'attached' });
    return visit;
  }

  get editor(): Locator {
    return this.page.locator('.cm-content');
  }

  get messages(): Locator {
    return this.page.locator('#messages .message');
  }

  /** A block of the graph by what it is called. */
  block(name: string): Locator {
    return this.page.locator(`g.block[aria-label^="${name}"]`).first();
  }

  /** Replaces the whole text, as typing does. */
  async write(text: string): Promise<void> {
    await this.editor.focus();
    await this.page.keyboard.press('Control+a');
    await this.page.keyboard.insertText(text);
  }

  async show(tab: string): Promise<void> {
    await this.page.locator(`#tab-${tab}`).click();
  }

  /** The line that the cursor is in. */
  line(): Promise<string> {
    return textOf(this.page.locator('.cm-activeLine').first());
  }

  /** What has the focus: its id, or the name of its element. */
  focus(): Promise<string> {
    return this.page.locator('*:focus').evaluate(({ id, className, tagName }) => id || className.split(' ')[0] || tagName);
  }

  async close(): Promise<void> {
    await this.page.context().close();
  }
}
