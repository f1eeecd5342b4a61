// SPDX-License-Identifier: GPL-3.0-or-later
// Beside the map: the units with their work, what a move of the selection would lead to, and the steps of a draft.
import { cls, css, html, nothing, signal } from '../core/html.js'
import { api } from '../core/api.js'
import { num, t, tn } from '../core/i18n.js'
import { can, dark } from '../core/session.js'
import { icon } from '../components/icons.js'
import { ask, field, loading, openDialog, problemNotice, toast, toastProblem } from '../components/ui.js'
import { unitColours } from './colours.js'
import { deviations, keyOf } from './model.js'

/** @typedef {import('./store.js').UnitsStore} Store */

/** @param {number} v */
const signed = (v) => `${v < 0 ? '−' : '+'}${num(Math.abs(v), 1)} %`
/** @param {number} v */
const percent = (v) => t('{n} %', { n: num(v, 1) })

/** @param {Store} s @param {(name: string) => string} wayName @param {(outlets: number[], unit: {id: number, name: string}) => Promise<boolean>} pin */
export function unitsPanel(s, wayName, pin) {
	const name = signal('')
	/** @param {import('./model.js').DrawnUnit} u */
	const rename = async (u) => {
		const plan = s.scenario.peek()
		const to = await ask({ title: t('Name of the unit'), text: t('Publishing gives the unit this name.'), confirm: t('Rename'), reason: 'required', reasonLabel: t('Name'), value: u.name })
		if (!to || !plan || to === u.name)
			return
		const [, failed] = await api.nameUnit(s.id, plan.id, u.number, to)
		if (failed)
			return toastProblem(failed)
		toast(t('Renamed'))
		await s.loadAfter()
	}
	/** @param {'before' | 'after'} which */
	const coming = (which) => loading(t('Fetching the territory…'), s.arrived[which].share.value)
	const table = () => {
		const p = s.shown.value
		if (!p)
			return s.problem.value ? nothing : coming('before')
		const known = !p.box || p.weighed, off = deviations(p.units), would = s.side.value === 'after' ? s.would.value : null, after = would ? deviations(would.units) : []
		const palette = unitColours(dark.value), may = s.editable.value && can('MANAGE_TERRITORIES')
		return html`<div class="table-wrap" tabindex="0"><table class="table dense" id="units-table"><thead><tr><th>${t('Unit')}</th><th class="num">${t('Outlets')}</th>${known ? html`<th class="num">${t('Hours')}</th><th class="num">${t('Difference')}</th>` : nothing}</tr></thead>
		<tbody>${p.units.map((u, i) => {
			const key = keyOf(u), change = would && would.units[i].outlets !== u.outlets
			return u.outlets || change ? html`<tr class=${cls(key === s.chosen.value && 'on')} @pointerenter=${() => (s.hover.value = key)} @pointerleave=${() => (s.hover.value = null)}>
				<td><span class="unit-name"><i class="dot s1" ${css({ '--c': palette[s.colours.value.get(key) ?? 0] })}></i><button class="btn quiet small" aria-pressed=${String(key === s.chosen.value)} @focus=${() => (s.hover.value = key)} @blur=${() => (s.hover.value = null)}
					@click=${() => (s.chosen.value = key === s.chosen.value ? null : key)}>${u.name}</button>${u.territoryId === null ? html`<span class="chip info">${t('new')}</span>` : nothing}
					${may ? html`<button class="btn quiet small icon-only" aria-label=${t('Rename {name}', { name: u.name })} @click=${() => rename(u)}>${icon('pencil')}</button>` : nothing}</span></td>
				<td class=${cls('num', change && 'would')}>${num(change ? would.units[i].outlets : u.outlets)}</td>${known ? html`<td class=${cls('num', change && 'would')}>${num(change ? would.units[i].hours : u.hours)}</td>
				<td class=${cls('num', change && 'would')}>${signed(change ? after[i] : off[i])}</td>` : nothing}</tr>` : nothing
		})}</tbody></table></div>`
	}
	/** One unit put into another: what it would lead to is told for the one that is chosen. @param {import('./model.js').DrawnUnit} u @param {import('./model.js').DrawnUnit[]} others */
	const merge = (u, others) => {
		const plan = /** @type {import('../core/api.js').Scenario} */ (s.scenario.peek())
		const to = signal(/** @type {number | null} */ (null)), told = signal(/** @type {import('../core/api.js').Edited | null} */ (null))
		const aim = async (/** @type {string} */ v) => {
			to.value = v === '' ? null : Number(v)
			told.value = null
			if (to.value === null)
				return
			const asked = to.value, [r, failed] = await api.moveOutlets(s.id, plan.id, { outlets: [], unit: u.number, to: asked, preview: true })
			if (failed)
				toastProblem(failed)
			else if (to.peek() === asked)
				told.value = r
		}
		const close = openDialog({
			title: () => t('Merge {name} into…', { name: u.name }),
			body: () => html`${field('merge-into', t('Unit that gets its outlets'), html`<select id="merge-into" class="input" @change=${(/** @type {any} */ e) => aim(e.target.value)}><option value=""></option>${others.map((o) => html`<option value=${o.number}>${o.name}</option>`)}</select>`)}
				${told.value ? html`<p role="status">${t('Largest difference')} <b>${percent(plan.maxDeviationPct)} → ${percent(told.value.maxDeviationPct)}</b>, ${t('In one piece')} <b>${t('{n} of {all}', { n: num(told.value.whole), all: num(told.value.units) })}</b></p>` : nothing}
				<p class="muted">${t('The unit ends when the scenario is published. It can be undone like every change by hand.')}</p>`,
			foot: () => html`<button class="btn" @click=${() => close()}>${t('Cancel')}</button><button class="btn primary" ?disabled=${to.value === null} @click=${() => {
				close()
				void s.merge(u.number, /** @type {number} */ (to.peek()))
			}}>${t('Merge')}</button>`,
		})
	}
	const selectUnit = () => {
		const p = s.after.peek(), key = s.chosen.peek()
		if (p)
			s.select([...p.unit.keys()].filter((i) => keyOf(p.units[p.unit[i]]) === key), 'set')
	}
	const wouldView = () => {
		const w = s.would.value, plan = s.scenario.value
		if (!w || !plan)
			return nothing
		const a = w.answer
		return html`<div class="stats" id="would" role="status">
			<span>${t('Largest difference')} <b>${percent(plan.maxDeviationPct)} → ${percent(a?.maxDeviationPct ?? w.deviation)}</b></span>
			<span>${t('In one piece')} <b>${a ? t('{n} of {all}', { n: num(a.whole), all: num(a.units) }) : '…'}</b></span>
			<span>${t('Moved outlets')} <b>${num(plan.moved)} → ${a ? num(a.moved) : '…'}</b></span></div>
			${a && a.whole < a.units ? html`<div class="notice warn">${icon('warn')}<p>${tn('{n} unit would lie in several pieces.', '{n} units would lie in several pieces.', a.units - a.whole)}</p></div>` : nothing}`
	}
	const move = () => {
		void s.move(name.peek().trim())
		name.value = ''
	}
	const pinThere = async () => {
		const a = s.aimed()
		if (a && await pin(a.outlets, a.unit))
			s.clear()
	}
	const edit = () => {
		const p = s.after.value, plan = s.scenario.value
		if (!p || !plan || !s.editable.value || !can('MANAGE_TERRITORIES'))
			return nothing
		const n = s.selection.value.size, chosen = p.units.find((u) => keyOf(u) === s.chosen.value), to = s.target.value
		let hours = 0
		for (const i of s.selection.value)
			hours += p.work[i]
		return html`<div class="units-edit" id="units-edit"><div class="row between"><b>${n ? t('{outlets}, {hours} h', { outlets: tn('{n} outlet selected', '{n} outlets selected', n), hours: num(hours) }) : t('Change by hand')}</b>
			<span class="row"><button class="btn quiet small" ?disabled=${!plan.undo || s.busy.value} @click=${() => s.undo()}>${icon('undo')}${t('Undo')}</button><button class="btn quiet small" ?disabled=${!plan.redo || s.busy.value} @click=${() => s.redo()}>${icon('redo')}${t('Redo')}</button></span></div>
			${n ? html`<div class="row wrap"><label class="sr" for="units-target">${t('Move to')}</label><select id="units-target" class="input" @change=${(/** @type {any} */ e) => s.aim(e.target.value === '' ? null : Number(e.target.value))}>
				<option value="" ?selected=${to === null}>${t('Move to…')}</option>${p.units.map((u, i) => (u.outlets ? html`<option value=${i} ?selected=${to === i}>${u.name}</option>` : nothing))}<option value=${p.units.length} ?selected=${to === p.units.length}>${t('a new unit')}</option></select>
				${to === p.units.length ? html`<label class="sr" for="units-name">${t('Name of the new unit')}</label><input id="units-name" class="input" maxlength="60" placeholder=${t('Name of the new unit')} .value=${name.value} @input=${(/** @type {any} */ e) => (name.value = e.target.value)}>` : nothing}
				<button class="btn primary" id="units-move" ?disabled=${to === null || s.busy.value} @click=${move}>${icon('move')}${t('Move')}</button>${to !== null && p.units[to]?.territoryId ? html`<button class="btn" id="units-pin" @click=${pinThere}>${icon('tack')}${t('Pin there…')}</button>` : nothing}<button class="btn quiet" @click=${() => s.clear()}>${t('Clear the selection')}</button></div>${wouldView()}`
			: html`<p class="muted">${t('Select outlets with the lasso, a box or corners on the map, then choose the unit that gets them.')}</p>`}
			${chosen?.outlets ? html`<div class="row wrap"><button class="btn small" id="units-select" @click=${selectUnit}>${t('Select all outlets of {name}', { name: chosen.name })}</button>
				${plan && p.units.some((u) => u !== chosen && u.outlets) ? html`<button class="btn small" id="units-merge" ?disabled=${s.busy.value} @click=${() => merge(chosen, p.units.filter((u) => u !== chosen && u.outlets))}>${t('Merge {name} into…', { name: chosen.name })}</button>` : nothing}</div>` : nothing}</div>`
	}
	const sides = () => {
		const plan = s.scenario.value
		return plan ? html`<div class="segmented" role="group" aria-label=${t('What is shown')}><button class="btn" aria-pressed=${String(s.side.value === 'before')} @click=${() => (s.side.value = 'before')}>${t('Today')}</button>
			<button class="btn" aria-pressed=${String(s.side.value === 'after')} @click=${() => (s.side.value = 'after')}>${wayName(plan.name)}</button></div>` : nothing
	}
	const keys = (/** @type {KeyboardEvent} */ e) => {
		if (e.key === 'Escape')
			s.chosen.value = null
		if (!(e.ctrlKey || e.metaKey) || !s.editable.peek() || s.busy.peek() || (e.target instanceof HTMLInputElement))
			return
		const k = e.key.toLowerCase(), again = k === 'y' || (k === 'z' && e.shiftKey)
		if (k !== 'z' && !again)
			return
		e.preventDefault()
		void (again ? s.redo() : s.undo())
	}
	const exportName = () => `units-${s.id}${s.scenario.value && s.side.value === 'after' ? `-${s.scenario.value.id}` : ''}.geojson`
	return () => html`<section class="card tight" id="units-map" @keydown=${keys}><div class="units-head"><h2>${s.scenario.value ? wayName(s.scenario.value.name) : t('Units of today')}</h2>${sides()}
		<span class="grow"></span>${s.shown.value?.box ? nothing : html`<a class="btn small" href=${`/api/v1/territories/${s.id}/outlines${s.scenario.value && s.side.value === 'after' ? `?design=${s.scenario.value.id}` : ''}`} download=${exportName()}>${icon('export')}${t('Outlines (GeoJSON)')}</a>`}</div>
		${s.problem.value ? problemNotice(s.problem.value) : nothing}
		<div class="units-work"><bp-units .store=${s}></bp-units><div class="units-side">${s.scenario.value && !s.after.value && s.before.value && !s.problem.value ? coming('after') : nothing}${table()}${edit()}</div></div></section>`
}
