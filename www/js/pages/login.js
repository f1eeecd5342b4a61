// SPDX-License-Identifier: GPL-3.0-or-later
import { html, nothing, signal, svg } from '../core/html.js'
import { api } from '../core/api.js'
import { lang, languages, t } from '../core/i18n.js'
import { go, place } from '../core/router.js'
import { me, setLanguage, setMe } from '../core/session.js'
import { field, problemNotice } from '../components/ui.js'

export function page() {
	const busy = signal(false)
	const problem = signal(/** @type {import('../core/http.js').Problem | null} */ (null))

	/** Whether a link to a new password can be had. */
	const renews = signal(true)
	void api.healthz().then(([h]) => {
		renews.value = !h?.off.includes('password_reset')
	})

	/** The password was right, and a second factor is set up: its code is asked for. */
	const wantsCode = signal(false)

	/** A place inside this site, or the start page: a link must not send people elsewhere. */
	const next = () => {
		const n = place.peek().query.next ?? '/'
		return n.startsWith('/') && !n.startsWith('//') && !n.startsWith('/\\') ? n : '/'
	}
	/** @param {SubmitEvent} e */
	const submit = async (e) => {
		e.preventDefault()
		const form = new FormData(/** @type {HTMLFormElement} */ (e.target))
		busy.value = true
		const [m, failed] = await api.login(String(form.get('username')).trim(), String(form.get('password')), String(form.get('code') ?? '').trim())
		busy.value = false
		problem.value = failed?.code === 'ERR_AUTH_008' ? null : failed
		if (failed?.code === 'ERR_AUTH_008') {
			wantsCode.value = true
			requestAnimationFrame(() => document.getElementById('code')?.focus())
		}
		if (!m)
			return
		const to = next()
		await setMe(m)
		go(to, { replace: true })
	}
	if (me.peek())
		queueMicrotask(() => go(next(), { replace: true }))

	const view = () => html`<div class="login">
	<div class="form">
		<div class="row"><img src="/img/beatplan.svg" alt="" width="36" height="36"><b>Beatplan</b></div>
		<div><h1>${t('Sign in')}</h1><p class="muted">${t('Plan territories, beats and visits.')}</p></div>
		${problem.value ? problemNotice(problem.value.retryAfter ? { ...problem.value,
			detail: t('Try again in {n} seconds.', { n: problem.value.retryAfter }) } : problem.value) : ''}
		<form class="col" @submit=${submit}>
			${field('username', t('User name'), html`<input id="username" name="username" class="input" required autocomplete="username" autocapitalize="none" spellcheck="false" autofocus>`)}
			${field('password', t('Password'), html`<input id="password" name="password" class="input" type="password" required autocomplete="current-password">`)}
			${wantsCode.value ? field('code', t('Code of your second factor'), html`<input id="code" name="code" class="input" required autocomplete="one-time-code" inputmode="text" autocapitalize="none" spellcheck="false" maxlength="60">`, { help: t('The six digits of your authenticator, or one of your recovery codes.') }) : nothing}
			<button class="btn primary" ?disabled=${busy.value}>${busy.value ? t('Signing in…') : t('Sign in')}</button>
		</form>
		<p>${renews.value ? html`<a href="/reset">${t('Forgot the password?')}</a>` : html`<span class="muted">${t('Forgot the password? Ask an administrator for a new one.')}</span>`}</p>
		<div class="row">${languages.map(([code, name]) => html`<button class="btn quiet small" lang=${code} aria-pressed=${lang === code ? 'true' : 'false'}
			@click=${() => setLanguage(code)}>${name}</button>`)}</div>
	</div>
	<div class="side">${art()}<h2>${t('Every visit stands where it stands for a reason.')}</h2>
		<p>${t('Import outlets, let the planner solve weeks of visits, see the price of each change before you make it.')}</p></div>
	</div>`
	return { title: t('Sign in'), view }
}

/** A beat, drawn: decoration only. */
function art() {
	const points = [[60, 90], [130, 60], [190, 120], [260, 80], [330, 150], [300, 230], [210, 260], [130, 220], [70, 180]]
	const line = points.map(([x, y], i) => `${i ? 'L' : 'M'}${x} ${y}`).join('')
	return html`<svg viewBox="0 0 400 520" preserveAspectRatio="xMidYMid slice" aria-hidden="true">
		${[0, 1, 2, 3, 4, 5, 6, 7].map((i) => svg`<path d=${`M${i * 60 - 30} 0V520M0 ${i * 70 - 20}H400`} stroke="#ffffff" stroke-opacity=".05"/>`)}
		${svg`<path d=${line + 'Z'} fill="#46c2ad" fill-opacity=".10" stroke="#46c2ad" stroke-width="2" stroke-linejoin="round" stroke-dasharray="6 5"/>`}
		${points.map(([x, y], i) => svg`<circle cx=${x} cy=${y} r=${i ? 6 : 9} fill=${i ? '#dff3ee' : '#ffd27a'}/>`)}</svg>`
}
