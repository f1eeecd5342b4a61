// SPDX-License-Identifier: GPL-3.0-or-later
// The second factor of this person: set up, new recovery codes, give up.
import { html, nothing, signal, svg } from '../core/html.js'
import { api } from '../core/api.js'
import { t, tn } from '../core/i18n.js'
import { me, renewMe } from '../core/session.js'
import { icon } from '../components/icons.js'
import { showSecret } from '../components/secret.js'
import { field, fieldProblem, openDialog, problemNotice, resource, shown, toast, toastProblem } from '../components/ui.js'

/** @param {string} id @param {(value: string) => void} set @param {import('../core/http.js').Problem | null} problem @param {string} label @param {string} help */
const codeField = (id, set, problem, label, help) => field(id, label, html`<input id=${id} class="input" autocomplete="one-time-code" autocapitalize="none" spellcheck="false" maxlength="60" aria-invalid=${fieldProblem(problem, 'code') ? 'true' : nothing} @input=${(/** @type {any} */ e) => set(e.target.value)}>`,
	{ help, problem: fieldProblem(problem, 'code') && t('The code is wrong, too old, or was used before.') })

export function factor() {
	const state = resource(api.secondFactor)
	void state.load()
	/** @param {string[]} codes */
	const showCodes = (codes) => showSecret({
		title: t('Recovery codes'), text: t('Each opens once, when the authenticator is lost. Print them, or keep them where you keep passwords. They are shown once.'), secrets: [{ value: codes.join('\n') }],
	})
	const done = async () => {
		await state.load()
		await renewMe()
	}
	const setUp = async () => {
		const [made, failed] = await api.newSecondFactor()
		if (failed)
			return toastProblem(failed)
		prove({
			title: t('Set up a second factor'), confirm: t('Set up'), what: 'confirm', label: t('The six digits that it shows'), help: t('So we know that it works.'),
			above: html`<p>${t('Scan this with an authenticator on your phone, or type the secret into it.')}</p>
			<svg class="qr" role="img" aria-label=${t('The secret as a QR code')} viewBox=${`-4 -4 ${made.size + 8} ${made.size + 8}`}>${svg`<rect x="-4" y="-4" width=${made.size + 8} height=${made.size + 8} fill="#fff"/><path d=${made.qr} fill="#000" shape-rendering="crispEdges"/>`}</svg>
			<div class="field"><span class="label">${t('Secret')}</span><code class="input secret" id="factor-secret">${made.secret.replace(/.{4}/g, '$& ').trim()}</code></div>`,
		})
	}
	/**
	 * Something that a code has to prove.
	 * @param {{title: string, confirm: string, what: 'confirm' | 'codes' | 'off', label: string, help: string, above?: unknown, danger?: boolean}} o
	 */
	const prove = (o) => {
		const problem = signal(/** @type {import('../core/http.js').Problem | null} */ (null)), busy = signal(false)
		let code = ''
		/** @param {SubmitEvent} e */
		const submit = async (e) => {
			e.preventDefault()
			busy.value = true
			const [reply, failed] = await api.provedByCode(o.what, code.trim() || '-')
			busy.value = false
			problem.value = failed
			if (failed)
				return
			close()
			await done()
			if (o.what === 'off')
				toast(t('The second factor is given up'))
			else
				showCodes(reply.codes)
		}
		const close = openDialog({
			title: () => o.title,
			body: () => html`${o.above ?? nothing}<form id="prove" class="col" @submit=${submit}>${codeField('prove-code', (v) => {
				code = v
			}, problem.value, o.label, o.help)}${problem.value && !fieldProblem(problem.value, 'code') ? problemNotice(problem.value) : nothing}</form>`,
			foot: () => html`<button class="btn" @click=${() => close()}>${t('Cancel')}</button><button form="prove" class=${o.danger ? 'btn danger' : 'btn primary'} ?disabled=${busy.value}>${o.confirm}</button>`,
		})
	}
	const label = () => t('Code'), help = () => t('The six digits of your authenticator, or one of your recovery codes.')
	const view = () => html`<section class="card col"><div class="row wrap between"><div><h2>${t('Second factor')}</h2><p class="muted">${t('At sign-in, a code of your phone beside the password.')}</p></div>
	${state.data.value && !state.data.value.on ? html`<button class=${me.value?.secondFactorAsked ? 'btn primary' : 'btn'} @click=${setUp}>${icon('lock')}${t('Set up')}</button>` : nothing}</div>
	${shown(state, (d) => (d.on ? html`<p><span class="chip good">${t('set up')}</span> ${tn('{n} recovery code is left.', '{n} recovery codes are left.', d.recoveryCodes, { n: d.recoveryCodes })}</p><div class="row wrap"><button class="btn" @click=${() => prove({ title: t('New recovery codes'), confirm: t('Make new codes'), what: 'codes', label: label(), help: help() })}>${t('New recovery codes')}</button>
		<button class="btn danger" @click=${() => prove({ title: t('Give the second factor up?'), confirm: t('Give up'), what: 'off', label: label(), help: help(), danger: true })}>${t('Give up')}</button></div>` : html`<p class="faint">${t('Not set up: whoever learns your password can sign in.')}</p>`))}</section>`
	return { view }
}
