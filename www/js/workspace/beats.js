// SPDX-License-Identifier: GPL-3.0-or-later
// Beats beneath their person on the board: what belongs to one, its name, and what is put into it.
import { cls, html, nothing, signal } from '../core/html.js'
import { api } from '../core/api.js'
import { day, t, tn } from '../core/i18n.js'
import { icon } from '../components/icons.js'
import { field, fieldProblem, openDialog, openMenu, problemNotice, toast, toastProblem } from '../components/ui.js'
import { inParts } from '../plan/actions.js'
import { sendOrTell } from './commands.js'
import { moveDialog } from './move.js'
import { seatName } from './ops.js'

/** @typedef {import('../plan/store.js').Store} Store */
/** @typedef {import('../plan/model.js').Stop} Stop */
/** @typedef {import('../core/api.js').Beat} Beat */

/** The beats of which a person makes visits on the days shown, by their first weekday, with the stops of each day. @param {Store} s @param {number} seat */
export function beatsOf(s, seat) {
	/** @type {Map<number, Map<number, Stop[]>>} */
	const stops = new Map()
	for (const d of s.days.value)
		for (const x of s.tour(seat, d))
			if (x.beat !== null) {
				const mine = stops.get(x.beat) ?? new Map()
				stops.set(x.beat, mine.set(d, [...(mine.get(d) ?? []), x]))
			}
	return (s.plan.value?.beats ?? []).flatMap((beat) => {
		const mine = stops.get(beat.id)
		return mine ? { beat, stops: mine, first: Math.min(...[...mine.keys()].map((d) => d % 7)) } : []
	}).sort((a, b) => a.first - b.first || (a.beat.code < b.beat.code ? -1 : 1))
}

/** What a plan knows of its beats, after one came, went or was renamed. @param {Store} s @param {(list: Beat[]) => Beat[]} change */
function put(s, change) {
	const p = s.plan.peek()
	if (p)
		s.plan.value = { ...p, beats: change(p.beats) }
}

/**
 * A field of words that a signal holds; its id ends with the name that the server knows it by.
 * @param {string} id @param {string} label @param {import('../../vendor/signals-core/signals-core.js').Signal<string>} value @param {number} most
 * @param {import('../core/http.js').Problem | null} problem
 */
const text = (id, label, value, most, problem) => field(id, label, html`<input id=${id} class="input" maxlength=${most} autocomplete="off" .value=${value.value} @input=${(/** @type {any} */ e) => {
	value.value = e.target.value
}}>`, { problem: fieldProblem(problem, id.replace(/^.*-/, '')) })

/** Code and name of a beat, and why they change. @param {Store} s @param {Beat} beat */
function renameDialog(s, beat) {
	const code = signal(beat.code), name = signal(beat.name), reason = signal('')
	const problem = signal(/** @type {import('../core/http.js').Problem | null} */ (null))
	const go = async (/** @type {Event} */ e) => {
		e.preventDefault()
		const now = { code: code.peek().trim(), name: name.peek().trim() }
		const [, failed] = await api.renameBeat(s.plan.peek()?.planId ?? 0, beat.id, { ...now, reason: reason.peek().trim() })
		problem.value = failed
		if (failed)
			return
		put(s, (list) => list.map((b) => (b.id === beat.id ? { ...b, ...now } : b)))
		close()
		toast(t('Renamed'))
	}
	const close = openDialog({
		title: () => t('Rename beat {name}', { name: beat.name }),
		text: () => t('It is called so in all drafts and versions of this plan.'),
		body: () => html`<form id="bt-form" @submit=${go}>${text('bt-code', t('Code'), code, 64, problem.value)}${text('bt-name', t('Name'), name, 120, problem.value)}${text('bt-reason', t('Reason'), reason, 500, problem.value)}
			${problem.value ? problemNotice(problem.value) : nothing}</form>`,
		foot: () => html`<button class="btn" @click=${() => close()}>${t('Cancel')}</button><button class="btn primary" form="bt-form" ?disabled=${!code.value.trim() || !name.value.trim() || !reason.value.trim()}>${icon('check')}${t('Rename')}</button>`,
	})
}

