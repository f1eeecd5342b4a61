// SPDX-License-Identifier: GPL-3.0-or-later
// A forgotten password: ask for a link, or follow it. The secret stands behind the #, which never reaches a log.
import { html, signal } from '../core/html.js'
import { api } from '../core/api.js'
import { t } from '../core/i18n.js'
import { go } from '../core/router.js'
import { field, fieldProblem, problemNotice, toast } from '../components/ui.js'

export function page() {
	/* A link that is followed from this very page changes only what stands behind the #. */
	const secret = signal(location.hash.slice(1))
	const follow = () => {
		secret.value = location.hash.slice(1)
		sent.value = false
		problem.value = null
	}
	addEventListener('hashchange', follow)
	const busy = signal(false), sent = signal(false)
	const problem = signal(/** @type {import('../core/http.js').Problem | null} */ (null))
	/** @param {SubmitEvent} e */
	const submit = async (e) => {
		e.preventDefault()
		const form = new FormData(/** @type {HTMLFormElement} */ (e.target)), token = secret.peek()
		busy.value = true
		const [, failed] = token ? await api.confirmReset(token, String(form.get('password'))) : await api.askReset(String(form.get('who')).trim())
		busy.value = false
		problem.value = failed
		if (failed)
			return
		if (token) {
			toast(t('The new password is set: sign in with it'))
			go('/login', { replace: true })
		} else {
			sent.value = true
		}
	}
	const view = () => {
		const token = secret.value
		return html`<div class="page narrow"><div class="page-head"><div><h1>${token ? t('Set a new password') : t('Forgot the password?')}</h1></div></div>
	<section class="card">${sent.value ? html`<p role="status">${t('If there is such an account and it has a mail address, a link is on its way. It is good for one use, and not for long.')}</p><p>${t('Nothing comes? Ask an administrator for a new password.')}</p>`
		: html`<form class="col" @submit=${submit}>${token
			? field('new-password', t('New password'), html`<input id="new-password" name="password" class="input" type="password" required minlength="10" maxlength="200" autocomplete="new-password" autofocus>`, { help: t('At least 10 characters; a few words are best.'), problem: fieldProblem(problem.value, 'password') })
			: field('who', t('User name or mail address'), html`<input id="who" name="who" class="input" required maxlength="200" autocomplete="username" autocapitalize="none" spellcheck="false" autofocus>`)}
			${problem.value ? problemNotice(problem.value) : ''}<div><button class="btn primary" ?disabled=${busy.value}>${token ? t('Set the password') : t('Send me a link')}</button></div></form>`}</section>
	<p><a href="/login">${t('Back to the sign-in')}</a></p></div>`
	}
	return { title: t('New password'), view, dispose: () => removeEventListener('hashchange', follow) }
}
