/** One text, or one for each plural form of `count`. */
export type Message = string | Readonly<{ one: string; other: string; zero?: string }>

/** What `locales/en/*.ts` must hold: the same keys, the same kind of message. */
export type Translation<Part> = { readonly [Key in keyof Part]: Part[Key] extends string ? string : Message }