/** A beat by the keyboard: which one, then where. @param {Store} s */
export function beatDialog(s) {
	const p = s.plan.peek()
	if (!p)
		return
	const { seat, day: d } = s.focus.peek()
	const chosen = s.selectedVisits.peek()[0]?.beat ?? (seat !== null && d !== null ? s.tour(seat, d).find((x) => x.beat !== null)?.beat : null)
	const beat = signal(chosen ?? p.beats.find((b) => b.seat === seat)?.id ?? p.beats[0]?.id)
	/** The first day to come of the cycle on which the beat is driven. @param {number} id */
	const dayOfBeat = (id) => {
		for (const [, list] of [...s.tours.peek()].sort((a, b) => s.dayOf(a[0]) - s.dayOf(b[0])))
			for (const stop of list)
				if (stop.beat === id && (d === null || stop.day === d) && !s.past(stop.day))
					return stop.day
		return null
	}
	/** It has no visit in this draft; the server knows of others. */
	const unused = () => s.editable.value && beat.value !== undefined && ![...s.tours.value.values()].some((list) => list.some((x) => x.beat === beat.value))
	const remove = async () => {
		const id = beat.peek() ?? 0, [, failed] = await api.dropBeat(p.planId, id)
		if (failed)
			return toastProblem(failed)
		put(s, (list) => list.filter((b) => b.id !== id))
		close()
		toast(t('Removed'))
	}
	const close = openDialog({
		title: () => t('Move or hand over a beat'),
		text: () => t('All visits of the beat go together; it keeps its name and its outlets.'),
		body: () => field('bt', t('Beat'), html`<select id="bt" class="input" @change=${(/** @type {any} */ e) => {
			beat.value = Number(e.target.value)
		}}>${p.beats.map((b) => html`<option value=${b.id} ?selected=${b.id === beat.value}>${b.code} · ${b.name}${b.seat !== null ? ' · ' + seatName(s, b.seat) : ''}</option>`)}</select>`),
		foot: () => html`<button class="btn" @click=${() => close()}>${t('Cancel')}</button>${unused() ? html`<button class="btn danger" @click=${remove}>${icon('trash')}${t('Remove')}</button>` : nothing}<button class="btn" ?disabled=${!s.editable.value} @click=${() => {
			const b = p.beats.find((x) => x.id === beat.value)
			close()
			if (b)
				renameDialog(s, b)
		}}>${t('Rename…')}</button>
			<button class="btn primary" @click=${() => {
				close()
				moveDialog(s, { kind: 'beat', beat: beat.value, day: dayOfBeat(beat.value) }, null)
			}}>${t('Next')}</button>`,
	})
}

/** Visits into a beat, which is there or is made. @param {Store} s @param {Stop[]} visits */
export function joinDialog(s, visits) {
	const beats = [...(s.plan.peek()?.beats ?? [])].sort((a, b) => (a.code < b.code ? -1 : 1))
	const known = visits.find((v) => v.beat !== null)?.beat
	const beat = signal(known ?? beats[0]?.id ?? 0), code = signal(''), name = signal('')
	const problem = signal(/** @type {import('../core/http.js').Problem | null} */ (null))
	const ready = () => beat.value > 0 || (!!code.value.trim() && !!name.value.trim())
	/** Its id; null when it could not be made. */
	const chosen = async () => {
		if (beat.peek())
			return beat.peek()
		const is = { code: code.peek().trim(), name: name.peek().trim() }, [made, failed] = await api.addBeat(s.plan.peek()?.planId ?? 0, is)
		problem.value = failed
		if (!made)
			return null
		put(s, (list) => [...list, { id: made.id, ...is, seat: null }])
		return beat.value = made.id // should what follows fail, it is not made twice
	}
	const go = async (/** @type {Event} */ e) => {
		e.preventDefault()
		const id = ready() ? await chosen() : null
		if (id !== null && await sendOrTell(s, inParts(s.named(visits), (part) => ({ kind: 'join', beat: id, visits: part }))))
			close()
	}
	const close = openDialog({
		title: () => tn('Put {n} visit into a beat', 'Put {n} visits into a beat', visits.length),
		text: () => t('They stay with their person and on their days; the beat is what moves or is handed over together later.'),
		body: () => html`<form id="bj-form" @submit=${go}>${field('bj', t('Beat'), html`<select id="bj" class="input" @change=${(/** @type {any} */ e) => {
			beat.value = Number(e.target.value)
		}}>${beats.map((b) => html`<option value=${b.id} ?selected=${b.id === beat.value}>${b.code} · ${b.name}${b.seat !== null ? ' · ' + seatName(s, b.seat) : ''}</option>`)}<option value="0" ?selected=${!beat.value}>${t('a new beat')}</option></select>`)}
			${beat.value ? nothing : html`<div class="grid-2">${text('bj-code', t('Code'), code, 64, problem.value)}${text('bj-name', t('Name'), name, 120, problem.value)}</div>`}
			${problem.value ? problemNotice(problem.value) : nothing}</form>`,
		foot: () => html`<button class="btn" @click=${() => close()}>${t('Cancel')}</button><button class="btn primary" form="bj-form" ?disabled=${!ready()}>${icon('check')}${t('Put into the beat')}</button>`,
	})
}

