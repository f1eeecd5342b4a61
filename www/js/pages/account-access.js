// SPDX-License-Identifier: GPL-3.0-or-later
// Where this person is signed in, and which programs may call for them.
import { html, nothing, signal } from '../core/html.js'
import { api, everything } from '../core/api.js'
import { ago, date, t } from '../core/i18n.js'
import { permissionName } from '../core/permissions.js'
import { me } from '../core/session.js'
import { icon } from '../components/icons.js'
import { showSecret } from '../components/secret.js'
import { ask, field, fieldProblem, openDialog, problemNotice, resource, shown, toast, toastProblem } from '../components/ui.js'

/** What a browser calls itself, as people do. @param {string} agent */
export function device(agent) {
	const browser = [['Edg/', 'Edge'], ['OPR/', 'Opera'], ['Firefox/', 'Firefox'], ['Chrome/', 'Chrome'], ['Safari/', 'Safari']].find(([w]) => agent.includes(w))?.[1]
	const system = [['Android', 'Android'], ['iPhone', 'iPhone'], ['iPad', 'iPad'], ['Windows', 'Windows'], ['Mac OS', 'macOS'], ['Linux', 'Linux']].find(([w]) => agent.includes(w))?.[1]
	return browser && system ? t('{browser} on {system}', { browser, system }) : browser ?? system ?? (agent.split(/[ ;/]/)[0] || t('unknown'))
}

/** @param {import('../core/http.js').Problem | null} failed @param {() => void} then @param {string} said */
const after = (failed, then, said) => {
	if (failed)
		toastProblem(failed)
	else
		toast(said)
	then()
}

