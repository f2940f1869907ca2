// Puts several pictures of dev/shots on one sheet, to compare them at a glance: node dev/sheet.mjs out.png 2 name name …
import { readFileSync } from 'node:fs';
import { openBrowser } from '../e2e/browser.mjs';

const [out, columns, ...names] = process.argv.slice(2);
const browser = await openBrowser();
const page = await browser.newPage({ viewport: { width: 1900, height: 1000 } });
const images = names.map((name) => `<figure><img src="data:image/png;base64,${readFileSync(new URL(`./shots/${name}.png`, import.meta.url)).toString('base64')}"><figcaption>${name}</figcaption></figure>`);
await page.setContent(`<style>body{margin:8px;display:grid;grid-template-columns:repeat(${columns},1fr);gap:8px;font:14px sans-serif;background:#888}figure{margin:0}img{width:100%;display:block}</style>${images.join('')}`);
await page.screenshot({ path: out, fullPage: true });
await browser.close();
