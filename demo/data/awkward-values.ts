/**
 * What people really type into a comment field, and what breaks files made from it: separators, quotes, line
 * breaks, formulas, things a spreadsheet takes for dates, COPY's own escapes, markup, other scripts.
 */

const sentence =
  'Lot mélangé à trier : vaisselle « Arcopal », livres d’occasion ; voir le bac n° 4, étagère du fond. '

/** Exactly 5,000 characters. */
export const longText = sentence.repeat(Math.ceil(5000 / sentence.length)).slice(0, 5000)

export const awkwardTexts: readonly string[] = [
  '',
  ' ',
  '  espaces avant et après  ',
  'Déposé par « Mme Lefèvre » ; "fragile", à part',
  'L’atelier "bois" ; l\'étagère de l\'entrée',
  'Première ligne\nDeuxième ligne',
  'Première ligne\r\nDeuxième ligne\r\n',
  '\tdécalé par une tabulation',
  'colonne 1\tcolonne 2',
  '=SOMME(A1:A9)',
  '=HYPERLINK("https://example.test";"cliquez")',
  '+33 6 12 34 56 78 (rappeler après 17 h)',
  '-15 % négocié avec le responsable',
  '@equipe : à trier avant samedi',
  '0012',
  '1/2',
  '1e5',
  '12:30',
  'VRAI',
  'NULL',
  '\\N',
  '\\.',
  'C:\\Tri\\2026\\bac n°4\\',
  '"',
  '""',
  "'",
  ';',
  ',',
  '1\u202f250,00\u00a0€ estimés',
  '<b>gras</b> & "co" ]]> &amp;',
  '_x000D_ collé depuis un tableur',
  '♻️ Vélo d’enfant 🚲, à réparer 👩🏽‍🔧',
  'Été de\u0301compose\u0301 : cafe\u0301',
  'السلام عليكم',
  '日本語のラベル',
  '100 % coton_bio',
  "'; DROP TABLE reception_tickets; --",
  'Ligne séparée\u2028par U+2028',
  'Ça alors… une œuvre : « Été », 1,5 m × 2 m — signée',
  longText,
]