export function access() {
	const signIns = resource(api.signIns), tokens = resource(api.tokens), keys = resource(api.keys)
	const territories = resource(() => everything(api.territories))
	void signIns.load()
	void tokens.load()
	void keys.load()

	/** @param {import('../core/api.js').SignIn} s */
	const endSignIn = async (s) => {
		const [, failed] = await api.endSignIn(s.id)
		after(failed, () => void signIns.load(), t('That session is over'))
	}
	/** @param {import('../core/api.js').TokenRow} row */
	const endTokens = async (row) => {
		if ((await ask({ title: t('Shut {name} out?', { name: row.name }), text: t('Its tokens stop working at once.'), confirm: t('Shut out'), danger: true })) === null)
			return
		const [, failed] = await api.endTokens(row.id)
		after(failed, () => void tokens.load(), t('The program is shut out'))
	}
	/** @param {import('../core/api.js').KeyRow} row */
	const revoke = async (row) => {
		if ((await ask({ title: t('Revoke the key {name}?', { name: row.name }), text: t('Whatever uses it is refused at once. It cannot be brought back.'), confirm: t('Revoke'), danger: true })) === null)
			return
		const [, failed] = await api.revokeKey(row.id)
		after(failed, () => void keys.load(), t('The key is revoked'))
	}
	const newTokens = async () => {
		const name = await ask({ title: t('Let a program in'), text: t('It gets a pair of tokens that it renews by itself, and may do what you may, until you shut it out.'), confirm: t('Make tokens'), reason: 'required', reasonLabel: t('What is the program called?') })
		if (name === null)
			return
		const [grant, failed] = await api.addTokens(name.slice(0, 80))
		if (failed)
			return toastProblem(failed)
		showSecret({ title: t('Tokens of {name}', { name }), text: t('They are shown once. The access token is good for ten minutes; the refresh token gets the next pair.'), secrets: [{ label: t('Access token'), value: grant.accessToken }, { label: t('Refresh token'), value: grant.refreshToken }] })
		void tokens.load()
	}
	const newKey = () => {
		void territories.load()
		const problem = signal(/** @type {import('../core/http.js').Problem | null} */ (null)), busy = signal(false)
		const chosen = signal(new Set(['VIEW_TERRITORY'].filter((p) => me.peek()?.permissions.includes(p))))
		const form = { name: '', territory: '', days: '90' }
		const save = async () => {
			busy.value = true
			const [made, failed] = await api.addKey({ name: form.name.trim(), permissions: [...chosen.peek()], territoryId: form.territory ? Number(form.territory) : null, days: form.days ? Number(form.days) : null })
			busy.value = false
			problem.value = failed
			if (!made)
				return
			close()
			showSecret({ title: t('The key {name}', { name: form.name }), text: t('It is shown once. Programs send it as “Authorization: Bearer KEY”.'), secrets: [{ value: made.key }] })
			void keys.load()
		}
		const close = openDialog({
			title: () => t('New API key'), text: () => t('A key may do a part of what you may, for a program that runs by itself.'),
			body: () => html`${field('key-name', t('What is it for?'), html`<input id="key-name" class="input" maxlength="80" autocomplete="off" @input=${(/** @type {any} */ e) => {
				form.name = e.target.value
			}}>`, { problem: fieldProblem(problem.value, 'name') })}
			<fieldset class="col tight checks"><legend class="label">${t('What it may do')}</legend>${me.value?.permissions.map((p) => html`<label class="check"><input type="checkbox" .checked=${chosen.value.has(p)} @change=${(/** @type {any} */ e) => {
				const next = new Set(chosen.peek())
				if (e.target.checked)
					next.add(p)
				else
					next.delete(p)
				chosen.value = next
			}}> ${permissionName(p)}</label>`)}</fieldset>
			<div class="grid-2">${field('key-where', t('Where'), html`<select id="key-where" class="input" @change=${(/** @type {any} */ e) => {
				form.territory = e.target.value
			}}><option value="">${t('wherever I may')}</option>${territories.data.value?.items.map((x) => html`<option value=${x.id}>${x.name}</option>`)}</select>`)}
			${field('key-days', t('How long'), html`<select id="key-days" class="input" @change=${(/** @type {any} */ e) => {
				form.days = e.target.value
			}}>${[['7', t('a week')], ['90', t('90 days')], ['365', t('a year')], ['', t('until it is revoked')]].map(([v, l]) => html`<option value=${v} ?selected=${v === '90'}>${l}</option>`)}</select>`)}</div>
			${problem.value ? problemNotice(problem.value) : nothing}`,
			foot: () => html`<button class="btn" @click=${() => close()}>${t('Cancel')}</button><button class="btn primary" ?disabled=${busy.value} @click=${save}>${t('Make the key')}</button>`,
		})
	}
	/** @param {string | null} used @param {string} address */
	const lastUse = (used, address) => (used ? html`${ago(used)}<br><small class="faint">${address}</small>` : t('never'))

	/** @param {() => void} everywhere */
	const view = (everywhere) => html`<section class="card col"><div class="row wrap between"><div><h2>${t('Where you are signed in')}</h2><p class="muted">${t('Something you do not know? End it, and change your password.')}</p></div><button class="btn danger" @click=${everywhere}>${t('Sign out everywhere')}</button></div>
	${shown(signIns, (d) => html`<div class="table-wrap" tabindex="0"><table class="table stack"><thead><tr><th>${t('Device')}</th><th>${t('Address')}</th><th>${t('Last seen')}</th><th></th></tr></thead>
		<tbody>${d.items.map((s) => html`<tr><td>${device(s.agent)}${s.current ? html` <span class="chip good">${t('this one')}</span>` : nothing}<br><small class="faint">${t('since {when}', { when: ago(s.since) })}</small></td><td data-label=${t('Address')}>${s.address}</td><td data-label=${t('Last seen')}>${s.current ? t('now') : ago(s.lastSeen)}</td>
			<td class="actions">${s.current ? nothing : html`<button class="btn small" aria-label=${t('End the session of {device}', { device: device(s.agent) })} @click=${() => endSignIn(s)}>${t('End')}</button>`}</td></tr>`)}</tbody></table></div>`)}</section>
	<section class="card col"><div class="row wrap between"><div><h2>${t('API keys')}</h2><p class="muted">${t('For programs that run by themselves, such as a nightly export.')} <a href="/api/docs">${t('What the interface offers')}</a></p></div><button class="btn" @click=${newKey}>${icon('plus')}${t('New API key')}</button></div>
	${shown(keys, (d) => (d.items.length ? html`<div class="table-wrap" tabindex="0"><table class="table stack"><thead><tr><th>${t('Key')}</th><th>${t('What it may do')}</th><th>${t('Good until')}</th><th>${t('Last used')}</th><th></th></tr></thead>
		<tbody>${d.items.map((k) => html`<tr><td>${k.name}<br><small class="faint"><code>${k.hint}…</code></small></td><td data-label=${t('What it may do')}>${k.permissions.map(permissionName).join(', ')}${k.territory ? html`<br><small class="faint">${t('only in {place}', { place: k.territory })}</small>` : nothing}</td>
			<td data-label=${t('Good until')}>${k.expiresAt && k.expiresAt < new Date().toISOString() ? html`<span class="chip bad">${t('expired')}</span>` : k.expiresAt ? date(k.expiresAt) : t('it is revoked')}</td><td data-label=${t('Last used')}>${lastUse(k.lastUsed, k.lastAddress)}</td>
			<td class="actions"><button class="btn small" aria-label=${t('Revoke {name}', { name: k.name })} @click=${() => revoke(k)}>${t('Revoke')}</button></td></tr>`)}</tbody></table></div>` : html`<p class="faint">${t('You have no keys.')}</p>`))}</section>
	<section class="card col"><div class="row wrap between"><div><h2>${t('Programs with tokens')}</h2><p class="muted">${t('They may do what you may, and renew their tokens by themselves.')}</p></div><button class="btn" @click=${newTokens}>${icon('plus')}${t('Let a program in')}</button></div>
	${shown(tokens, (d) => (d.items.length ? html`<div class="table-wrap" tabindex="0"><table class="table stack"><thead><tr><th>${t('Program')}</th><th>${t('Since')}</th><th>${t('Last used')}</th><th></th></tr></thead>
		<tbody>${d.items.map((x) => html`<tr><td>${x.name}${x.ended === 'REUSED' ? html` <span class="chip bad">${t('shut out: a token was used twice')}</span>` : x.ended ? html` <span class="chip">${t('shut out')}</span>` : nothing}</td><td data-label=${t('Since')}>${date(x.createdAt)}</td><td data-label=${t('Last used')}>${lastUse(x.lastUsed, x.lastAddress)}</td>
			<td class="actions">${x.ended ? nothing : html`<button class="btn small" aria-label=${t('Shut {name} out', { name: x.name })} @click=${() => endTokens(x)}>${t('Shut out')}</button>`}</td></tr>`)}</tbody></table></div>` : html`<p class="faint">${t('No program has tokens of yours.')}</p>`))}</section>`
	return { view }
}
