import { fileURLToPath } from 'node:url'
import {
  bundleWorkflowCode,
  DefaultLogger,
  type WorkflowBundle,
  type WorkflowBundleOption,
} from '@temporalio/worker'

/** @param path of a bundle made beforehand. */
export async function workflowBundle(path: string | undefined): Promise<WorkflowBundleOption> {
  return path ? { codePath: path } : await bundleWorkflows()
}

/** Bundles the workflows for the worker's sandbox. Value-importing a Node module in workflow code fails here. */
export function bundleWorkflows(): Promise<WorkflowBundle> {
  return bundleWorkflowCode({
    workflowsPath: fileURLToPath(new URL('./index.ts', import.meta.url)),
    logger: new DefaultLogger('WARN'),
  })
}
