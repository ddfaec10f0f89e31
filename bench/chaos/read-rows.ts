/** Reads the outcome from its sources: rows in PostgreSQL, objects in the storage, open runs in Temporal. */

import { ListMultipartUploadsCommand, ListObjectsV2Command } from '@aws-sdk/client-s3'
import { createStorageClient } from '#adapters/storage/storage-client.ts'
import { Connection } from '@temporalio/client'
import type { Pool } from 'pg'
import type { Environment } from '#config/environment.ts'
import { createTemporalClient } from '#services/temporal/data-converter.ts'
import type { ReportRow } from './account.ts'

export async function readRows(database: Pool): Promise<ReportRow[]> {
  const { rows } = await database.query<ReportRow>(`
    SELECT r.number, r.origin, r.scheduled_report_id AS "scheduledReportId", r.scheduled_for AS "scheduledFor",
      r.status, r.delivery, r.skip_reason AS "skipReason", r.failure, r.round, r.recipients, r.format,
      r.object_key AS "objectKey", r.row_count AS "rowCount", r.checksum, r.workflow_id AS "workflowId", r.run_ids AS "runIds",
      r.requested_at AS "requestedAt", r.finished_at AS "finishedAt",
      coalesce((SELECT json_agg(json_build_object('email', d.email, 'status', d.status, 'response', d.response,
                  'error', d.error))
                FROM delivery d WHERE d.report_number = r.number), '[]') AS deliveries
    FROM report r ORDER BY r.number`)
  return rows
}

export interface Leftovers {
  staged: string[]
  unfinishedUploads: string[]
  /** Open workflows, without those of failed reports, which wait for a relaunch. */
  openWorkflows: string[]
}

export async function readLeftovers(environment: Environment, database: Pool): Promise<Leftovers> {
  const [objects, open, waiting] = await Promise.all([
    readObjects(environment),
    readOpenWorkflows(environment),
    database.query<{ workflow_id: string }>(`SELECT workflow_id FROM report WHERE status = 'failed'`),
  ])
  const mayWait = new Set(waiting.rows.map((row) => row.workflow_id))
  return { ...objects, openWorkflows: open.filter((id) => !mayWait.has(id)) }
}

async function readOpenWorkflows(environment: Environment): Promise<string[]> {
  const connection = await Connection.connect({ address: environment.TEMPORAL_ADDRESS })
  try {
    const { workflow } = createTemporalClient(connection, environment)
    const query = `ExecutionStatus = "Running" AND WorkflowType IN ("report", "notice")`
    const ids: string[] = []
    for await (const { workflowId } of workflow.list({ query })) ids.push(workflowId)
    return ids
  } finally {
    await connection.close()
  }
}

/** Asked of the storage itself, not through the product's adapter. */
async function readObjects(
  environment: Environment,
): Promise<Pick<Leftovers, 'staged' | 'unfinishedUploads'>> {
  const client = createStorageClient(environment, environment.S3_ENDPOINT)
  const Bucket = environment.S3_BUCKET
  try {
    const objects = await client.send(new ListObjectsV2Command({ Bucket, Prefix: 'staging/' }))
    const uploads = await client.send(new ListMultipartUploadsCommand({ Bucket }))
    return {
      staged: (objects.Contents ?? []).map(({ Key = '' }) => Key),
      unfinishedUploads: (uploads.Uploads ?? []).map(({ Key = '' }) => Key),
    }
  } finally {
    client.destroy()
  }
}
