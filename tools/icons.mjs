/** `node tools/icons.mjs`: draws the icons of the installed page from the favicon's shape. Needs a Chromium, as the journeys do. */
import { mkdirSync, writeFileSync } from 'node:fs';
import { join } from 'node:path';
import { chromium } from '@playwright/test';
import { ensureChromium, root } from './lib/setup.mjs';

/** Maskable icons are cut to a circle of 80 % of the side: their ground fills the square and the mark is smaller. */
const svg = (
  ground,
  scale,
) => `<svg xmlns="http://www.w3.org/2000/svg" viewBox="-7 -7 14 14" width="100%" height="100%">
  ${ground ? '<rect x="-7" y="-7" width="14" height="14" fill="#fcfcfc"/>' : ''}
  <g transform="scale(${scale})"><circle r="6.2" fill="#fff" stroke="#20242b" stroke-width="1.4"/><circle r="3" fill="#e57000"/></g>
</svg>`;

const ICONS = [
  { name: '192.png', side: 192, ground: false, scale: 1 },
  { name: '512.png', side: 512, ground: false, scale: 1 },
  { name: 'maskable-512.png', side: 512, ground: true, scale: 0.62 },
  { name: 'apple-180.png', side: 180, ground: true, scale: 0.78 },
];

const folder = join(root, 'public', 'icons');
mkdirSync(folder, { recursive: true });
const browser = await chromium.launch({ executablePath: await ensureChromium(), args: ['--no-sandbox'] });
for (const { name, side, ground, scale } of ICONS) {
  const page = await browser.newPage({ viewport: { width: side, height: side } });
  await page.setContent(
    `<style>html,body{margin:0;height:100%;background:none}svg{display:block}</style>${svg(ground, scale)}`,
  );
  writeFileSync(join(folder, name), await page.screenshot({ omitBackground: true }));
  await page.close();
}
await browser.close();
