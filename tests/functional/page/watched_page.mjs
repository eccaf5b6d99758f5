// A browser page that remembers what it must not do: ask elsewhere, break the policy, throw; and that axe can look at.
import assert from 'node:assert/strict';
import {readFileSync} from 'node:fs';
import {createRequire} from 'node:module';
import {chromium} from 'playwright-core';

const axe = readFileSync(createRequire(import.meta.url).resolve('axe-core/axe.min.js'), 'utf8');

export const openBrowser = () =>
  chromium.launch({executablePath: process.env.CHROMIUM ?? '/usr/bin/chromium', args: ['--no-sandbox']});

export class WatchedPage {
  static async open(browser, url, options = {}) {
    const watched = new WatchedPage();
    watched.url = url;
    watched.troubles = [];
    watched.context = await browser.newContext({
      viewport: {width: 1280, height: 900},
      locale: 'en-GB',
      acceptDownloads: true,
      ...options,
    });
    const trouble = (text) => watched.troubles.push(text);
    watched.context.on(
      'request',
      (request) => new URL(request.url()).origin === url || trouble(`asked elsewhere: ${request.url()}`),
    );
    await watched.context.exposeFunction('tellTrouble', trouble);
    await watched.context.addInitScript(() =>
      document.addEventListener('securitypolicyviolation', (event) =>
        window.tellTrouble(`policy: ${event.violatedDirective} ${event.blockedURI}`),
      ),
    );
    watched.context.setDefaultTimeout(20_000);
    watched.page = await watched.context.newPage();
    watched.page.on('pageerror', (error) => trouble(`threw: ${error.stack}`));
    watched.page.on('console', (message) => {
      // A refusal that the test provokes is logged by the browser, too; everything else it calls an error is one.
      if (message.type() === 'error' && !/status of (401|4\d\d)/.test(message.text()))
        trouble(`console: ${message.text()}`);
    });
    return watched;
  }

  async goto(hash) {
    await this.page.goto(`${this.url}/${hash}`);
    await this.settled();
  }

  // Nothing is loading any more.
  async settled() {
    await this.page.waitForFunction(
      () => document.querySelector('h1') && !document.querySelector('.skeleton, [aria-busy="true"]'),
    );
  }

  async assertAccessible(name) {
    await this.page.evaluate(axe);
    const found = await this.page.evaluate(async () =>
      (await window.axe.run(document, {resultTypes: ['violations']})).violations.map(
        ({id, nodes}) => `${id}: ${nodes.map(({html}) => html.slice(0, 200)).join('\n  ')}`,
      ),
    );
    assert.deepEqual(found, [], `axe on ${name}`);
  }

  async assertFits(name) {
    const over = await this.page.evaluate(() => document.documentElement.scrollWidth - window.innerWidth);
    assert.ok(over <= 0, `${name} is ${over} px wider than the screen`);
  }

  async close() {
    await this.context.close();
    assert.deepEqual(this.troubles, []);
  }
}
