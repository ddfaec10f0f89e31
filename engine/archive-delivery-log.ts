import type { PrismaClient } from '#prisma/client/client.ts'
import type { ArchivedLog } from './delivery-log.ts'
import { readDeliveryLog, type LogSource } from './read-delivery-log.ts'
import { storableJson } from './storable-json.ts'

/** Stores a report's log on its row. Repeating it stores the same, or more once another run has ended. */
export async function archiveDeliveryLog(
  prisma: PrismaClient,
  source: LogSource,
  number: number,
): Promise<void> {
  const row = await prisma.report.findUniqueOrThrow({ where: { number }, include: { deliveries: true } })
  const archive: ArchivedLog = { log: await readDeliveryLog(source, row), run_ids: row.runIds }
  await prisma.report.update({
    where: { number },
    data: { archivedLog: storableJson(archive), logArchived: true },
  })
}
