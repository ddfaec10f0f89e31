/** Who comes in and how, one's own account, and « Personnes »: in a browser, with a real identity provider and inbox. */

import type { Browser, BrowserContextOptions, Locator, Page } from 'playwright-core'
import { afterAll, afterEach, beforeAll, beforeEach, describe, expect, it } from 'vitest'
import { demoPassword } from '#demo/accounts.ts'
import type { UserJson } from '#domain/schemas/user-schema.ts'
import type { ScheduledReportJson } from '#domain/schemas/scheduled-report-schema.ts'
import { axeViolations, launchBrowser, visitAs, type Visit } from './browser.ts'
import { mailedPasswordLinks } from './mailed-password-links.ts'
import { freePorts, startProduct, type Product } from './processes/product.ts'
import { startIdentityProvider, type TestIdentityProvider } from './servers/test-identity-provider.ts'

const supportContact = 'informatique@ville.test'
const goodPassword = 'quatre mots bien longs'

let provider: TestIdentityProvider
let product: Product
let browser: Browser
const open: Visit[] = []

beforeAll(async () => {
  const ports = await freePorts()
  provider = await startIdentityProvider({ publicUrl: `http://localhost:${ports.PORT}` })
  const env = {
    ...provider.variables,
    OIDC_ALLOWED_DOMAINS: 'exemple.fr',
    SUPPORT_CONTACT: supportContact,
    DEMO_DATA_ROWS: '2000',
  }
  ;[product, browser] = await Promise.all([startProduct({ ports, env }), launchBrowser()])
})
afterAll(async () => {
  await browser?.close()
  await product?.dispose()
  await provider?.close()
})
beforeEach(() => {
  provider.person = {
    sub: 'nadia',
    email: 'nadia@exemple.fr',
    email_verified: true,
    name: 'Nadia Petit',
  }
})
afterEach(async () => {
  const visits = open.splice(0)
  await Promise.all(visits.map(async ({ page }) => await page.context().close()))
  // The browser's own line about a refused request is no fault of the page: refusals are tested on purpose.
  const faults = visits.flatMap(({ errors }) => errors)
  const unexpected = faults.filter((fault) => !fault.startsWith('Failed to load resource'))
  if (unexpected.length > 0) throw new Error(unexpected.join('\n'))
})

type Who = Parameters<typeof visitAs>[2]
async function go(path: string, who: Who = 'nobody', options: BrowserContextOptions = {}): Promise<Page> {
  const visited = await visitAs(browser, product.url, who, options)
  open.push(visited)
  await visited.page.goto(path)
  return visited.page
}

async function see(shown: Locator): Promise<void> {
  await shown.waitFor()
}
async function gone(shown: Locator): Promise<void> {
  await shown.waitFor({ state: 'detached' })
}

/** As the page does: with its cookies and its origin. */
async function call<T>(page: Page, method: string, path: string, data?: unknown): Promise<T> {
  const answer = await page.request.fetch(path, { method, data, headers: { origin: product.url } })
  const text = await answer.text()
  if (!answer.ok()) throw new Error(`${method} ${path} answered ${answer.status()}: ${text}`)
  return (text === '' ? undefined : JSON.parse(text)) as T
}

const linksTo = (address: string, count?: number) => mailedPasswordLinks(product, address, count)

async function signIn(page: Page, email: string, password: string): Promise<void> {
  await page.goto('/connexion')
  await page.getByLabel('Adresse électronique').fill(email)
  await page.getByLabel('Mot de passe', { exact: true }).fill(password)
  await page.getByRole('button', { name: 'Se connecter' }).click()
}
const reports = (page: Page) => page.getByRole('heading', { level: 1, name: 'Mes Rapports' })
const providerLink = (page: Page) =>
  page.getByRole('link', { name: 'Se connecter avec le compte de l’organisation' })

/** Invited by the service, and signed in by the mail's link with `goodPassword`. */
async function newPerson(email: string, name: string, role: 'admin' | 'user' = 'user'): Promise<Page> {
  const admin = await go('/connexion', 'admin')
  await call(admin, 'POST', '/v1/admin/users', { email, name, role, locale: 'fr' })
  const [link = ''] = await linksTo(email)
  const page = await go(link)
  await page.getByLabel('Nouveau mot de passe', { exact: true }).fill(goodPassword)
  await page.getByRole('button', { name: 'Ouvrir mon compte' }).click()
  await see(reports(page))
  return page
}

