// PDF pages on canvases, by pdf.js in a worker of our own origin. A chunk of its own: loaded when the first document is looked at.
import { getDocument, GlobalWorkerOptions, PDFWorker, TextLayer, type PDFPageProxy } from 'pdfjs-dist/legacy/build/pdf.mjs';
import workerUrl from 'pdfjs-dist/legacy/build/pdf.worker.min.mjs?url';

GlobalWorkerOptions.workerSrc = workerUrl;
/** One worker for all documents: starting it costs more than drawing a page. */
const worker = new PDFWorker();

/** CSS pixels per point. */
const PIXELS = 96 / 72;
/** Canvases larger than this cost more memory than they give sharpness. */
const MOST_PIXELS = 16_000_000;

export interface Drawing {
  /** Resolves when the page stands; rejects only when it cannot be drawn. */
  done: Promise<void>;
  cancel: () => void;
}

export interface Paper {
  pages: number;
  /** Size of the first page in CSS pixels at 100 %. */
  width: number;
  height: number;
  /** Draws page `n` (from 1) at `zoom` (1 = real size) with `density` dots per CSS pixel; words go into `text` for selection and screen readers. */
  draw: (n: number, canvas: HTMLCanvasElement, zoom: number, density: number, text?: HTMLElement) => Drawing;
  close: () => void;
}

export async function openPaper(bytes: ArrayBuffer): Promise<Paper> {
  // The policy allows neither eval nor WebAssembly; our own documents need neither, and bring their fonts.
  const task = getDocument({ data: new Uint8Array(bytes), worker, isEvalSupported: false, useWasm: false, useSystemFonts: false });
  const file = await task.promise;
  const first = (await file.getPage(1)).getViewport({ scale: PIXELS });
  return {
    pages: file.numPages,
    width: first.width,
    height: first.height,
    draw: (n, canvas, zoom, density, text) => draw(file.getPage(n), canvas, zoom, density, text),
    close: () => void task.destroy(),
  };
}

function draw(loading: Promise<PDFPageProxy>, canvas: HTMLCanvasElement, zoom: number, density: number, text?: HTMLElement): Drawing {
  let cancelled = false;
  let stop = (): void => {};
  const work = async (): Promise<void> => {
    const page = await loading;
    if (cancelled) return;
    const view = page.getViewport({ scale: zoom * PIXELS });
    const dots = Math.min(density, Math.sqrt(MOST_PIXELS / (view.width * view.height)));
    canvas.width = Math.floor(view.width * dots);
    canvas.height = Math.floor(view.height * dots);
    const painting = page.render({ canvas, viewport: view, transform: [dots, 0, 0, dots, 0, 0] });
    stop = () => painting.cancel();
    await painting.promise;
    if (!text || cancelled) return;
    text.replaceChildren();
    text.style.setProperty('--total-scale-factor', String(view.scale));
    const words = new TextLayer({ textContentSource: page.streamTextContent(), container: text, viewport: view });
    stop = () => words.cancel();
    await words.render();
  };
  const done = work().catch((thrown: unknown) => {
    if (!cancelled) throw thrown;
  });
  return {
    done,
    cancel: () => {
      cancelled = true;
      stop();
    },
  };
}