/** @param {Store} s @param {Element | {x: number, y: number}} at @param {{beat: Beat, stops: Map<number, Stop[]>}} b @param {number | null} d one day of it, or all */
function menu(s, at, { beat, stops }, d) {
	const mine = d === null ? [...stops.values()].flat() : stops.get(d) ?? [], locked = s.editable.peek() ? false : t('Lock the territory first')
	openMenu(at, [
		{ label: t('Select its outlets'), icon: 'pointer', run: () => s.select(mine.map((x) => s.world.peek()?.needs.get(x.need)?.outlet ?? -1)) },
		null,
		{ label: t('Move or hand it over…'), icon: 'swap', disabled: locked, run: () => moveDialog(s, { kind: 'beat', beat: beat.id, day: d ?? [...stops.keys()].find((x) => !s.past(x)) ?? null }, null) },
		{ label: t('Rename…'), icon: 'settings', disabled: locked, run: () => renameDialog(s, beat) },
	])
}

/**
 * A row of the board beneath a person.
 * @param {Store} s @param {number} seat @param {{beat: Beat, stops: Map<number, Stop[]>}} b @param {number} row
 * @param {{tabindex: (col: number) => number, key: (e: KeyboardEvent, d: number, row: number, col: number) => void}} board
 */
export function beatRow(s, seat, b, row, board) {
	const f = s.focus.value, total = [...b.stops.values()].reduce((n, x) => n + x.length, 0)
	return html`<tr class="beat" aria-level="2"><th scope="row" class="who"><button title=${`${b.beat.code} · ${b.beat.name}`} aria-haspopup="menu" @click=${(/** @type {any} */ e) => menu(s, e.currentTarget, b, null)}><span class="ellipsis">${b.beat.name}</span></button></th>
	${s.days.value.map((d, col) => {
		const n = b.stops.get(d)?.length ?? 0, past = s.past(d)
		const label = `${b.beat.name}, ${day(s.dateOfDay(d))}: ${n ? tn('{n} call', '{n} calls', n) : t('no visit')}`
		return html`<td role="gridcell" aria-label=${label} title=${label} data-drop=${past ? nothing : `${seat} ${d}`} data-cell=${`${row} ${col}`} tabindex=${board.tabindex(col)}
			class=${cls('cell', 'part', !n && 'none', past && 'past', f.seat === seat && f.day === d && 'line')}
			@click=${() => {
				s.focus.value = { seat, day: d }
			}} @keydown=${(/** @type {KeyboardEvent} */ e) => {
				if (e.key === 'ContextMenu' || (e.shiftKey && e.key === 'F10')) {
					e.preventDefault()
					menu(s, /** @type {Element} */ (e.currentTarget), b, d)
				} else {
					board.key(e, d, row, col)
				}
			}} @contextmenu=${(/** @type {MouseEvent} */ e) => {
				e.preventDefault()
				menu(s, { x: e.clientX, y: e.clientY }, b, d)
			}}><span>${n || ''}</span></td>`
	})}
	<td class="sum more"></td><td class="sum more"></td><td class="sum more"></td><td class="sum"><small>${tn('{n} visit', '{n} visits', total)}</small></td></tr>`
}