async function personOf(page: Page, email: string): Promise<UserJson | undefined> {
  const found = await call<{ items: UserJson[] }>(
    page,
    'GET',
    `/v1/admin/users?q=${encodeURIComponent(email)}`,
  )
  return found.items.find((person) => person.email === email)
}

const row = (page: Page, text: string) => page.getByRole('row').filter({ hasText: text })
const dialog = (page: Page) => page.getByRole('dialog')
async function action(page: Page, name: string, item: string): Promise<void> {
  await page.getByRole('button', { name: `Actions sur ${name}` }).click()
  await page.getByRole('menuitem', { name: item }).click()
  await see(dialog(page))
}

describe('signing in by the organisation’s provider', () => {
  it('leads by the button to the provider, in, to the page one wanted, and out at the provider', async () => {
    const page = await go('/donnees/schools')
    await page.waitForURL('**/connexion?retour=*')
    expect(await axeViolations(page)).toEqual([])
    await providerLink(page).click()
    await see(page.getByRole('heading', { level: 1, name: 'Écoles' }))
    await see(page.getByText('nadia@exemple.fr').first())

    await page.getByRole('button', { name: 'Se déconnecter' }).click()
    // The provider's own page, which asks.
    await page.waitForURL(`${provider.url}/**`)
    await page.getByRole('button', { name: /Yes, sign me out/ }).click()
    await page.waitForURL(`${product.url}/connexion**`)
    await see(providerLink(page))
    await page.goto('/rapports')
    await page.waitForURL('**/connexion')
  })

  it('is reached and used by keyboard', async () => {
    const page = await go('/connexion')
    await see(providerLink(page))
    await page.locator('input[type=email]:focus').waitFor()
    for (let press = 0; press < 8; press++) {
      await page.keyboard.press('Tab')
      if (await providerLink(page).evaluate((link) => link === link.ownerDocument.activeElement)) break
    }
    await page.keyboard.press('Enter')
    await see(reports(page))
  })

  it('says to somebody whom nobody invited whom to ask, and keeps where they wanted to go', async () => {
    provider.person = { sub: 'omar', email: 'omar@ailleurs.example', email_verified: true, name: 'Omar' }
    const page = await go('/connexion?retour=%2Fcompte')
    await providerLink(page).click()
    const alert = page.getByRole('alert')
    await see(alert.getByText(/demandez à un administrateur de Rapporteur de vous inviter/))
    expect(await alert.getByRole('link', { name: supportContact }).getAttribute('href')).toMatch(
      /^mailto:informatique@ville\.test\?subject=/,
    )
    expect(await axeViolations(page)).toEqual([])
    provider.person = { sub: 'nadia', email: 'nadia@exemple.fr', email_verified: true, name: 'Nadia Petit' }
    // Without the session that the provider has begun for the other one.
    await page.context().clearCookies({ domain: new URL(provider.url).hostname })
    await providerLink(page).click()
    await see(page.getByRole('heading', { level: 1, name: 'Mon compte' }))
    await see(page.getByRole('region', { name: 'Sessions' }))
    // Without a password there is none to change.
    expect(await page.getByRole('region', { name: 'Mot de passe' }).count()).toBe(0)
  })

  it.each(['fr-FR', 'en-GB'])(
    'has a sentence for each reason, and one for those it does not know: %s',
    async (locale) => {
      const page = await go('/connexion', 'nobody', { locale })
      const codes = [
        'claims_missing',
        'address_not_verified',
        'not_invited',
        'not_in_group',
        'deactivated',
        'provider_away',
        'provider_declined',
        'provider_wrong',
        'sign_in_expired',
        'toString',
      ]
      const sentences: string[] = []
      // The contact follows once the configuration is read.
      const sentence = async () =>
        (await page.getByRole('alert').innerText()).replace(supportContact, '').trim()
      for (const code of codes) {
        await page.goto(`/connexion?erreur=${code}`)
        sentences.push(await sentence())
      }
      expect(new Set(sentences).size).toBe(codes.length)
      expect(sentences.every((text) => text.length > 40)).toBe(true)
      await page.goto('/connexion?erreur=anything-else')
      expect(await sentence()).toBe(sentences.at(-1))
    },
  )
})

