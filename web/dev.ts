/** `npm run dev:web`: the pages as they are written, with the API of a running `npm start` behind them. */

import { fileURLToPath } from 'node:url'
import { createServer } from 'vite'

await import('./generate-api-types.ts')
const server = await createServer({ configFile: fileURLToPath(new URL('vite.config.ts', import.meta.url)) })
await server.listen()
server.printUrls()
