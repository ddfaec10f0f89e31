/**
 * `npm run check`: the manifests of kubernetes/ are of Kubernetes' schemas, where kubeconform is installed and reaches
 * them. What holds between the manifests and the product is kubernetes/manifests.test.ts's.
 */

import { spawnSync } from 'node:child_process'
import { globSync } from 'node:fs'

const files = globSync('kubernetes/*.yaml').filter((path) => !path.endsWith('kustomization.yaml'))
// A ScaledObject is KEDA's.
const options = ['-strict', '-summary', '-skip', 'ScaledObject', ...files]
const { error, status, stdout, stderr } = spawnSync('kubeconform', options, { encoding: 'utf8' })

if (error) console.log('not looked at: kubeconform is not installed here')
else if (status !== 0 && stdout.includes('failed downloading schema'))
  console.log('not looked at: the schemas cannot be had from here')
else {
  console.log(stdout + stderr)
  process.exitCode = status ?? 1
}
