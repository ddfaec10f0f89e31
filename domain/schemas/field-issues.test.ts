import { describe, expect, it } from 'vitest'
import { z } from 'zod'
import { lineOfText, localizedIssue, paragraphs } from './bounded-text.ts'
import { fieldIssues } from './field-issues.ts'

function said(schema: z.ZodType, input: unknown): [path: string, fr: string, en: string][] {
  const parsed = schema.safeParse(input)
  if (parsed.success) throw new Error('It was not refused')
  return fieldIssues(parsed.error, input).map(({ path, message }) => [path, message.fr, message.en])
}

describe('what zod found', () => {
  it.each<[string, z.ZodType, unknown, string, string]>([
    ['type', z.string(), 3, 'Doit être un texte.', 'Must be text.'],
    ['whole number', z.int(), 'x', 'Doit être un nombre.', 'Must be a number.'],
    ['list', z.array(z.string()), {}, 'Doit être une liste.', 'Must be a list.'],
    ['object', z.object({}), null, 'Doit être un objet JSON.', 'Must be a JSON object.'],
    [
      'choice',
      z.enum(['csv', 'excel']),
      'pdf',
      'Doit être l’un de : csv, excel.',
      'Must be one of: csv, excel.',
    ],
    ['empty', z.string().min(1), '', 'Ne peut pas être vide.', 'May not be empty.'],
    ['short', z.string().min(3), 'a', 'Au moins 3 caractères.', 'At least 3 characters.'],
    ['long', z.string().max(1), 'ab', 'Au plus 1 caractère.', 'At most 1 character.'],
    ['few', z.array(z.string()).min(1), [], 'Au moins 1 élément.', 'At least 1 item.'],
    ['many', z.array(z.string()).max(1), ['a', 'b'], 'Au plus 1 élément.', 'At most 1 item.'],
    ['small', z.int().min(1), 0, 'Au moins 1.', 'At least 1.'],
    ['uuid', z.uuid(), 'x', 'N’est pas un identifiant (UUID).', 'Is not an identifier (UUID).'],
    [
      'union',
      z.union([z.int(), z.string()]),
      [],
      'N’a pas la forme attendue.',
      'Does not have the expected form.',
    ],
    [
      'control',
      paragraphs(10),
      '\u0007',
      'Contient des caractères de contrôle, à retirer.',
      'Contains control characters; remove them.',
    ],
    ['two lines', lineOfText(1, 10), 'a\nb', 'Tient sur une seule ligne.', 'Must be on one line.'],
  ])('%s', (_what, schema, input, fr, en) => {
    expect(said(schema, input)).toEqual([['', fr, en]])
  })

  it('missing is not the same as wrong', () => {
    const schema = z.object({
      name: z.string(),
      format: z.enum(['csv']),
      list: z.array(z.object({ id: z.string() })),
    })
    expect(said(schema, { list: [{}] })).toEqual([
      ['name', 'Est obligatoire.', 'Is required.'],
      ['format', 'Est obligatoire.', 'Is required.'],
      ['list.0.id', 'Est obligatoire.', 'Is required.'],
    ])
  })

  it('each unknown field by its own path', () => {
    const schema = z.strictObject({ inner: z.strictObject({}) })
    expect(
      said(schema, { inner: { a: 1 }, b: 2, c: 3 })
        .map(([path]) => path)
        .sort(),
    ).toEqual(['b', 'c', 'inner.a'])
  })

  it('an issue of our own keeps its words', () => {
    const message = { fr: 'Non.', en: 'No.' }
    const schema = z.string().superRefine((_, context) => context.addIssue(localizedIssue(message)))
    expect(said(z.object({ a: schema }), { a: 'x' })).toEqual([['a', 'Non.', 'No.']])
  })
})
