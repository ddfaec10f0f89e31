import { fileURLToPath } from 'node:url'
import { bundleWorkflowCode, DefaultLogger } from '@temporalio/worker'

const path = (file: string) => fileURLToPath(new URL(file, import.meta.url))

/** The code of the next release's workflows, for WORKFLOW_BUNDLE. */
export async function bundleChangedWorkflows(): Promise<string> {
  const changedWorkflows = path('changed-workflows.ts')
  const { code } = await bundleWorkflowCode({
    workflowsPath: changedWorkflows,
    workflowInterceptorModules: [changedWorkflows],
    failureConverterPath: path('../../contract/sandbox-failures.ts'),
    logger: new DefaultLogger('ERROR'),
  })
  return code
}
