// Every screen state that is looked at, and how to get there.

const press = (...keys) => async (page) => {
  for (const key of keys) await page.keyboard.press(key);
  await page.waitForTimeout(200);
};

export const SCREENS = [
  { name: 'home', books: 'full' },
  { name: 'palette', books: 'full', act: press('Control+k') },
  { name: 'keys', books: 'full', act: press('?') },
];
