// Pictures and accessibility check of every screen, against the fixture. Usage: npm run screens [-- name-part]
// Sees the built page: run `npm run build` first. Pictures land in dev/shots.
import { mkdirSync } from 'node:fs';
import { axe, openBrowser, openPage, visit } from '../e2e/browser.mjs';
import { startFake } from './fake/server.mjs';
import { SCREENS } from './screens.list.mjs';

const LOOKS = [
  { name: 'light', width: 1366, height: 768, theme: 'light' },
  { name: 'dark', width: 1366, height: 768, theme: 'dark' },
  { name: 'contrast', width: 1366, height: 768, theme: 'contrast' },
  { name: 'roomy', width: 1440, height: 900, theme: 'light', density: 'comfortable' },
  { name: 'phone', width: 360, height: 640, theme: 'light' },
];
const [only = '', look = ''] = process.argv.slice(2);
mkdirSync(new URL('./shots', import.meta.url), { recursive: true });
const fake = await startFake(new URL('../dist', import.meta.url).pathname);
const browser = await openBrowser();
let bad = 0;

for (const view of LOOKS.filter((l) => l.name.includes(look))) {
  for (const screen of SCREENS.filter((s) => s.name.includes(only))) {
    const page = await openPage(browser, `${fake.url}/#token=${screen.books}.${view.name}${screen.own ? screen.name : ''}`, view);
    try {
      await page.waitForSelector('main');
      await visit(page, screen.path ?? '/');
      await screen.act?.(page, view);
      const found = await axe(page);
      const wide = await page.evaluate(() => document.documentElement.scrollWidth > innerWidth);
      const blank = await page.evaluate(() => /\b(undefined|NaN|null|\[object)\b/.exec(document.body.innerText)?.[0]);
      const complaints = [...found, ...page.complaints, ...(wide ? ['scrolls sideways'] : []), ...(blank ? [`shows ${blank}`] : [])];
      for (const complaint of complaints) console.log(`${view.name}/${screen.name}: ${complaint}`);
      bad += complaints.length;
    } catch (thrown) {
      bad += 1;
      console.log(`${view.name}/${screen.name}: ${String(thrown).split('\n').slice(0, 4).join(' | ')}`);
    }
    await page.screenshot({ path: new URL(`./shots/${view.name}-${screen.name}.png`, import.meta.url).pathname });
    await page.context().close();
  }
}
await browser.close();
fake.stop();
console.log(bad === 0 ? 'screens: 0 complaints' : `screens: ${bad} complaints`);
process.exit(bad === 0 ? 0 : 1);
