// Sends the pages of a PDF to the printer: drawn finely on a sheet that only the printer sees.
import type { Paper } from './pdf.ts';

/** Dots per CSS pixel on the sheet: 216 dots per inch. */
const FINE = 2.25;
/** More pages than this are better printed by a viewer of their own: each takes some 15 MB here. */
export const MOST_PRINTED = 24;

/** Draws every page, then opens the system's printing dialog. */
export async function printPaper(paper: Paper): Promise<void> {
  document.querySelector('.print-sheet')?.remove();
  const sheet = document.createElement('div');
  sheet.className = 'print-sheet';
  for (let n = 1; n <= paper.pages; n += 1) {
    const canvas = document.createElement('canvas');
    await paper.draw(n, canvas, 1, FINE).done;
    sheet.append(canvas);
  }
  const rules = new CSSStyleSheet();
  rules.replaceSync(`@page { margin: 0; size: ${paper.width}px ${paper.height}px; }`);
  document.adoptedStyleSheets = [...document.adoptedStyleSheets, rules];
  document.body.append(sheet);
  addEventListener(
    'afterprint',
    () => {
      document.adoptedStyleSheets = document.adoptedStyleSheets.filter((known) => known !== rules);
      sheet.remove();
    },
    { once: true },
  );
  window.print();
}
