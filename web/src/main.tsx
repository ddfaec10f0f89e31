import '@fontsource-variable/inter/wght.css'
import './base.css'
import { render } from 'solid-js/web'
import { App } from './app.tsx'
import { loadLocale, localeOfBrowser } from './i18n.ts'

const root = document.getElementById('root')
if (!root) throw new Error('The page has no #root')
await loadLocale(localeOfBrowser())
render(() => <App />, root)
