// What every screen must hold, whoever looks at it: rules over a page as it stands, each giving its complaints in words.

/** Pixels that a finger or a shaking hand needs at least: WCAG 2.2, 2.5.8. */
const TARGET = 24;
const MOST_TABS = 120;

export const RULES = {
  // What lies under a bar that stays in sight scrolls out from under it; `targets` and `tab` look at sizes and at what is covered.
  axe: async (page, { axe }) => (await axe(page)).filter((complaint) => !/^target-size: .*partially obscured/.test(complaint)),
  words: (page) => page.evaluate(() => [...(/\b(undefined|NaN|\[object \w+\])\b/.exec(document.body.innerText) ?? [])].slice(0, 1).map((word) => `shows ${word}`)),
  mirrored,
  bracketed,
  clipped,
  reflow: (page) => page.evaluate(() => (document.documentElement.scrollWidth > innerWidth ? [`scrolls sideways: ${document.documentElement.scrollWidth} of ${innerWidth} pixels`] : [])),
  targets,
  tab,
};

/** The navigation is where lines begin: at the right. */
function mirrored(page) {
  return page.evaluate(() => {
    const complaints = [];
    if (document.documentElement.dir !== 'rtl') complaints.push('the page runs left to right');
    const nav = document.querySelector('nav')?.getBoundingClientRect();
    if (nav && nav.width > 0 && nav.left < innerWidth / 2) complaints.push('the navigation is at the left');
    return complaints;
  });
}

/** Words outside the dictionary have no brackets; what the books hold stands in cells, facts and fields. */
function bracketed(page) {
  return page.evaluate(() => {
    const data = '[role=gridcell], td, dd, kbd, bdi, option, output, code, svg, script, style, [data-said], .code, .path';
    const walker = document.createTreeWalker(document.body, NodeFilter.SHOW_TEXT);
    const complaints = [];
    for (let node = walker.nextNode(); node; node = walker.nextNode()) {
      const text = node.textContent.trim();
      // A day written out comes from the browser.
      if (/\b20\d\d$/.test(text)) continue;
      if (!/\p{L}{3,}/u.test(text) || !node.parentElement.checkVisibility() || node.parentElement.closest(data)) continue;
      if (!/[[\]·]/.test(text)) complaints.push(`“${text.slice(0, 60)}” is not from the dictionary`);
    }
    return complaints;
  });
}

/** Words that are cut off where two fifths more do not fit. Cells of lists cut long data by design. */
function clipped(page) {
  return page.evaluate(() => {
    const complaints = [];
    for (const node of document.querySelectorAll('button, a, label, h1, h2, h3, legend, p, dt, th, small, strong, .words')) {
      if (!node.checkVisibility() || node.closest('.spoken, [aria-hidden=true], [role=gridcell]') || node.clientWidth === 0) continue;
      const style = getComputedStyle(node);
      if (style.overflowX !== 'visible' && node.scrollWidth > node.clientWidth + 1) complaints.push(`“${node.textContent.trim().slice(0, 60)}” is cut off`);
    }
    return complaints;
  });
}

function targets(page) {
  return page.evaluate((least) => {
    const complaints = [];
    for (const node of document.querySelectorAll('button, a[href], input, select, textarea, [role=button], [role=tab], summary')) {
      const box = node.getBoundingClientRect();
      const inLine = node.tagName === 'A' && getComputedStyle(node).display === 'inline';
      if (!node.checkVisibility({ visibilityProperty: true }) || box.width < 2 || inLine || node.closest('.spoken') || node.disabled) continue;
      const label = node.closest('label')?.getBoundingClientRect();
      if (Math.min(label?.height ?? box.height, label?.width ?? box.width) < least - 0.5) complaints.push(`${node.tagName.toLowerCase()} “${(node.getAttribute('aria-label') ?? node.textContent).trim().slice(0, 40)}” is ${Math.round(box.width)} × ${Math.round(box.height)}`);
    }
    return complaints;
  }, TARGET);
}

/** Tab reaches every control once; where it stands is seen, inside the window and not covered. */
async function tab(page) {
  await page.evaluate(() => {
    document.activeElement?.blur?.();
    getSelection()?.removeAllRanges();
    globalThis.tabbed = [];
  });
  const complaints = new Set();
  for (let n = 0; n < MOST_TABS; n += 1) {
    await page.keyboard.press('Tab');
    const look = (again) => page.evaluate(`new Promise((done) => requestAnimationFrame(() => requestAnimationFrame(() => done((${stand})(${again})))))`);
    let { end, complaint } = await look(false);
    // What a busy machine has not drawn yet is looked at once more.
    if (complaint) {
      await page.waitForTimeout(300);
      ({ complaint } = await look(true));
    }
    if (complaint) complaints.add(complaint);
    if (end) break;
  }
  return [...complaints];
}

/** Runs in the page: where the keyboard stands, or, once more, whether it stands well there. */
function stand(again) {
  const node = document.activeElement;
  if (!node || node === document.body) return { end: true };
  if (!again && globalThis.tabbed.includes(node)) return { end: true };
  globalThis.tabbed.push(node);
  const name = `${node.tagName.toLowerCase()} “${(node.getAttribute('aria-label') ?? node.textContent ?? '').trim().slice(0, 40)}”`;
  const box = node.getBoundingClientRect();
  const seen = Math.min(box.bottom, innerHeight) - Math.max(box.top, 0) > 2 && Math.min(box.right, innerWidth) - Math.max(box.left, 0) > 2;
  if (!seen) return { complaint: `${name} has the keyboard outside the window` };
  const [x, y] = [(Math.max(box.left, 0) + Math.min(box.right, innerWidth)) / 2, (Math.max(box.top, 0) + Math.min(box.bottom, innerHeight)) / 2];
  const above = document.elementFromPoint(x, y);
  if (above && !node.contains(above) && !above.contains(node) && !node.closest('label')?.contains(above)) return { complaint: `${name} has the keyboard, but is covered` };
  const style = getComputedStyle(node);
  const around = getComputedStyle(node.parentElement);
  const ringed = [style, around].some((s) => s.outlineStyle !== 'none' && parseFloat(s.outlineWidth) > 0) || style.boxShadow !== 'none' || node.getAttribute('role') === 'grid' || node.tagName === 'MAIN';
  return ringed ? {} : { complaint: `${name} does not show that it has the keyboard` };
}
