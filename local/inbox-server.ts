/** A process of its own: `node local/inbox-server.ts SMTP_PORT WEB_PORT FOLDER`. Mails are kept in the folder. */

import { MailDev } from 'maildev'

const [smtpPort, webPort, folder] = process.argv.slice(2)

const inbox = new MailDev({
  smtp: Number(smtpPort),
  ip: '127.0.0.1',
  web: Number(webPort),
  webIp: '127.0.0.1',
  mailDirectory: folder,
  silent: true,
  maxMessageSize: 100 * 1024 * 1024,
  maxEmails: 10_000,
})
await inbox.start()
console.log(`inbox ready: SMTP ${smtpPort}, pages ${webPort}`)

process.once('SIGTERM', () => {
  void inbox.stop().finally(() => process.exit(0))
})
