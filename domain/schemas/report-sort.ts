import { z } from 'zod'
import { reportSorts } from '../report-sort.ts'

export const reportSortSchema = z.enum(reportSorts)
