// Builds the one bundle that the desktop window and the browser both run.
import { defineConfig } from 'vite';
import { svelte } from '@sveltejs/vite-plugin-svelte';

// While developing, `/rpc` goes to a core that serves HTTP (`DAYBOOK_CORE=http://127.0.0.1:port npm run dev`).
// The core answers only its own page, so the calls arrive as if they came from it.
const core = process.env['DAYBOOK_CORE'] ?? 'http://127.0.0.1:7310';

export default defineConfig({
  plugins: [svelte()],
  clearScreen: false,
  server: { host: '127.0.0.1', port: 5173, strictPort: true, proxy: { '/rpc': { target: core, changeOrigin: true, configure: (proxy) => proxy.on('proxyReq', (call) => call.removeHeader('origin')) } } },
  build: {
    target: ['es2022', 'safari17'],
    // The content security policy allows no data: scripts and no inline code of any kind.
    modulePreload: { polyfill: false },
    assetsInlineLimit: 0,
    reportCompressedSize: false,
  },
});