describe('passwords by mail', () => {
  it('open the account of whoever was invited in « Personnes », once', async () => {
    const admin = await go('/parametres/personnes', 'admin')
    await admin.getByRole('button', { name: 'Inviter une personne' }).click()
    const invite = admin.getByRole('dialog', { name: 'Inviter une personne' })
    await invite.getByRole('button', { name: 'Envoyer l’invitation' }).click()
    await see(invite.getByText('Saisissez son adresse électronique.'))
    await invite.getByLabel('Adresse électronique').fill('awa@rapporteur.test')
    await invite.getByRole('button', { name: 'Envoyer l’invitation' }).click()
    await see(invite.getByRole('alert').getByText('Compte déjà existant'))
    await invite.getByLabel('Adresse électronique').fill('ines@ville.test')
    await invite.getByLabel('Nom', { exact: false }).first().fill('Inès Durand')
    await invite.getByRole('button', { name: 'Ajouter un autre attribut' }).click()
    await invite.getByLabel('Attribut', { exact: true }).fill('secteur')
    await invite.getByLabel('Valeur', { exact: true }).fill('Nord')
    expect(await axeViolations(admin)).toEqual([])
    await invite.getByRole('button', { name: 'Envoyer l’invitation' }).click()
    await gone(invite)
    await see(admin.getByText('L’invitation part à ines@ville.test.'))
    await see(row(admin, 'Inès Durand').getByText('Invité', { exact: true }))
    await see(row(admin, 'Inès Durand').getByText('secteur : Nord'))

    await linksTo('ines@ville.test')
    await admin.getByRole('button', { name: 'Actions sur Inès Durand' }).click()
    await admin.getByRole('menuitem', { name: 'Renvoyer l’invitation' }).click()
    const [first = '', second = ''] = await linksTo('ines@ville.test', 2)

    // The link of the mail before is worth nothing.
    const page = await go(first)
    await see(page.getByRole('heading', { level: 1, name: 'Ce lien ne sert plus' }))
    expect(await axeViolations(page)).toEqual([])
    await page.getByRole('link', { name: 'Demander un autre lien' }).click()
    await see(page.getByRole('heading', { level: 1, name: 'Mot de passe oublié' }))

    await page.goto(second)
    await see(page.getByRole('heading', { level: 1, name: 'Bienvenue, Inès Durand' }))
    expect(await page.getByLabel('Adresse électronique').inputValue()).toBe('ines@ville.test')
    expect(await axeViolations(page)).toEqual([])
    const field = page.getByLabel('Nouveau mot de passe', { exact: true })
    expect(await field.getAttribute('autocomplete')).toBe('new-password')
    await see(page.getByText(/^Au moins 10 caractères/))
    await page.getByRole('button', { name: 'Ouvrir mon compte' }).click()
    await see(page.getByText('Saisissez le nouveau mot de passe.'))
    await field.fill('aaaaaaaaaaaa')
    await page.getByRole('button', { name: 'Afficher « Nouveau mot de passe »' }).click()
    expect(await field.getAttribute('type')).toBe('text')
    await page.getByRole('button', { name: 'Ouvrir mon compte' }).click()
    await see(page.getByText('Se devine trop facilement.'))
    await field.fill(goodPassword)
    await page.getByRole('button', { name: 'Ouvrir mon compte' }).click()
    await see(reports(page))
    await admin.reload()
    await see(row(admin, 'Inès Durand').getByText('Actif', { exact: true }))

    await page.goto(second)
    await see(page.getByRole('heading', { level: 1, name: 'Ce lien ne sert plus' }))
  })

  it('are chosen anew by whoever forgot theirs, from the sign-in page on', async () => {
    await newPerson('oscar@ville.test', 'Oscar Roy')
    const page = await go('/connexion')
    await page.getByRole('link', { name: 'Mot de passe oublié ?' }).click()
    await page.getByRole('button', { name: 'Recevoir un lien' }).click()
    await see(page.getByText('Saisissez votre adresse électronique.'))
    expect(await axeViolations(page)).toEqual([])
    await page.getByLabel('Adresse électronique').fill('oscar@ville.test')
    await page.keyboard.press('Enter')
    await see(page.getByText(/^Si oscar@ville\.test a un compte/))
    expect(await axeViolations(page)).toEqual([])
    await page.getByRole('link', { name: 'Retour à la connexion' }).click()
    await see(page.getByRole('button', { name: 'Se connecter' }))

    const [, link = ''] = await linksTo('oscar@ville.test', 2)
    await page.goto(link)
    await see(page.getByRole('heading', { level: 1, name: 'Choisir un mot de passe' }))
    await page.getByLabel('Nouveau mot de passe', { exact: true }).fill('encore quatre mots longs')
    await page.getByRole('button', { name: 'Enregistrer et se connecter' }).click()
    await see(reports(page))
    await page.context().clearCookies()
    await signIn(page, 'oscar@ville.test', goodPassword)
    await see(page.getByRole('alert').getByText('L’adresse ou le mot de passe n’est pas le bon.'))
    await signIn(page, 'oscar@ville.test', 'encore quatre mots longs')
    await see(reports(page))
  })

  it('says the same of an address without an account, and when to try again after too many tries', async () => {
    const page = await go('/mot-de-passe')
    for (let time = 1; time <= 4; time++) {
      await page.goto('/mot-de-passe')
      await page.getByLabel('Adresse électronique').fill('personne@ville.test')
      await page.getByRole('button', { name: 'Recevoir un lien' }).click()
      if (time < 4) await see(page.getByText(/^Si personne@ville\.test a un compte/))
    }
    await see(page.getByRole('alert').getByText(/Réessayez dans 10\smin\./))
  })
})

