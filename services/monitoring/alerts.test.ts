import { readFileSync } from 'node:fs'
import { expect, it } from 'vitest'

const docs = new URL('../../docs/', import.meta.url)
const rules = readFileSync(new URL('monitoring/alerts.yml', docs), 'utf8')
const page = readFileSync(new URL('monitoring.md', docs), 'utf8')

it('each of the ten alerts says what it means, and leads to what to do', () => {
  const alerts = rules.split('- alert: ').slice(1)
  expect(alerts).toHaveLength(10)
  for (const alert of alerts) {
    const name = alert.split('\n', 1)[0] ?? ''
    expect(alert).toMatch(/\bseverity: (page|ticket)\b/)
    expect(alert).toMatch(/\n {10}summary: \S/)
    expect(alert).toMatch(/\n {10}description: \S/)
    expect(alert).toContain(`runbook_url: docs/monitoring.md#${name.toLowerCase()}\n`)
    expect(page).toContain(`\n### ${name}\n`)
  }
})
