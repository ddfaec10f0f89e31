/** A person's attributes while they are edited: those with a name, and those whose name is still typed. */

export interface AttributeDraft {
  /** By name; empty for none. */
  values: Readonly<Record<string, string>>
  added: readonly { name: string; value: string }[]
}

export function attributeDraft(attributes: Readonly<Record<string, string>> = {}): AttributeDraft {
  return { values: attributes, added: [] }
}

/** As the service takes them: without those that are empty. A name typed twice counts the last time. */
export function attributesOf({ values, added }: AttributeDraft): Record<string, string> {
  const all = [...Object.entries(values), ...added.map(({ name, value }) => [name, value] as const)]
  return Object.fromEntries(
    all
      .map(([name, value]) => [name.trim(), value.trim()] as const)
      .filter(([name, value]) => name !== '' && value !== ''),
  )
}

/** Whether both say the same, in whatever order. */
export function isSameAttributes(
  one: Readonly<Record<string, string>>,
  other: Readonly<Record<string, string>>,
): boolean {
  const names = Object.keys(one)
  return names.length === Object.keys(other).length && names.every((name) => one[name] === other[name])
}