describe('one’s own account', () => {
  it('is found beside one’s name, and changes name and time zone', async () => {
    const page = await newPerson('paul@ville.test', 'Paul')
    await page.getByRole('link', { name: /^Mon compte, Paul/ }).click()
    await see(page.getByRole('heading', { level: 1, name: 'Mon compte' }))
    await page.getByRole('region', { name: 'Sessions' }).getByText('Celle-ci').waitFor()
    expect(await axeViolations(page)).toEqual([])
    const save = page.getByRole('button', { name: 'Enregistrer' })
    expect(await save.isDisabled()).toBe(true)
    const name = page.getByLabel('Nom', { exact: true })
    await name.fill('paul@ville.test')
    await save.click()
    await see(page.getByText('Est un nom, sans adresse ni « @ ».'))
    expect(await name.getAttribute('aria-invalid')).toBe('true')
    await name.fill('Paul Sow')
    await page.getByRole('combobox', { name: 'Fuseau horaire' }).fill('Dakar')
    await page.getByRole('option', { name: /Africa\/Dakar/ }).click()
    await save.click()
    await see(page.getByText('Votre profil est enregistré.'))
    await see(page.getByRole('link', { name: /^Mon compte, Paul Sow/ }))
    expect(await call(page, 'GET', '/v1/me')).toMatchObject({ name: 'Paul Sow', time_zone: 'Africa/Dakar' })
  })

  it('changes the password; other sessions and API keys end', async () => {
    const page = await newPerson('zoe@ville.test', 'Zoé')
    const elsewhere = await go('/connexion')
    await signIn(elsewhere, 'zoe@ville.test', goodPassword)
    await see(reports(elsewhere))
    await call(page, 'POST', '/v1/me/api-keys', { name: 'Tableur', scopes: ['reports:read'] })
    await page.goto('/compte')
    const keys = page.getByRole('region', { name: 'Clés d’API' })
    await see(keys.getByText('Tableur'))
    const panel = page.getByRole('region', { name: 'Mot de passe' })
    await see(panel.getByText(/met fin à vos autres sessions et supprime toutes vos clés d’API/))
    const submit = panel.getByRole('button', { name: 'Changer le mot de passe' })
    await submit.click()
    await see(panel.getByText('Saisissez votre mot de passe.'))
    await panel.getByLabel('Mot de passe actuel', { exact: true }).fill('ce n’est pas lui')
    await panel.getByLabel('Nouveau mot de passe', { exact: true }).fill('cinq mots encore plus longs')
    await submit.click()
    await see(panel.getByText('N’est pas le mot de passe actuel.'))
    expect(await axeViolations(page)).toEqual([])
    await panel.getByLabel('Mot de passe actuel', { exact: true }).fill(goodPassword)
    await submit.click()
    await see(page.getByText(/^Mot de passe changé\./))
    await see(keys.getByText(/^Aucune clé\./))
    expect((await elsewhere.request.get('/v1/me')).status()).toBe(401)
    await signIn(elsewhere, 'zoe@ville.test', 'cinq mots encore plus longs')
    await see(reports(elsewhere))
  })

  it('lists one’s sessions, and ends another one', async () => {
    const page = await newPerson('rita@ville.test', 'Rita')
    const elsewhere = await go('/connexion', 'nobody', {
      userAgent: 'Mozilla/5.0 (X11; Ubuntu; Linux x86_64; rv:144.0) Gecko/20100101 Firefox/144.0',
    })
    await signIn(elsewhere, 'rita@ville.test', goodPassword)
    await see(reports(elsewhere))
    await page.goto('/compte')
    const sessions = page.getByRole('list', { name: 'Sessions' }).getByRole('listitem')
    await expect.poll(async () => await sessions.count()).toBe(2)
    await page.getByRole('button', { name: 'Mettre fin à la session : Firefox, Linux' }).click()
    await expect.poll(async () => await sessions.count()).toBe(1)
    await see(page.getByText('La session « Firefox, Linux » a pris fin.'))
    expect((await elsewhere.request.get('/v1/me')).status()).toBe(401)
    expect((await page.request.get('/v1/me')).status()).toBe(200)
  })

  it('makes an API key that is shown once, and deletes it', async () => {
    const page = await go('/compte', 'admin')
    await page.context().grantPermissions(['clipboard-read', 'clipboard-write'], { origin: product.url })
    await page.getByRole('button', { name: 'Nouvelle clé' }).click()
    const made = dialog(page)
    await made.getByRole('checkbox', { name: /^Lire les rapports/ }).uncheck()
    await made.getByRole('button', { name: 'Créer la clé' }).click()
    await see(made.getByText('Donnez-lui un nom.'))
    await see(made.getByText('Choisissez au moins un droit.'))
    for (const right of [/^Lire/, /^Demander/, /^Gérer les rapports/, /^Gérer les personnes/]) {
      await made.getByRole('checkbox', { name: right }).check()
    }
    await made.getByRole('checkbox', { name: /^Gérer les personnes/ }).uncheck()
    await made.getByLabel('Nom', { exact: true }).fill('Tableur de la direction')
    await made.getByLabel('Durée de validité').selectOption({ label: '365 jours' })
    expect(await axeViolations(page)).toEqual([])
    await made.getByRole('button', { name: 'Créer la clé' }).click()
    await see(made.getByText(/elle ne sera plus jamais affichée/))
    expect(await axeViolations(page)).toEqual([])
    await made.getByRole('button', { name: 'Copier', exact: true }).click()
    await see(made.getByRole('button', { name: 'Copiée' }))
    const key = await page.evaluate<string>('navigator.clipboard.readText()')
    expect(key).toBe(await made.getByLabel('Tableur de la direction').inputValue())
    const status = async (path: string) =>
      (await fetch(`${product.url}${path}`, { headers: { 'x-api-key': key } })).status
    expect([await status('/v1/reports'), await status('/v1/admin/users')]).toEqual([200, 403])
    await made.getByRole('button', { name: 'J’ai copié la clé' }).click()
    await gone(made)
    expect(await page.content()).not.toContain(key)
    await see(page.getByText(/Lire les rapports, Demander des rapports et Gérer les rapports programmés/))

    await page.getByRole('button', { name: 'Supprimer la clé « Tableur de la direction »' }).click()
    const question = page.getByRole('dialog', { name: /^Supprimer la clé/ })
    expect(await axeViolations(page)).toEqual([])
    await question.getByRole('button', { name: 'Supprimer' }).click()
    await gone(question)
    await see(page.getByText('La clé « Tableur de la direction » est supprimée.'))
    expect(await status('/v1/reports')).toBe(401)
  })

  it('offers role user no right that is an administrator’s', async () => {
    const page = await go('/compte', 'leo')
    await page.getByRole('button', { name: 'Nouvelle clé' }).click()
    await expect.poll(async () => await dialog(page).getByRole('checkbox').count()).toBe(2)
    await dialog(page).getByRole('button', { name: 'Annuler' }).click()
    await gone(dialog(page))
  })
})

