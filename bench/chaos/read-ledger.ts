/** What the two independent witnesses say: rows in PostgreSQL, objects in the storage. */

import { ListMultipartUploadsCommand, ListObjectsV2Command, S3Client } from '@aws-sdk/client-s3'
import type { Pool } from 'pg'
import type { Environment } from '#config/environment.ts'
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
}

/** Asked of the storage itself, not through the product's adapter. */
export async function readLeftovers(environment: Environment): Promise<Leftovers> {
  const client = new S3Client({
    endpoint: environment.S3_ENDPOINT,
    region: environment.S3_REGION,
    forcePathStyle: true,
    credentials: {
      accessKeyId: environment.S3_ACCESS_KEY_ID,
      secretAccessKey: environment.S3_SECRET_ACCESS_KEY,
    },
  })
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
