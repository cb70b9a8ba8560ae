import { existsSync, readFileSync } from 'node:fs';
import { createRequire } from 'node:module';
import type { AxeResults } from 'axe-core';
import {
  type Browser,
  type BrowserContext,
  type BrowserContextOptions,
  chromium,
  type Page,
} from 'playwright-core';
import { afterAll, beforeAll, describe, expect, test } from 'vitest';
import { startWorld, type World } from './world.ts';

const CHROMIUM = ['/usr/bin/chromium', '/usr/bin/chromium-browser', '/usr/bin/google-chrome'].find(
  existsSync,
);

/** Stands in each page to look for what people with other eyes or hands would stumble over. */
const AXE = readFileSync(createRequire(import.meta.url).resolve('axe-core/axe.min.js'), 'utf8');

/** For each wait. They end at once when what they wait for is there; slow machines need the rest. */
const PATIENCE_MS = 60_000;

/** They take a minute or two, more than all others of the service together. */
const WANTED = process.env.BROWSER_TESTS === '1' && CHROMIUM !== undefined;

type Kind = 'official_account' | 'website';

/** One visitor: a window with the login page, and the simulated phone in another. */
interface Visit {
  readonly context: BrowserContext;
  readonly page: Page;
  readonly errors: string[];
}

describe.skipIf(!WANTED)(
  'in a real browser (BROWSER_TESTS=1 and Chromium)',
  { timeout: 3 * PATIENCE_MS },
  () => {
    let browser: Browser;
    let world: World;
    beforeAll(async () => {
      browser = await chromium.launch({
        executablePath: CHROMIUM as string,
        timeout: PATIENCE_MS,
        args: [
          // As root, as in containers, Chromium's own sandbox cannot start.
          '--no-sandbox',
          '--disable-dev-shm-usage',
          '--disable-gpu',
          // Nothing here is to ask the world outside for anything.
          '--disable-quic',
          '--no-first-run',
          '--disable-background-networking',
          '--disable-component-update',
          '--disable-sync',
        ],
      });
      world = await startWorld();
    });
    afterAll(async () => {
      await browser?.close();
      await world?.close();
    });

    async function newContext(options: BrowserContextOptions = {}): Promise<BrowserContext> {
      const context = await browser.newContext(options);
      context.setDefaultTimeout(PATIENCE_MS);
      return context;
    }

    async function visit(kind: Kind, transport: string, lang = 'en'): Promise<Visit> {
      const context = await newContext({ locale: lang === 'zh' ? 'zh-CN' : 'en-GB' });
      const page = await context.newPage();
      const errors: string[] = [];
      page.on('pageerror', (error) => errors.push(error.message));
      page.on('console', (message) => {
        if (message.type() === 'error') errors.push(message.text());
      });
      await page.goto(`${world.url}/login`);
      await page.selectOption('#transport', transport);
      await page.click(`[data-kind=${kind}]`);
      await stateIs(page, 'waiting');
      return { context, page, errors };
    }

    const stateIs = (page: Page, state: string) =>
      page.waitForSelector(`#state[data-state=${state}]`);

    /** Follows the link beside the code, as a visitor would. */
    async function pickUpPhone({ context, page }: Visit, kind: Kind): Promise<Page> {
      const link =
        kind === 'website'
          ? page.frameLocator('#code iframe').locator('#phone')
          : page.locator('#phone');
      await page.bringToFront();
      const [phone] = await Promise.all([context.waitForEvent('page'), link.click()]);
      await phone.click('button[value=scan]');
      return phone;
    }

    /** @returns once the phone shows the question */
    async function scan(visited: Visit, kind: Kind): Promise<Page> {
      const phone = await pickUpPhone(visited, kind);
      if (kind === 'official_account') await phone.click('#link');
      await stateIs(visited.page, 'scanned');
      return phone;
    }

    describe.each(['sse', 'socket', 'long', 'short'])('over %s', (transport) => {
      test.each<Kind>(['official_account', 'website'])(
        '%s: scan, confirm, profile',
        async (kind) => {
          const visited = await visit(kind, transport);
          const phone = await scan(visited, kind);
          await phone.click('button[value=confirm]');
          await visited.page.waitForURL(`${world.url}/profile`);
          expect(await visited.page.textContent('#user')).toMatch(/^\d+$/);
          // An official account is not told names any more.
          if (kind === 'website') expect(await visited.page.textContent('#name')).toBe('小明');
          expect(visited.errors).toEqual([]);
          await visited.page.click('form[action="/logout"] button');
          await visited.page.waitForURL(`${world.url}/login`);
          await visited.context.close();
        },
      );

      test.each<Kind>(['official_account', 'website'])(
        '%s: cancelled on the phone',
        async (kind) => {
          const visited = await visit(kind, transport);
          const phone = await scan(visited, kind);
          await phone.click('button[value=cancel]');
          await stateIs(visited.page, 'cancelled');
          if (kind === 'website') {
            // WeChat lets the same code be scanned again.
            await phone.click('button[value=scan]');
            await stateIs(visited.page, 'scanned');
          } else {
            await visited.page.click('#refresh');
            await stateIs(visited.page, 'waiting');
          }
          expect(visited.errors).toEqual([]);
          await visited.context.close();
        },
      );
    });

    describe('a code that runs out', () => {
      let hasty: World;
      beforeAll(async () => {
        hasty = await startWorld({ env: { QR_TTL_MS: '1500', STATE_TTL_MS: '1500' } });
      });
      afterAll(() => hasty.close());

      test.each(
        ['sse', 'socket', 'long', 'short'].flatMap((transport) =>
          (['official_account', 'website'] as const).map((kind) => ({ transport, kind })),
        ),
      )('$kind over $transport: says so, and a new one can be had', async ({ transport, kind }) => {
        const context = await newContext();
        const page = await context.newPage();
        await page.goto(`${hasty.url}/login`);
        await page.selectOption('#transport', transport);
        await page.click(`[data-kind=${kind}]`);
        await stateIs(page, 'expired');
        const shown = () => page.locator('#code > *').getAttribute('src');
        const old = await shown();
        await page.click('#refresh');
        await expect.poll(shown, { timeout: PATIENCE_MS }).not.toBe(old);
        await context.close();
      });
    });

    test('who refuses in WeChat is told so on the login page', async () => {
      const visited = await visit('website', 'sse');
      const phone = await scan(visited, 'website');
      await phone.click('button[value=deny]');
      await visited.page.waitForURL(/notice=denied/);
      expect(await visited.page.textContent('.notice[role=status]')).toContain('refused');
      await visited.context.close();
    });

    test('the pages speak Chinese to who prefers it', async () => {
      const visited = await visit('official_account', 'sse', 'zh');
      expect(await visited.page.textContent('h1')).toBe('登录');
      expect(await visited.page.textContent('#state')).toBe('等待扫码');
      await visited.page.click('footer a');
      await visited.page.waitForSelector('html[lang=en]');
      await visited.context.close();
    });

    test('everything can be reached and is named without eyes or mouse', async () => {
      const visited = await visit('official_account', 'sse');
      const { page } = visited;
      expect(await page.getAttribute('html', 'lang')).toBe('en');
      expect(await page.getByRole('status').first().textContent()).toBe('Waiting for the scan');
      expect(await page.getByRole('img').getAttribute('alt')).toBe('QR code for logging in');
      expect(await page.getByLabel('Status over').count()).toBe(1);
      await page.getByRole('button', { name: 'Website app' }).focus();
      await page.keyboard.press('Enter');
      await page.waitForSelector('iframe[title]');
      expect(await page.getAttribute('[data-kind=website]', 'aria-pressed')).toBe('true');
      await visited.context.close();
    });

    describe.each(['light', 'dark'] as const)('on a %s screen', (colorScheme) => {
      /** What axe finds on the page: labels, roles, contrast, headings, landmarks. */
      async function stumblingBlocks(page: Page): Promise<string[]> {
        await page.emulateMedia({ colorScheme });
        await page.evaluate(AXE);
        const { violations } = (await page.evaluate('axe.run({ iframes: false })')) as AxeResults;
        return violations.flatMap(({ id, help, nodes }) =>
          nodes.map(({ html }) => `${id}: ${help}: ${html}`),
        );
      }

      test.each(['en', 'zh'])('nobody stumbles over a page (%s)', async (lang) => {
        const visited = await visit('official_account', 'sse', lang);
        const { page } = visited;
        expect(await stumblingBlocks(page)).toEqual([]);
        const phone = await scan(visited, 'official_account');
        expect(await stumblingBlocks(phone)).toEqual([]);
        await phone.click('button[value=cancel]');
        await phone.waitForSelector('#decided');
        expect(await stumblingBlocks(phone)).toEqual([]);
        await stateIs(page, 'cancelled');
        expect(await stumblingBlocks(page)).toEqual([]);
        await page.click('[data-kind=website]');
        await stateIs(page, 'waiting');
        const other = await scan(visited, 'website');
        await other.click('button[value=confirm]');
        await page.waitForURL(`${world.url}/profile`);
        expect(await stumblingBlocks(page)).toEqual([]);
        await page.goto(`${world.url}/confirm?token=used`);
        expect(await stumblingBlocks(page)).toEqual([]);
        await visited.context.close();
      });
    });

    test('the phone’s question names the service, the device, the place and the time', async () => {
      const visited = await visit('official_account', 'sse');
      const phone = await scan(visited, 'official_account');
      const text = await phone.textContent('main');
      for (const told of [
        'scan-login',
        'Chrome · Linux',
        '127.0.0.1',
        String(new Date().getUTCFullYear()),
      ]) {
        expect(text).toContain(told);
      }
      await visited.context.close();
    });
  },
);