describe('« Personnes »', () => {
  it('changes name, role and attributes, and says before what follows', async () => {
    const eve = await newPerson('eve@ville.test', 'Ève Morel', 'admin')
    const definition = {
      name: 'De Ève',
      type: 'schools',
      frequency: 'daily',
      recipients: ['direction@ville.test'],
      format: 'csv',
    }
    const { id } = await call<ScheduledReportJson>(eve, 'POST', '/v1/admin/scheduled-reports', definition)

    const page = await go('/parametres/personnes', 'admin')
    await action(page, 'Ève Morel', 'Modifier…')
    await dialog(page).getByLabel('Nom', { exact: true }).fill('Ève Morel-Diop')
    await dialog(page).getByLabel('Rôle').selectOption({ label: 'Utilisateur' })
    await see(dialog(page).getByText(/1 rapport programmé activé sera mis en pause/))
    await dialog(page).getByRole('button', { name: 'Ajouter un autre attribut' }).click()
    await dialog(page).getByLabel('Attribut', { exact: true }).fill('Bad Name')
    await dialog(page).getByLabel('Valeur', { exact: true }).fill('Est')
    await dialog(page).getByRole('button', { name: 'Enregistrer' }).click()
    await expect.poll(async () => await dialog(page).locator('#attributes-error').count()).toBe(1)
    await dialog(page).getByLabel('Attribut', { exact: true }).fill('secteur')
    expect(await axeViolations(page)).toEqual([])
    await dialog(page).getByRole('button', { name: 'Enregistrer' }).click()
    await gone(dialog(page))
    await see(page.getByText('Le compte de Ève Morel-Diop est modifié.'))
    expect(await personOf(page, 'eve@ville.test')).toMatchObject({
      name: 'Ève Morel-Diop',
      role: 'user',
      attributes: { secteur: 'Est' },
      enabled_scheduled_reports: 0,
    })

    // Given to somebody else, they go on.
    await action(page, 'Ève Morel-Diop', 'Confier ses rapports programmés…')
    await see(dialog(page).getByText('1 rapport programmé appartient à Ève Morel-Diop.'))
    await dialog(page).getByRole('button', { name: 'Confier' }).click()
    await see(dialog(page).getByText('Choisissez une personne.'))
    await dialog(page).getByRole('combobox', { name: 'Nouveau propriétaire' }).fill('camille')
    await page.getByRole('option', { name: /^Camille Martin/ }).click()
    expect(await axeViolations(page)).toEqual([])
    await dialog(page).getByRole('button', { name: 'Confier' }).click()
    await gone(dialog(page))
    await see(page.getByText(/^1 rapport programmé appartient maintenant à Camille Martin/))
    expect(await call<ScheduledReportJson>(page, 'GET', `/v1/admin/scheduled-reports/${id}`)).toMatchObject({
      user_name: 'Camille Martin',
      enabled: true,
    })

    await action(page, 'Ève Morel-Diop', 'Modifier…')
    await dialog(page).getByLabel('Rôle').selectOption({ label: 'Administrateur' })
    await see(dialog(page).getByText(/^Une fois administrateur/))
    // What the catalogue does not ask for can be taken away all the same.
    await dialog(page).getByLabel('secteur').fill('')
    await dialog(page).getByRole('button', { name: 'Enregistrer' }).click()
    await gone(dialog(page))
    expect(await personOf(page, 'eve@ville.test')).toMatchObject({ role: 'admin', attributes: {} })
  })

  it('leaves one’s own role to others', async () => {
    const page = await go('/parametres/personnes', 'admin')
    await page.getByRole('button', { name: 'Actions sur Camille Martin' }).click()
    expect(await page.getByRole('menuitem', { name: 'Anonymiser…' }).count()).toBe(0)
    await page.getByRole('menuitem', { name: 'Modifier…' }).click()
    expect(await dialog(page).getByLabel('Rôle').isDisabled()).toBe(true)
    await dialog(page).getByRole('button', { name: 'Annuler' }).click()
    await gone(dialog(page))
  })

  it('allows the organisation’s account to be linked, once', async () => {
    provider.person = { sub: 'leo', email: 'leo@rapporteur.test', email_verified: true, name: 'Léo B.' }
    const visitor = await go('/connexion')
    await providerLink(visitor).click()
    await see(visitor.getByRole('alert').getByText(/d’en autoriser le rattachement/))

    const page = await go('/parametres/personnes', 'admin')
    await action(page, 'Léo Bernard', 'Modifier…')
    await dialog(page)
      .getByRole('checkbox', { name: 'Autoriser le rattachement au compte de l’organisation' })
      .check()
    await dialog(page).getByRole('button', { name: 'Enregistrer' }).click()
    await gone(dialog(page))
    await providerLink(visitor).click()
    await see(reports(visitor))
    expect(await call(visitor, 'GET', '/v1/me')).toMatchObject({ name: 'Léo Bernard', has_password: true })
    expect(await personOf(page, 'leo@rapporteur.test')).toMatchObject({ linkable: false, has_provider: true })
  })

  it('anonymises whoever is deactivated, once their name was typed', async () => {
    await newPerson('ali@ville.test', 'Ali Ben')
    const page = await go('/parametres/personnes', 'admin')
    await action(page, 'Ali Ben', 'Anonymiser…')
    await see(dialog(page).getByText('désactiver son compte'))
    expect(await dialog(page).getByRole('button', { name: 'Anonymiser définitivement' }).count()).toBe(0)
    expect(await axeViolations(page)).toEqual([])
    await dialog(page).getByRole('button', { name: 'Annuler' }).click()
    await gone(dialog(page))
    await page.getByRole('button', { name: 'Désactiver le compte de Ali Ben' }).click()
    await dialog(page).getByRole('button', { name: 'Désactiver' }).click()
    await gone(dialog(page))

    await action(page, 'Ali Ben', 'Anonymiser…')
    const submit = dialog(page).getByRole('button', { name: 'Anonymiser définitivement' })
    await dialog(page)
      .getByLabel(/^Pour confirmer, écrivez/)
      .fill('Awa Diallo')
    await submit.click()
    await see(dialog(page).getByText('Ce n’est pas le nom de cette personne.'))
    expect(await axeViolations(page)).toEqual([])
    await dialog(page)
      .getByLabel(/^Pour confirmer, écrivez/)
      .fill('ali  ben')
    await submit.click()
    await gone(dialog(page))
    await see(page.getByText('La personne est anonymisée.'))
    const gonePerson = row(page, 'Personne anonymisée')
    await see(gonePerson.getByText('Anonymisé', { exact: true }))
    expect(await gonePerson.getByRole('button').count()).toBe(0)
    expect(await page.content()).not.toContain('ali@ville.test')
  })

  it('deactivates and reactivates', async () => {
    await newPerson('theo@ville.test', 'Théo')
    const page = await go('/parametres/personnes', 'admin')
    await page.getByRole('button', { name: 'Désactiver le compte de Théo' }).click()
    await dialog(page).getByRole('button', { name: 'Désactiver' }).click()
    await see(row(page, 'Théo').getByText('Désactivé', { exact: true }))
    await page.getByRole('button', { name: 'Réactiver le compte de Théo' }).click()
    await see(page.getByText(/^Le compte de Théo est réactivé/))
  })
})

