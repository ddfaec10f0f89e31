import { describe, expect, it } from 'vitest'
import { isAboutMailbox, isAboutQuota, isAboutSize } from './reply-meaning.ts'

describe('isAboutQuota', () => {
  it.each([
    '550 5.4.5 Daily user sending quota exceeded. https://support.google.com/a/answer/166852',
    '550 5.4.5 Daily SMTP relay sending limit exceeded for customer.',
    '554 5.2.0 STOREDRV.Submission.Exception:SubmissionQuotaExceededException; Failed to process message',
    '550 5.1.90 Your message can’t be sent because you’ve reached your daily limit for message recipients',
    '550 5.7.705 Access denied, tenant has exceeded threshold',
    '454 Throttling failure: Daily message quota exceeded.',
    '550 5.7.1 You have exceeded the limit of 300 messages per hour',
    '452 4.5.3 Hourly sending limit reached',
    '554 5.7.0 Your outgoing message limit has been exceeded',
  ])('%s', (reply) => expect(isAboutQuota(reply)).toBe(true))

  it.each([
    '452 4.2.2 The email account that you tried to reach is over quota',
    '552 5.2.2 Mailbox full',
    '550 5.2.2 Recipient’s mailbox quota exceeded',
    '450 4.2.1 The user you are trying to contact is receiving mail too quickly',
    '552 5.3.4 Message size exceeds fixed limit',
    '552 5.2.3 Message exceeds the size limit per message',
    '454 Throttling failure: Maximum sending rate exceeded.',
    '432 4.3.2 Concurrent connections limit exceeded',
    '421 4.7.0 Too many connections, try again later',
    '550 5.1.1 No such user',
    '554 5.7.1 Looks like spam',
    '452 4.5.3 Too many recipients',
  ])('not %s', (reply) => expect(isAboutQuota(reply)).toBe(false))
})

it.each([
  [552, '552 Message too big', true],
  [552, '552 5.3.4 Message too big', true],
  [552, '552 5.2.2 Mailbox full', false],
  [554, '554 5.7.1 No', false],
])('isAboutSize(%i, %s) is %s', (code, reply, expected) => expect(isAboutSize(code, reply)).toBe(expected))

it.each([
  ['550 5.1.1 <reports@ville.test>: Recipient address rejected: User unknown', true],
  ['552 5.2.2 Mailbox full', true],
  ['550 No such user here', true],
  ['553 5.7.1 <reports@ville.test>: Sender address rejected: not owned by user app', false],
  ['554 5.7.1 <direction@autre.test>: Relay access denied', false],
  ['550 5.1.8 Sender address rejected: Domain not found', false],
  ['550 relay not permitted', false],
])('whether %s is about a mailbox: %s', (reply, isMailbox) => {
  expect(isAboutMailbox(reply)).toBe(isMailbox)
})
