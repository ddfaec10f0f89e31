import { log } from '@temporalio/activity'
import { StorageError } from '#adapters/storage/storage-error.ts'
import { FileProcessError } from '#files/process/file-maker.ts'
import { addStorageFullNotices } from '#services/notices/storage-full.ts'
import { startNotices } from '#services/notices/start-notices.ts'
import type { ActivityContext } from './activity-context.ts'

/** Tells the administrators that the storage has no room, at once: reports wait for it no longer than their patience. */
export async function tellOfFullStorage(
  { prisma, temporal }: ActivityContext,
  error: unknown,
): Promise<void> {
  const isFull =
    (error instanceof StorageError && error.kind === 'full') ||
    (error instanceof FileProcessError && error.code === 'storage_full')
  if (!isFull) return
  const { message } = error
  try {
    if (!(await addStorageFullNotices(prisma, message))) return
    log.error('the storage is full', { response: message })
    await startNotices(prisma, temporal, null)
  } catch (failure) {
    // The next attempt tells it again, and the sweep starts what was written.
    log.warn('a full storage was not told', { err: failure })
  }
}