describe('what data a person may see', () => {
  const awa = async (page: Page) => (await personOf(page, 'awa@rapporteur.test'))?.attributes

  it('is chosen among the values that the source has', async () => {
    const page = await go('/parametres/personnes', 'admin')
    await see(row(page, 'Awa Diallo').getByText(/Province\s: Kasaï/))
    const { province: _, ...others } = (await awa(page)) ?? {}
    await action(page, 'Awa Diallo', 'Modifier…')
    await see(dialog(page).getByText(/^Pour.*Écoles/))
    const province = dialog(page).getByRole('combobox', { name: 'Province' })
    expect(await province.inputValue()).toBe('Kasaï')
    await province.fill('kinshasa')
    await page.getByRole('option', { name: 'Kinshasa' }).click()
    expect(await axeViolations(page)).toEqual([])
    await dialog(page).getByRole('button', { name: 'Enregistrer' }).click()
    await gone(dialog(page))
    expect(await awa(page)).toEqual({ ...others, province: 'Kinshasa' })

    await action(page, 'Awa Diallo', 'Modifier…')
    await province.fill('aucune')
    await page.getByRole('option', { name: '— Aucune valeur' }).click()
    await dialog(page).getByRole('button', { name: 'Enregistrer' }).click()
    await gone(dialog(page))
    expect(await awa(page)).toEqual(others)
  })

  it('is typed where the source has more values than are listed, or does not say', async () => {
    const page = await go('/connexion', 'admin')
    // More values than the demo has.
    await page.route('**/v1/admin/attributes', async (route) => {
      const { items } = (await (await route.fetch()).json()) as {
        items: { attribute: string; values: string[] }[]
      }
      const cut = items.map((item) => ({
        ...item,
        values: item.attribute === 'province' ? item.values.slice(0, 2) : [],
        truncated: true,
      }))
      await route.fulfill({ json: { items: cut } })
    })
    await page.goto('/parametres/personnes')
    await action(page, 'Awa Diallo', 'Modifier…')
    await dialog(page).getByRole('combobox', { name: 'Province' }).fill('Kasaï')
    await page.getByRole('option', { name: 'Kasaï', exact: true }).click()
    await dialog(page).getByLabel('Site').fill('Ressourcerie du Nord')
    await dialog(page).getByRole('button', { name: 'Enregistrer' }).click()
    await gone(dialog(page))
    expect(await awa(page)).toEqual({ province: 'Kasaï', site: 'Ressourcerie du Nord' })
  })
})

