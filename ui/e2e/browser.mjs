// Opens pages for checks: the system's own Chromium, our settings, and helpers every end-to-end test can share.
import { readFileSync } from 'node:fs';
import { createRequire } from 'node:module';
import { chromium } from 'playwright-core';

const ARGS = ['--no-sandbox', '--disable-gpu', '--disable-quic', '--no-first-run', '--disable-background-networking', '--disable-component-update', '--disable-sync'];
const AXE = readFileSync(createRequire(import.meta.url).resolve('axe-core/axe.min.js'), 'utf8');
export const WCAG = ['wcag2a', 'wcag2aa', 'wcag21a', 'wcag21aa', 'wcag22aa', 'best-practice'];

export function openBrowser() {
  return chromium.launch({ executablePath: process.env.CHROMIUM ?? '/usr/bin/chromium', headless: true, args: ARGS });
}

/** A fresh profile looking at `url`. Console errors and policy violations are collected in `page.complaints`;
 * a refusal by the core (4xx, 503) is an answer, not a complaint. */
export async function openPage(browser, url, { width = 1366, height = 768, theme = 'light', density = 'compact', language = 'en', ...options } = {}) {
  const context = await browser.newContext({ viewport: { width, height }, reducedMotion: 'reduce', bypassCSP: false, ...options });
  await context.addInitScript((look) => {
    if (!localStorage.getItem('daybook.preferences')) localStorage.setItem('daybook.preferences', JSON.stringify(look));
  }, { theme, density, language });
  const page = await context.newPage();
  page.complaints = [];
  page.on('pageerror', (error) => page.complaints.push(`page: ${error.message}`));
  page.on('console', (message) => message.type() === 'error' && !/status of (4\d\d|503)/.test(message.text()) && page.complaints.push(`console: ${message.text()}`));
  await page.goto(url);
  return page;
}

/** Violations of the page as it is now, in short lines. The rules are evaluated outside the page's own policy. */
export async function axe(page, tags = WCAG) {
  await page.evaluate(AXE);
  const { violations } = await page.evaluate((run) => globalThis.axe.run(document, { runOnly: { type: 'tag', values: run } }), tags);
  return violations.flatMap((v) => v.nodes.map((n) => `${v.id}: ${n.target.join(' ')} — ${n.failureSummary?.split('\n')[1]?.trim() ?? ''}`));
}

/** Goes to an address inside the program and waits until the screen stands still. */
export async function visit(page, path) {
  await page.evaluate((target) => (location.hash = target), path);
  await settle(page);
}

export async function settle(page) {
  await page.waitForFunction(() => document.querySelector('h1') !== null && document.querySelector('[aria-busy="true"]') === null);
  await page.waitForTimeout(150);
}
