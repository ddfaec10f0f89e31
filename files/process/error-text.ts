/** An error as it is sent between processes: structured cloning loses its class, code and causes. */
export interface ErrorText {
  name: string
  message: string
  stack?: string
  cause?: ErrorText
}

const maxCauseDepth = 5

export function toErrorText(error: unknown, depth = 0): ErrorText {
  if (!(error instanceof Error)) return { name: 'Error', message: String(error) }
  const { name, message, stack, cause } = error
  return {
    name,
    message,
    stack,
    ...(cause === undefined || depth === maxCauseDepth ? {} : { cause: toErrorText(cause, depth + 1) }),
  }
}

export function fromErrorText({ name, message, stack, cause }: ErrorText): Error {
  const error = new Error(message, cause ? { cause: fromErrorText(cause) } : undefined)
  error.name = name
  if (stack !== undefined) error.stack = stack
  return error
}
