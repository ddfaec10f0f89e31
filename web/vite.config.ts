/** Builds the pages into dist/web; `npm run dev:web` serves them with a running API behind. */

import { fileURLToPath } from 'node:url'
import tailwind from '@tailwindcss/vite'
import { defineConfig } from 'vite'
import solid from 'vite-plugin-solid'

/** Where the API of `npm start` answers. */
const api = process.env.DEV_API_URL ?? `http://localhost:${process.env.PORT ?? '3000'}`

export default defineConfig({
  // Files are named relatively, so that one build serves below any path.
  base: './',
  root: fileURLToPath(new URL('.', import.meta.url)),
  plugins: [tailwind(), solid()],
  // What Tailwind 4 and light-dark() need anyway: the browsers of the last two years.
  build: {
    outDir: fileURLToPath(new URL('../dist/web', import.meta.url)),
    emptyOutDir: true,
    target: ['chrome123', 'firefox128', 'safari17.5'],
    cssTarget: ['chrome123', 'firefox128', 'safari17.5'],
    // The content security policy allows no data: fonts or scripts.
    assetsInlineLimit: 0,
    reportCompressedSize: false,
    rolldownOptions: {
      output: {
        codeSplitting: {
          groups: [
            // What every page runs on, in one file that changes only with its versions.
            {
              name: 'framework',
              test: /node_modules[\\/](solid-js|@solidjs|@tanstack[\\/](solid-query|query-core))[\\/]/,
            },
            // Left to itself the bundler puts these beside small components that Mes Rapports needs.
            { name: 'schemas', test: /node_modules[\\/]zod[\\/]/ },
          ],
        },
      },
    },
  },
  server: {
    port: Number(process.env.DEV_WEB_PORT ?? 5173),
    // The Host header stays ours, so that the API takes our Origin for its own.
    proxy: Object.fromEntries(
      ['/v1', '/api', '/docs'].map((path) => [path, { target: api, changeOrigin: false }]),
    ),
  },
})
