// bull-board as a team mounts it, and a headless Chromium whose hands are on it.
import { existsSync, mkdirSync } from 'node:fs';
import { dirname, join } from 'node:path';
import { binary, packages } from '../system/harness.mjs';
import { until } from '../system/processes.mjs';

const chromium = ['/usr/bin/chromium', '/usr/bin/chromium-browser'].find(existsSync);

/// A board on loopback that shows `queue`: {url, stop()}.
export async function startBoard(queue) {
  const { createBullBoard } = packages('@bull-board/api');
  const { BullMQAdapter } = packages('@bull-board/api/bullMQAdapter');
  const { ExpressAdapter } = packages('@bull-board/express');
  const serverAdapter = new ExpressAdapter();
  const options = { uiConfig: { showMetrics: true } };
  createBullBoard({ queues: [new BullMQAdapter(queue)], serverAdapter, options });
  const app = packages('express')();
  app.use(serverAdapter.getRouter());
  const server = await new Promise((resolve) => {
    const listening = app.listen(0, '127.0.0.1', () => resolve(listening));
  });
  const stop = async () => {
    server.closeAllConnections();
    return new Promise((resolve) => server.close(resolve));
  };
  return { url: `http://127.0.0.1:${server.address().port}`, stop };
}

/// The board's pages of one queue, as somebody sees and presses them.
export class BoardPage {
  static async launch(url, queue) {
    if (!chromium) throw new Error('chromium is missing: apt-get install chromium');
    const board = new BoardPage();
    board.browser = await packages('playwright-core').chromium.launch({
      executablePath: chromium,
      args: ['--no-sandbox', '--disable-dev-shm-usage', '--disable-gpu'], // also as root in a container
    });
    board.page = await board.browser.newPage({ viewport: { width: 1400, height: 1000 }, locale: 'en-US' });
    board.page.setDefaultTimeout(15_000);
    // The page asks for a font of the world outside.
    await board.page.route(({ hostname }) => hostname !== '127.0.0.1', async (route) => route.abort());
    board.errors = [];
    board.page.on('pageerror', (error) => board.errors.push(error.message));
    board.root = url;
    board.queue = `${url}/queue/${queue}`;
    return board;
  }

  async close() {
    await this.browser.close();
  }

  /// Saves what is seen now as board/<name>.png in the build folder.
  async shot(name) {
    const folder = join(dirname(dirname(binary('gleaner'))), 'board');
    mkdirSync(folder, { recursive: true });
    await this.page.screenshot({ path: join(folder, `${name}.png`), animations: 'disabled' });
  }

  async overview() {
    await this.page.goto(this.root);
  }

  /// The list of the jobs in a state; of all without one.
  async list(state) {
    await this.page.goto(this.queue + (state ? `?status=${state}` : ''));
  }

  async job(id) {
    await this.page.goto(`${this.queue}/${id}`);
  }

  /// Waits until the page shows the text.
  async shows(text) {
    await this.page.getByText(text).filter({ visible: true }).first().waitFor();
  }

  /// What a tab of the job's page shows, once it matches.
  async tab(name, pattern) {
    await this.page.getByRole('tab', { name, exact: true }).click();
    const panel = this.page.getByRole('tabpanel', { name, exact: true });
    return until(`${pattern} in ${name}`, async () => {
      const text = await panel.innerText();
      return pattern.test(text) && text;
    });
  }

  /// {COMPLETED: 2, ...} as the tabs of the states say.
  async counts() {
    await this.page.locator('a[href*="status="]:has([data-text])').first().waitFor();
    const tabs = await this.page.locator('a[href*="status="]:has([data-text])').allInnerTexts();
    const found = tabs.map((text) => text.match(/^(\D+?)\s*(\d*)$/));
    return Object.fromEntries(found.map(([, name, count]) => [name.trim(), Number(count || 0)]));
  }

  /// Presses the button of the job's page whose tooltip is `label`.
  async press(label) {
    const triggers = this.page.locator('section [data-base-ui-tooltip-trigger]');
    await triggers.first().waitFor();
    for (const trigger of await triggers.all()) {
      await trigger.hover();
      const tooltip = this.page.locator('[data-base-ui-portal] [data-open]').last();
      if ((await tooltip.innerText()) === label) {
        await trigger.locator('button').click();
        return this.confirm();
      }
      await this.page.mouse.move(0, 0);
      await tooltip.waitFor({ state: 'detached' });
    }
    throw new Error(`no button ${label}`);
  }

  /// Presses an entry of the menu of the queue.
  async menu(label) {
    await this.page.locator('section button[aria-haspopup=menu]').click();
    await this.page.getByRole('menuitem', { name: label, exact: true }).click();
    await this.confirm();
  }

  async button(label) {
    await this.page.getByRole('button', { name: label, exact: true }).click();
    await this.confirm();
  }

  async confirm() {
    const button = this.page.getByRole('button', { name: 'Confirm', exact: true });
    await button.click();
    await button.waitFor({ state: 'detached' });
  }

  /// Opens a section of what the page tells about the queue.
  async open(section) {
    await this.page.getByLabel('Queue info').click();
    await this.page.getByText(section).click();
  }

  async text() {
    return this.page.locator('section').innerText();
  }

  /// How many curves the chart draws.
  async curves() {
    return this.page.locator('section path.recharts-area-curve').count();
  }
}
