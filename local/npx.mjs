#!/usr/bin/env node
// `npx rapporteur` in a clone: the same as `npm run rapporteur --`, with nothing but its own output.

process.argv.splice(2, 0, 'rapporteur')
await import('./bootstrap.mjs')