describe('in every language and width', () => {
  it.each(['fr', 'en'] as const)('has no axe violation and fits a phone: %s', async (locale) => {
    const phone = { viewport: { width: 390, height: 844 }, locale: locale === 'fr' ? 'fr-FR' : 'en-GB' }
    const page = await go('/connexion', 'nobody', phone)
    const fits = async () => {
      expect(await page.evaluate('document.documentElement.scrollWidth')).toBe(390)
      expect(await axeViolations(page)).toEqual([])
    }
    for (const path of ['/connexion?erreur=not_invited', '/mot-de-passe', '/mot-de-passe/none']) {
      await page.goto(path)
      await see(page.locator('main :is(input, a)').first())
      await fits()
    }
    await page.request.post('/api/auth/sign-in/email', {
      data: { email: 'admin@rapporteur.test', password: demoPassword },
      headers: { origin: product.url },
    })
    await call(page, 'PATCH', '/v1/me', { locale })
    for (const [path, button] of [
      ['/compte', /^(Nouvelle clé|New key)$/],
      ['/parametres/personnes', /^(Inviter une personne|Invite a person)$/],
    ] as const) {
      await page.goto(path)
      await see(page.getByRole('button', { name: button }))
      await page.waitForLoadState('networkidle')
      await fits()
      await page.getByRole('button', { name: button }).click()
      await see(dialog(page))
      await fits()
    }
    await call(page, 'PATCH', '/v1/me', { locale: 'fr' })
  })
})

describe('without passwords', () => {
  it('has the provider’s button alone', async () => {
    const page = await go('/connexion')
    // What the service answers with PASSWORD_SIGN_IN=false.
    await page.route('**/v1/configuration', async (route) => {
      const answer = await route.fetch()
      await route.fulfill({ json: { ...(await answer.json()), password_sign_in: false } })
    })
    await page.reload()
    await see(providerLink(page))
    expect(await page.locator('form').count()).toBe(0)
    expect(await page.getByRole('link', { name: 'Mot de passe oublié ?' }).count()).toBe(0)
    expect(await axeViolations(page)).toEqual([])
  })
})
