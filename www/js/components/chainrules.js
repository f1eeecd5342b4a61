// SPDX-License-Identifier: GPL-3.0-or-later
// What holds for all stores of a chain or banner: shown in a line, changed in a dialog.
import { html, nothing, signal } from '../core/html.js'
import { api } from '../core/api.js'
import { num, t, timeOfDay, tn, weekday } from '../core/i18n.js'
import { can } from '../core/session.js'
import { addDays } from '../plan/model.js'
import { parseWindows } from '../plan/windows.js'
import { icon } from './icons.js'
import { ask, field, fieldProblem, openDialog, problemNotice, resource, shown, toast } from './ui.js'

/** @typedef {import('../core/api.js').ChainRules} ChainRules */
/** @typedef {import('../plan/windows.js').Window} Window */

/** Monday first. */
export const weekdayNames = () => Array.from({ length: 7 }, (_, i) => weekday(addDays('2026-11-23', i)))
/** Hours as people type them: see parseWindows. @param {Window[]} list */
export const hoursText = (list) => list.map((x) => `${x.weekday ? weekdayNames()[x.weekday - 1] + ' ' : ''}${timeOfDay(x.opens * 60)}-${timeOfDay(x.closes * 60)}${x.hard ? '' : '?'}`).join(', ')
/** An example of such hours. */
export const hoursExample = () => `${weekdayNames()[0]} 9:00-12:00, ${weekdayNames()[2]} 14:00-16:00?`

/** The rules in a line, '' when there are none. @param {ChainRules} r */
export const rulesText = (r) => [
	r.weekdays.map((d) => weekdayNames()[d - 1]).join(' '), hoursText(r.windows), r.mostPerDay === null ? '' : r.mostPrice === null ? t('at most {n} a day', { n: num(r.mostPerDay) }) : t('at most {n} a day, or {m} min for each more', { n: num(r.mostPerDay), m: num(r.mostPrice) }),
	r.gapDays === null ? '' : tn('{n} day apart', '{n} days apart', r.gapDays), r.leastMinutes === null ? '' : tn('at least {n} minute', 'at least {n} minutes', r.leastMinutes),
	r.blackouts.length ? tn('closed once', 'closed {n} times', r.blackouts.length) : '',
].filter(Boolean).join(' · ')

