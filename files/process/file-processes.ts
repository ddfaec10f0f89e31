/** The processes that make files for this worker: one file each at a time, all of its files from one database. */

import type { Reads } from '#catalogue/define-report.ts'
import type { TypeFiles } from '#catalogue/type-files.ts'
import type { FileJob, FileSettings } from './file-job.ts'
import { FileMaker, type MakeOptions } from './file-maker.ts'
import type { WrittenFile } from '../write-report-file.ts'

/** A file, and the version of the report types that it was made with. */
export type MadeFile = WrittenFile & { catalogueVersion?: string }

export interface FileProcesses {
  /**
   * Makes one file, in a process that makes no other at the same time.
   * @throws FileProcessError; the signal's reason when aborted, after the file was removed.
   */
  make(job: FileJob, options?: MakeOptions): Promise<MadeFile>
  /** Starts a process in advance, so that the first file need not wait. Resolves when it is ready, or has died. */
  warmUp(): Promise<void>
  /** What each process held when it said so last. */
  memoryBytes(): number[]
  /** Ends all processes. */
  close(): Promise<void>
}

/**
 * Starting a process takes half a second, so a fit process makes the next file too. One idle process of those that
 * read the source stays; the others end after this time.
 */
const idleMs = 60_000

/** @param types the organisation's own report types of now: a process with others makes no further file. */
export function createFileProcesses(settings: FileSettings, types?: () => TypeFiles): FileProcesses {
  const idle: FileMaker[] = []
  const all = new Set<FileMaker>()

  function start(reads: Reads): FileMaker {
    const started = new FileMaker(settings, reads, types?.())
    all.add(started)
    void started.ended.then(() => {
      all.delete(started)
      forget(started)
    })
    return started
  }

  function release(maker: FileMaker): void {
    if (!isCurrent(maker)) return maker.end()
    idle.push(maker)
    maker.endsWhenIdle = setTimeout(() => {
      const isLast = idleFor('source').length === 1
      if ((maker.reads !== 'source' || !isLast) && forget(maker)) maker.end()
    }, idleMs).unref()
  }

  /** Takes the process released last, so that the others reach their idle time. */
  function take(reads: Reads): FileMaker {
    for (const stale of idle.filter((maker) => !isCurrent(maker))) {
      forget(stale)
      stale.end()
    }
    const maker = idleFor(reads).at(-1) ?? start(reads)
    forget(maker)
    clearTimeout(maker.endsWhenIdle)
    return maker
  }

  function isCurrent({ isFit, types: own }: FileMaker): boolean {
    return isFit && own?.version === types?.().version
  }

  function idleFor(reads: Reads): FileMaker[] {
    return idle.filter((maker) => maker.reads === reads)
  }

  function forget(maker: FileMaker): boolean {
    const index = idle.indexOf(maker)
    if (index !== -1) idle.splice(index, 1)
    return index !== -1
  }

  return {
    async make(job, options = {}) {
      const maker = take(job.reads)
      try {
        const file = await maker.make(job, options)
        return maker.types ? { ...file, catalogueVersion: maker.types.version } : file
      } finally {
        release(maker)
      }
    },
    async warmUp() {
      if (all.size > 0) return
      const maker = start('source')
      idle.push(maker)
      await Promise.race([maker.ready, maker.ended])
    },
    memoryBytes: () => [...all].map(({ memoryBytes }) => memoryBytes),
    async close() {
      for (const one of all) one.end()
      await Promise.all([...all].map(({ ended }) => ended))
    },
  }
}
