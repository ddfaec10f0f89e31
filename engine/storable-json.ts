import type { Prisma } from '#prisma/client/client.ts'

/**
 * JSON that PostgreSQL takes: its `jsonb` refuses NUL and half a character, which the engine's histories keep. What
 * servers and drivers said stands in them, and a log that cannot be kept holds its report's workflow open for ever.
 */
export function storableJson(value: object): Prisma.InputJsonObject {
  return JSON.parse(JSON.stringify(value), (_key, part: unknown) =>
    typeof part === 'string' ? part.replaceAll('\0', ' ').toWellFormed() : part,
  ) as Prisma.InputJsonObject
}