/** @param {number} id of the account @param {() => void} done after a change */
export function chainRulesDialog(id, done) {
	const loaded = resource(() => api.accountRules(id)), may = can('MANAGE_TERRITORIES')
	const rules = signal(/** @type {ChainRules | null} */ (null)), hours = signal(''), reason = signal('')
	const problem = signal(/** @type {import('../core/http.js').Problem | null} */ (null)), wrong = signal('')
	void loaded.load().then(() => {
		rules.value = loaded.data.peek()?.own ?? null
		hours.value = hoursText(rules.peek()?.windows ?? [])
	})
	/** @param {Partial<ChainRules>} more */
	const set = (more) => {
		rules.value = { .../** @type {ChainRules} */ (rules.peek()), ...more }
	}
	/** @param {ChainRules} r */
	const send = async (r) => {
		const [, failed] = await api.setAccountRules(id, r, reason.peek().trim())
		problem.value = failed
		if (failed)
			return
		close()
		toast(t('The rules are changed: the next optimisation keeps them'))
		done()
	}
	const save = () => {
		const windows = parseWindows(hours.peek(), weekdayNames())
		wrong.value = windows ? '' : t('This cannot be read: write for example {example}', { example: hoursExample() })
		if (windows && rules.peek())
			void send({ .../** @type {ChainRules} */ (rules.peek()), windows })
	}
	const drop = async () => {
		const why = await ask({ title: t('Take all rules back?'), text: t('Its stores are then planned as any others.'), confirm: t('Take back'), danger: true, reason: 'required' })
		if (why === null)
			return
		const [, failed] = await api.dropAccountRules(id, why)
		problem.value = failed
		if (failed)
			return
		close()
		toast(t('The rules are taken back'))
		done()
	}
	/** Of the list too: "/blackouts/0/to". @param {string} name */
	const told = (name) => problem.value?.fields?.find((f) => f.pointer.startsWith(`/${name}`))?.problem
	/** @param {'mostPerDay' | 'mostPrice' | 'gapDays' | 'leastMinutes'} key @param {string} label @param {number} most @param {ChainRules} r @param {string} [help] */
	const number = (key, label, most, r, help) => field(`cr-${key}`, label, html`<input id=${`cr-${key}`} class="input" type="number" min="1" max=${most} ?disabled=${!may} .value=${r[key] === null ? '' : String(r[key])} @input=${(/** @type {any} */ e) => {
		set({ [key]: e.target.value === '' ? null : Number(e.target.value) })
	}}>`, { problem: fieldProblem(problem.value, key), help })
	/** @param {ChainRules} r */
	const dates = (r) => html`<fieldset class="field cr-dates"><legend class="label">${t('Dates on which nobody is received')}</legend>
		${r.blackouts.map((b, i) => {
			const change = (/** @type {Partial<typeof b>} */ more) => set({ blackouts: r.blackouts.map((x, k) => (k === i ? { ...x, ...more } : x)) })
			return html`<div class="row wrap"><input class="input" type="date" aria-label=${t('From')} ?disabled=${!may} .value=${b.from} @change=${(/** @type {any} */ e) => change({ from: e.target.value, to: b.to && b.to >= e.target.value ? b.to : e.target.value })}>
				<input class="input" type="date" aria-label=${t('To')} ?disabled=${!may} .min=${b.from} .value=${b.to} @change=${(/** @type {any} */ e) => change({ to: e.target.value })}>
				<input class="input grow" maxlength="120" aria-label=${t('Why')} placeholder=${t('Stock taking')} ?disabled=${!may} .value=${b.name} @input=${(/** @type {any} */ e) => change({ name: e.target.value })}>
				${may ? html`<button class="btn quiet small icon-only" aria-label=${t('Remove {name}', { name: b.name || b.from })} @click=${() => set({ blackouts: r.blackouts.filter((_, k) => k !== i) })}>${icon('trash')}</button>` : nothing}</div>`
		})}
		${told('blackouts') ? html`<span class="problem" role="alert">${told('blackouts')}</span>` : nothing}
		${may ? html`<button class="btn small" @click=${() => set({ blackouts: [...r.blackouts, { from: '', to: '', name: '' }] })}>${icon('plus')}${t('Add dates')}</button>` : !r.blackouts.length ? html`<span class="muted">${t('None is set.')}</span>` : nothing}</fieldset>`
	/** @param {ChainRules} r */
	const form = (r) => html`<fieldset class="field cr-days"><legend class="label">${t('Weekdays')}</legend><div class="row wrap">${weekdayNames().map((name, i) => html`<label class="check"><input type="checkbox" ?disabled=${!may} .checked=${r.weekdays.includes(i + 1)} @change=${(/** @type {any} */ e) => {
		set({ weekdays: e.target.checked ? [...r.weekdays, i + 1].sort() : r.weekdays.filter((d) => d !== i + 1) })
	}}><span>${name}</span></label>`)}</div><span class="help">${t('None chosen: all working days.')}</span></fieldset>
		${field('cr-hours', t('Hours'), html`<input id="cr-hours" class="input" ?disabled=${!may} .value=${hours.value} @input=${(/** @type {any} */ e) => {
			hours.value = e.target.value
		}}>`, { problem: wrong.value || told('windows'), help: t('When a visit may begin, for example {example}; ? means if possible.', { example: hoursExample() }) })}
		<div class="cr-numbers">${number('mostPerDay', t('Most visits a day'), 200, r, t('of its stores together, by one person'))}${number('mostPrice', t('Price of more'), 1440, r, t('minutes for each; empty: never more'))}${number('gapDays', t('Days between visits'), 56, r, t('of one store, at least'))}${number('leastMinutes', t('Minutes of a visit'), 480, r, t('at least'))}</div>
		${dates(r)}${may ? field('cr-reason', t('Reason'), html`<input id="cr-reason" class="input" maxlength="500" autocomplete="off" .value=${reason.value} @input=${(/** @type {any} */ e) => {
			reason.value = e.target.value
		}}>`, { problem: fieldProblem(problem.value, 'reason') }) : nothing}`
	const close = openDialog({
		title: () => t('Rules of {name}', { name: loaded.data.value?.name ?? '…' }),
		text: () => t('They hold for all of its stores in modern trade. Hours that a store has of its own go before the hours and weekdays here.'),
		body: () => shown(loaded, (x) => html`<p class="muted">${tn('{n} store', '{n} stores', x.stores)}${x.ownHours ? ` · ${tn('{n} has hours of its own', '{n} have hours of their own', x.ownHours)}` : nothing}${x.person ? ` · ${t('changed by {name}', { name: x.person })}` : nothing}</p>
			${x.above && rulesText(x.above) ? html`<div class="notice">${icon('info')}<p>${t('From {name}, where nothing is said here: {rules}', { name: x.parent ?? '', rules: rulesText(x.above) })}</p></div>` : nothing}
			${rules.value ? form(rules.value) : nothing}${problem.value && !problem.value.fields?.length ? problemNotice(problem.value) : nothing}`),
		foot: () => (may ? html`${loaded.data.value?.at ? html`<button class="btn" @click=${drop}>${icon('trash')}${t('Take all back')}</button>` : nothing}<button class="btn" @click=${() => close()}>${t('Cancel')}</button>
			<button class="btn primary" ?disabled=${!rules.value || !reason.value.trim()} @click=${save}>${icon('save')}${t('Save')}</button>` : html`<button class="btn" @click=${() => close()}>${t('Close')}</button>`),
	})
}
