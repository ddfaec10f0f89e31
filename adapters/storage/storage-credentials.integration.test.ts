/** Where the storage's credentials come from when none are configured. */

import { once } from 'node:events'
import { mkdtemp, rm, writeFile } from 'node:fs/promises'
import { createServer, type Server } from 'node:http'
import type { AddressInfo } from 'node:net'
import { tmpdir } from 'node:os'
import { join } from 'node:path'
import { Readable } from 'node:stream'
import { afterEach, beforeAll, describe, expect, it } from 'vitest'
import { createTestBucket, type TestBucket } from '#test/servers/bucket.ts'
import { createStorage, type Storage } from './storage.ts'

let bucket: TestBucket
let storage: Storage | undefined
let variables: string[] = []
const cleanups: (() => Promise<unknown>)[] = []

beforeAll(async () => {
  bucket = await createTestBucket()
})
afterEach(async () => {
  storage?.close()
  for (const name of variables.splice(0)) delete process.env[name]
  for (const cleanup of cleanups.splice(0)) await cleanup()
})

/** With these variables in the environment and no keys in the settings. */
function open(environment: Record<string, string>): Storage {
  Object.assign(process.env, { AWS_EC2_METADATA_DISABLED: 'true', ...environment })
  variables = ['AWS_EC2_METADATA_DISABLED', ...Object.keys(environment)]
  const { S3_ENDPOINT, S3_BUCKET, S3_REGION } = bucket
  storage = createStorage({ S3_ENDPOINT, S3_BUCKET, S3_REGION })
  return storage
}
const works = async (one: Storage) => {
  await one.upload('a', Readable.from(['é']), { contentType: 'text/csv' })
  await expect(one.ping()).resolves.toBeUndefined()
}
const link = (one: Storage, expiresInSeconds = 300) =>
  one.downloadUrl('a', { fileName: 'a.csv', contentType: 'text/csv', expiresInSeconds })
const keys = () => ({ AccessKeyId: bucket.S3_ACCESS_KEY_ID, SecretAccessKey: bucket.S3_SECRET_ACCESS_KEY })

/** What containers and pods ask for the credentials of their role. */
async function startCredentialsEndpoint(lifetimeMs: number) {
  const asked: (string | undefined)[] = []
  const server: Server = createServer((request, response) => {
    asked.push(request.headers.authorization)
    const Expiration = new Date(Date.now() + lifetimeMs).toISOString()
    response.setHeader('content-type', 'application/json')
    response.end(JSON.stringify({ ...keys(), Token: '', Expiration }))
  })
  server.listen(0, '127.0.0.1')
  await once(server, 'listening')
  cleanups.push(async () => {
    server.closeAllConnections()
    server.close()
  })
  return { asked, url: `http://127.0.0.1:${(server.address() as AddressInfo).port}/role` }
}

describe('without keys, they come from', () => {
  it('a container’s or pod’s role', async () => {
    const endpoint = await startCredentialsEndpoint(3_600_000)
    const opened = open({
      AWS_CONTAINER_CREDENTIALS_FULL_URI: endpoint.url,
      AWS_CONTAINER_AUTHORIZATION_TOKEN: 'Bearer of-the-pod',
    })
    await works(opened)
    expect(endpoint.asked[0]).toBe('Bearer of-the-pod')
    expect((await link(opened)).expiresInSeconds).toBe(300)
  })

  it('a profile', async () => {
    const folder = await mkdtemp(join(tmpdir(), 'profile-'))
    cleanups.push(() => rm(folder, { recursive: true }))
    const file = join(folder, 'credentials')
    const { AccessKeyId, SecretAccessKey } = keys()
    const lines = ['[files]', `aws_access_key_id=${AccessKeyId}`, `aws_secret_access_key=${SecretAccessKey}`]
    await writeFile(file, lines.join('\n'))
    await works(open({ AWS_SHARED_CREDENTIALS_FILE: file, AWS_PROFILE: 'files' }))
  })

  it('nowhere: this has a kind of its own', async () => {
    const opened = open({ AWS_SHARED_CREDENTIALS_FILE: '/nowhere', AWS_CONFIG_FILE: '/nowhere' })
    await expect(opened.ping()).rejects.toMatchObject({ kind: 'no_credentials' })
  })
})

describe('credentials that end', () => {
  it('before a link would: the link says so, and a new one is signed with new ones', async () => {
    const endpoint = await startCredentialsEndpoint(60_000)
    const opened = open({ AWS_CONTAINER_CREDENTIALS_FULL_URI: endpoint.url })
    await works(opened)
    const { url, expiresInSeconds } = await link(opened)
    expect(expiresInSeconds).toBeGreaterThan(50)
    expect(expiresInSeconds).toBeLessThanOrEqual(60)
    expect(new URL(url).searchParams.get('X-Amz-Expires')).toBe(String(expiresInSeconds))
    expect((await fetch(url)).status).toBe(200)
  })

  it('within seconds: there is no link', async () => {
    const endpoint = await startCredentialsEndpoint(5_000)
    const opened = open({ AWS_CONTAINER_CREDENTIALS_FULL_URI: endpoint.url })
    await expect(link(opened)).rejects.toMatchObject({ kind: 'no_credentials' })
  })

  it('given as keys with a session token: it goes along', async () => {
    const one = createStorage({ ...bucket, S3_SESSION_TOKEN: 'short-lived' })
    storage = one
    const { url } = await link(one)
    expect(new URL(url).searchParams.get('X-Amz-Security-Token')).toBe('short-lived')
  })
})
