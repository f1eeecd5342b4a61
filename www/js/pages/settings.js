// SPDX-License-Identifier: GPL-3.0-or-later
// What an administrator changes while Beatplan runs: values, switches, who changed what and why, and the way back.
import { html, nothing, signal } from '../core/html.js'
import { api, everything } from '../core/api.js'
import { ago, instant, num, t, tn } from '../core/i18n.js'
import { renewMe } from '../core/session.js'
import { icon } from '../components/icons.js'
import { ask, capital, empty, field, fieldProblem, loading, openDialog, problemNotice, resource, shown, toast, toastProblem } from '../components/ui.js'

/** @typedef {import('../core/api.js').Setting} Setting */
/** @typedef {import('../core/http.js').Problem} Problem */

/** Every program looks for changes once a second. */
const IN_FORCE_MS = 1200

export function page() {
	const list = resource(api.settings)
	const wanted = signal('')
	void list.load()
	/** @type {Record<string, () => string>} */
	const areas = { FEATURE: () => t('Features'), SIGN_IN: () => t('Signing in and programs'), IMPORT: () => t('Uploads and imports'), PLANNING: () => t('Planning units'), KEEP: () => t('How long things are kept'), WATCH: () => t('Mails and watching') }
	/** @param {Setting} s @param {string | null} value  null = the default */
	const said = (s, value) => {
		const v = value ?? s.default
		return s.type === 'SWITCH' ? (v === 'on' ? t('on') : t('off')) : s.type === 'NUMBER' ? `${num(Number(v))} ${t(s.unit)}` : v
	}
	/** Takes over what the server answers. @param {Setting} s */
	const taken = (s) => {
		const all = list.data.peek()
		if (all)
			list.data.value = { ...all, items: all.items.map((x) => (x.name === s.name ? s : x)) }
		toast(t('In force within a second: {what}', { what: said(s, s.value) }))
		if (s.type === 'SWITCH')
			setTimeout(() => void renewMe(), IN_FORCE_MS)
	}
	/** Somebody else was quicker: what they did is shown. @param {Problem} p */
	const refused = (p) => {
		toastProblem(p)
		if (p.status === 409)
			void list.load()
	}
	/** @param {Setting} s */
	const turn = async (s) => {
		const on = s.value !== 'on'
		const reason = await ask({ title: on ? t('Switch it on?') : t('Switch it off?'), text: capital(t(s.what)), confirm: on ? t('Switch on') : t('Switch off'), danger: !on, reason: 'required' })
		if (reason === null)
			return
		const [after, failed] = await api.setSetting(s.name, { value: on ? 'on' : 'off', reason, change: s.change })
		if (after)
			taken(after)
		else
			refused(failed)
	}
	/** @param {Setting} s */
	const edit = (s) => {
		const value = signal(s.value), reason = signal(''), busy = signal(false)
		const problem = signal(/** @type {Problem | null} */ (null))
		const save = async () => {
			busy.value = true
			const [after, failed] = await api.setSetting(s.name, { value: value.peek().trim(), reason: reason.peek().trim(), change: s.change })
			busy.value = false
			problem.value = failed
			if (after) {
				close()
				taken(after)
			} else if (failed.status === 409) {
				close()
				refused(failed)
			}
		}
		const ready = () => value.value.trim() !== '' && reason.value.trim() !== ''
		/** @param {KeyboardEvent} e */
		const enter = (e) => {
			if (e.key !== 'Enter' || !ready())
				return
			e.preventDefault()
			void save()
		}
		const close = openDialog({
			title: () => capital(t(s.what)),
			body: () => html`${problem.value && !problem.value.fields?.length ? problemNotice(problem.value) : nothing}
				${field('se-value', s.unit ? t('Value in {unit}', { unit: t(s.unit) }) : t('Value'), html`<input id="se-value" class="input" type=${s.type === 'NUMBER' ? 'number' : 'email'} min=${s.least ?? nothing} max=${s.most ?? nothing} step="1" autocomplete="off" autofocus .value=${value.value} @keydown=${enter} @input=${(/** @type {any} */ e) => {
					value.value = e.target.value
				}}>`, { help: s.least !== null && s.most !== null ? t('{least} to {most}; default {value}', { least: num(s.least), most: num(s.most), value: said(s, null) }) : t('default {value}', { value: s.default }), problem: fieldProblem(problem.value, 'value') })}
				${field('se-reason', t('Reason'), html`<input id="se-reason" class="input" maxlength="500" autocomplete="off" .value=${reason.value} @keydown=${enter} @input=${(/** @type {any} */ e) => {
					reason.value = e.target.value
				}}>`, { problem: fieldProblem(problem.value, 'reason') })}`,
			foot: () => html`<button class="btn" @click=${() => close()}>${t('Cancel')}</button><button class="btn primary" ?disabled=${busy.value || !ready()} @click=${save}>${t('Save')}</button>`,
		})
	}
	/** @param {Setting} s */
	const history = (s) => {
		const past = resource(() => everything((q) => api.settingHistory(s.name, q)))
		void past.load()
		/** @param {number} to @param {string | null} value */
		const back = async (to, value) => {
			close()
			const reason = await ask({ title: t('Back to {value}?', { value: said(s, value) }), text: capital(t(s.what)), confirm: t('Put it back'), reason: 'required' })
			if (reason === null)
				return
			const [after, failed] = await api.revertSetting(s.name, { to, reason, change: s.change })
			if (after)
				taken(after)
			else
				refused(failed)
		}
		/** @param {number} to @param {string | null} value @param {string} label */
		const button = (to, value, label) => (to === s.change ? html`<span class="chip good">${t('in force')}</span>` : html`<button class="btn small" aria-label=${label} @click=${() => back(to, value)}>${t('Put it back')}</button>`)
		const close = openDialog({
			title: () => capital(t(s.what)), wide: true,
			body: () => shown(past, (h) => html`<div class="table-wrap" tabindex="0"><table class="table stack"><caption class="sr">${t('History')}</caption><thead><tr><th>${t('Value')}</th><th>${t('When')}</th><th>${t('By')}</th><th>${t('Reason')}</th><th></th></tr></thead>
				<tbody>${h.items.map((x) => html`<tr><td><b>${said(s, x.value)}</b>${x.value === null ? html` <small class="faint">${t('the default')}</small>` : nothing}</td><td class="nowrap" data-label=${t('When')}>${instant(x.at)}</td><td data-label=${t('By')}>${x.user ?? t('the shell')}</td>
					<td data-label=${t('Reason')}>${x.reason}${x.reverts !== null ? html` <small class="faint">${x.reverts ? t('back to change {n}', { n: x.reverts }) : t('back to the default')}</small>` : nothing}</td><td class="actions">${button(x.change, x.value, t('Put it back to {value}', { value: said(s, x.value) }))}</td></tr>`)}
				<tr><td><b>${said(s, null)}</b></td><td data-label=${t('When')}>${t('at first')}</td><td data-label=${t('By')}>–</td><td data-label=${t('Reason')}>${t('the default')}</td><td class="actions">${s.change ? button(0, null, t('Put it back to the default')) : html`<span class="chip good">${t('in force')}</span>`}</td></tr></tbody></table></div>`),
			foot: () => html`<button class="btn" @click=${() => close()}>${t('Close')}</button>`,
		})
	}
	/** @param {Setting} s */
	const row = (s) => html`<tr id=${'set-' + s.name}><td>${capital(t(s.what))}<br><small class="faint"><code>${s.name}</code></small></td>
		<td data-label=${t('Value')}>${s.type === 'SWITCH' ? html`<label class="check"><input type="checkbox" role="switch" aria-label=${capital(t(s.what))} .checked=${s.value === 'on'} @click=${(/** @type {Event} */ e) => {
			e.preventDefault()
			void turn(s)
		}}><span>${said(s, s.value)}</span></label>` : html`<b class="nowrap">${said(s, s.value)}</b>`}${s.value !== s.default && s.type !== 'SWITCH' ? html`<br><small class="faint">${t('default {value}', { value: said(s, null) })}</small>` : nothing}</td>
		<td data-label=${t('Changed')}>${s.change ? html`${s.user ?? t('the shell')}, <span title=${instant(/** @type {string} */ (s.at))}>${ago(/** @type {string} */ (s.at))}</span><br><small class="faint">${s.reason}</small>` : html`<span class="faint">–</span>`}</td>
		<td class="actions">${s.type === 'SWITCH' ? nothing : html`<button class="btn small" aria-label=${t('Change {name}', { name: s.name })} @click=${() => edit(s)}>${t('Change')}</button> `}<button class="btn quiet small" aria-label=${t('History of {name}', { name: s.name })} @click=${() => history(s)}>${t('History')}</button></td></tr>`
	/** @param {Setting[]} all */
	const cards = (all) => {
		const words = wanted.value.trim().toLowerCase().split(/\s+/)
		const fits = all.filter((s) => words.every((w) => `${s.name} ${t(s.what)} ${areas[s.area]?.()} ${s.reason ?? ''}`.toLowerCase().includes(w)))
		return html`<p class="sr" role="status">${tn('{n} setting', '{n} settings', fits.length)}</p>${fits.length ? Object.keys(areas).filter((a) => fits.some((s) => s.area === a)).map((a) => html`<section class="card tight"><h2 class="pad">${areas[a]()}</h2><div class="table-wrap" tabindex="0"><table class="table stack settings"><caption class="sr">${areas[a]()}</caption>
			<thead><tr><th>${t('What it does')}</th><th>${t('Value')}</th><th>${t('Changed')}</th><th></th></tr></thead><tbody>${fits.filter((s) => s.area === a).map(row)}</tbody></table></div></section>`)
			: html`<section class="card">${empty('search', t('Nothing found'), t('Nothing fits this search.'))}</section>`}`
	}
	const view = () => html`<div class="page">
	<div class="page-head"><div><h1>${t('Settings')}</h1><p>${t('What may be changed while Beatplan runs. Each change is kept with its reason, and any of them can be put back.')}</p></div></div>
	<div class="filters"><div class="search">${icon('search')}<input class="input" type="search" aria-label=${t('Search the settings')} placeholder=${t('Search the settings')} .value=${wanted.value} @input=${(/** @type {any} */ e) => {
		wanted.value = e.target.value
	}}></div></div>
	${list.data.value === null && !list.error.value ? loading() : shown(list, (l) => cards(l.items))}</div>`
	return { title: t('Settings'), view }
}
