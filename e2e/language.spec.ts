import type { Page } from '@playwright/test';
import { serious } from './accessibility.ts';
import { expect, test } from './journey.ts';
import { Workbench } from './workbench.ts';

const rail = (page: Page) => page.locator('.rail .step');
const chunks = (page: Page): Promise<string[]> =>
  page.evaluate(() =>
    performance
      .getEntriesByType('resource')
      .map(({ name }) => name)
      .filter((name) => /\/zh-[^/]*\.js$/.test(name)),
  );

/** Words of bar and rail that do not fit where they stand. */
const cutOff = (page: Page): Promise<string[]> =>
  page.evaluate(() =>
    [
      ...document.querySelectorAll<HTMLElement>(
        '.top .btn, .top .chip, .rail .step > span, .rail-foot button, .tabs .tab',
      ),
    ]
      .filter((element) => element.clientWidth > 1 && element.scrollWidth > element.clientWidth + 1)
      .map((element) => element.textContent),
  );

/** Names of engines and of their loss terms stay as they are. */
const NAMES = ['M2AD forecaster', 'mse (validation)'];

/** Headings, tabs and buttons of the page that have a word but no Chinese one. */
const inEnglish = (page: Page): Promise<string[]> =>
  page.evaluate(
    (names) =>
      [...document.querySelectorAll<HTMLElement>('main :is(h2, h3, legend, th, .tab, .btn, .param-label)')]
        .map((element) => element.innerText.trim())
        .filter(
          (text) =>
            /[a-z]{4,}/.test(text) && !/[\u4e00-\u9fff]/.test(text) && !names.some((name) => text.includes(name)),
        ),
    NAMES,
  );

test('English at first; Chinese at the press of a button, without a reload, and kept', async ({ page }) => {
  const bench = new Workbench(page);
  await bench.open();
  await bench.waitForEvents();
  await expect(page.locator('html')).toHaveAttribute('lang', 'en');
  expect(await chunks(page)).toEqual([]);
  const events = await bench.events.count();

  const switchTo = page.getByRole('button', { name: '中文（简体）' });
  await switchTo.focus();
  await page.keyboard.press('Enter');
  await expect(page.locator('html')).toHaveAttribute('lang', 'zh-CN');
  await expect(rail(page).nth(3)).toContainText('审阅');
  const back = page.getByRole('button', { name: 'Switch to English' });
  await expect(back).toBeFocused();
  // The same run and the same event, said in Chinese.
  await expect(page.getByRole('region', { name: '事件' }).locator('tbody').getByRole('row')).toHaveCount(events);
  await expect(page.locator('.sentence')).toContainText('而预期为');
  expect(await serious(page)).toEqual([]);
  expect(await cutOff(page)).toEqual([]);

  await page.reload();
  await expect(rail(page).nth(3)).toContainText('审阅');
  await expect(page.locator('.sentence')).toContainText('而预期为');
  await page.getByRole('button', { name: 'Switch to English' }).click();
  await expect(rail(page).nth(3)).toContainText('Review');
  await expect(page.locator('.sentence')).toContainText('was expected');
  expect(bench.complaints).toEqual([]);
});

for (const [width, height] of [
  [1440, 900],
  [1024, 768],
] as const) {
  test.describe(`a browser set to Chinese, ${width} wide`, () => {
    test.use({ locale: 'zh-CN', viewport: { width, height } });
    test('every page speaks Chinese and nothing is cut off', async ({ page }) => {
      const bench = new Workbench(page);
      await bench.open();
      await expect(page.locator('html')).toHaveAttribute('lang', 'zh-CN');
      await expect(page.locator('.sentence')).toContainText('而预期为', { timeout: 60_000 });
      expect(await cutOff(page)).toEqual([]);
      const pages = ['数据', '引擎', '运行', '审阅', '实时', '标注', '比较', '生成'];
      for (const [n, title] of pages.entries()) {
        await rail(page).nth(n).click();
        await expect(rail(page).nth(n)).toHaveAttribute('aria-current', 'step');
        await expect(rail(page).nth(n)).toContainText(title);
        await expect(page.locator('main')).toContainText(/[\u4e00-\u9fff]/);
        await expect(page.locator('main .skeleton')).toHaveCount(0);
        expect(await inEnglish(page)).toEqual([]);
        expect(await cutOff(page)).toEqual([]);
      }
      await page.keyboard.press('Shift+?');
      await expect(page.getByRole('dialog', { name: '快捷键' })).toContainText('下一个事件');
      expect(bench.complaints).toEqual([]);
    });
  });
}
