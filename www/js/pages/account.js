// SPDX-License-Identifier: GPL-3.0-or-later
import { html, nothing, signal } from '../core/html.js'
import { api } from '../core/api.js'
import { lang, languages, t } from '../core/i18n.js'
import { roleSentence } from '../core/permissions.js'
import { can, canEverywhere, isOff, me, setLanguage, setTheme, signOut, theme } from '../core/session.js'
import { firstPassword } from '../components/first-password.js'
import { icon } from '../components/icons.js'
import { ask, field, fieldProblem, problemNotice, resource, shown, toast, toastProblem } from '../components/ui.js'
import { access } from './account-access.js'
import { factor } from './account-factor.js'

export function page() {
	const problem = signal(/** @type {import('../core/http.js').Problem | null} */ (null))
	const busy = signal(false)
	/* What is only the person's own is not shown to an administrator who looks through the eyes of it. */
	const own = !me.peek()?.viewer
	const programs = own ? access() : null, second = own ? factor() : null
	/** @param {SubmitEvent} e */
	const change = async (e) => {
		e.preventDefault()
		const form = /** @type {HTMLFormElement} */ (e.target), data = new FormData(form)
		busy.value = true
		const [, failed] = await api.changePassword(String(data.get('current')), String(data.get('next')))
		busy.value = false
		problem.value = failed
		if (!failed) {
			form.reset()
			toast(t('Your password is changed'))
			if (me.value)
				me.value = { ...me.value, temporaryUntil: null }
		}
	}
	const everywhere = async () => {
		if ((await ask({ title: t('Sign out everywhere?'), text: t('All your sessions end, on every device, also this one, and what programs have tokens of you. API keys stay.'), confirm: t('Sign out everywhere'), danger: true })) === null)
			return
		const [, failed] = await api.logoutEverywhere()
		if (failed)
			toastProblem(failed)
		else
			await signOut()
	}
	const notices = resource(() => api.notices({ limit: 1 }))
	const byMail = async (/** @type {any} */ e) => {
		const [answer, failed] = await api.noticeMail(e.target.checked)
		if (failed) {
			e.target.checked = !e.target.checked
			toastProblem(failed)
		} else {
			notices.data.value = answer
		}
	}
	const roles = resource(api.roles)
	if (!me.peek()?.secondFactorAsked)
		void Promise.all([roles.load(), own ? notices.load() : null])
	/** @param {string} role */
	const roleName = (role) => t(roles.data.value?.items.find((r) => r.role === role)?.label ?? role)
	const view = () => {
		const u = me.value?.user, asked = me.value?.secondFactorAsked
		return html`<div class="page narrow">
		<div class="page-head"><div><h1>${u?.name ?? ''}</h1><p>${u?.username}${u?.email ? ` · ${u.email}` : ''}</p></div><button class="btn" @click=${signOut}>${icon('logout')}${t('Sign out')}</button></div>
		${asked ? html`<div class="notice warn" role="status">${icon('lock')}<div class="grow"><p><b>${t('Your role asks for a second factor.')}</b></p><p>${t('Set it up here; then everything else opens.')}</p></div></div>${second?.view()}` : nothing}
		<section class="card col"><h2>${t('Look')}</h2>
			<div class="field"><span class="label">${t('Theme')}</span><div class="segmented" role="group" aria-label=${t('Theme')}>${[['auto', t('As the system')], ['light', t('Light')], ['dark', t('Dark')]].map(([v, l]) => html`<button class="btn" aria-pressed=${String(theme.value === v)} @click=${() => setTheme(/** @type {any} */ (v))}>${l}</button>`)}</div></div>
			<div class="field"><span class="label">${t('Language')}</span><div class="segmented" role="group" aria-label=${t('Language')}>${languages.map(([c, l]) => html`<button class="btn" lang=${c} aria-pressed=${String(lang === c)} @click=${() => setLanguage(c)}>${l}</button>`)}</div></div></section>
		${own && !asked ? html`<section class="card col"><h2>${t('Notices')}</h2>${shown(notices, (n) => html`<label class="check"><input type="checkbox" id="ac-mail" .checked=${n.mail} ?disabled=${!u?.email || isOff('notice_mail')} @change=${byMail}><span>${t('Send them by mail too')}</span></label>
			<p class="faint">${isOff('notice_mail') ? t('Mails of notices are switched off by an administrator.') : u?.email ? t('What others do that concerns you; several within a few seconds come in one mail.') : t('Your account has no mail address: whoever manages users can add it.')}</p>`)}</section>` : nothing}
		${own ? html`<section class="card"><h2>${t('Password')}</h2>${firstPassword()}<form class="col" @submit=${change}><input class="sr" type="text" autocomplete="username" tabindex="-1" aria-hidden="true" .value=${u?.username ?? ''}>
			${field('pw-old', t('Present password'), html`<input id="pw-old" name="current" class="input" type="password" required autocomplete="current-password">`, { problem: fieldProblem(problem.value, 'current') })}
			${field('pw-new', t('New password'), html`<input id="pw-new" name="next" class="input" type="password" required minlength="10" maxlength="200" autocomplete="new-password">`, { help: t('At least 10 characters; a few words are best.'), problem: fieldProblem(problem.value, 'next') })}
			${problem.value ? problemNotice(problem.value) : nothing}<div><button class="btn primary" ?disabled=${busy.value}>${t('Change the password')}</button></div></form></section>${asked ? nothing : second?.view()}` : nothing}
		<section class="card"><h2>${t('Your roles')}</h2><ul class="col tight">${me.value?.scopes.map((x) => html`<li>${roleSentence(roleName(x.role), x)}</li>`)}</ul></section>
		${programs?.view(everywhere)}
		<nav class="row wrap" aria-label=${t('More')}>${can('VIEW_TERRITORY') ? html`<a href="/team">${t('Team')}</a>` : nothing}${can('EXPORT_DATA') ? html`<a href="/exports">${t('Exports')}</a>` : nothing}${can('COMMIT_PLAN') ? html`<a href="/approvals">${t('Approvals')}</a>` : nothing}<a href="/jobs">${t('Jobs')}</a>${canEverywhere('MANAGE_RULES') ? html`<a href="/reasons">${t('Reasons')}</a>` : nothing}${canEverywhere('MANAGE_USERS') ? html`<a href="/users">${t('Users')}</a>` : nothing}${canEverywhere('ADMIN_SYSTEM') ? html`<a href="/health">${t('Health')}</a><a href="/settings">${t('Settings')}</a>` : nothing}${canEverywhere('VIEW_AUDIT') ? html`<a href="/audit">${t('Audit')}</a>` : nothing}</nav></div>`
	}
	return { title: t('Account'), view }
}
