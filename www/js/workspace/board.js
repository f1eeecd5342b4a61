// SPDX-License-Identifier: GPL-3.0-or-later
// The board: seats by days of the cycle.  A cell is a tour, filled as full as its day; it takes drops and the focus.
import { cls, css, html, nothing, signal } from '../core/html.js'
import { dayOfMonth, duration, num, t, tn, weekday, day } from '../core/i18n.js'
import { awayOn } from '../plan/absence.js'
import { colourVar, shapeOf } from '../map/palette.js'
import { canEverywhere } from '../core/session.js'
import { absenceText } from '../components/seat.js'
import { icon } from '../components/icons.js'
import { openMenu } from '../components/ui.js'
import { beatRow, beatsOf } from './beats.js'
import { beginDrag } from './drag.js'
import { moveDialog } from './move.js'
import { seatName } from './ops.js'
import { runOperation } from './commands.js'
import { overriddenOf, pinnedOf } from './pins.js'

/** @typedef {import('../plan/store.js').Store} Store */

/** @typedef {ReturnType<typeof import('./talk.js').createTalk>} Talk */

/** More time or more calls than the seat has in a day. @param {import('../core/api.js').Seat} seat @param {{travel: number, service: number, wait: number} | null} sums @param {number} calls */
const isOver = (seat, sums, calls) => (seat.shiftSeconds > 0 && !!sums && (sums.travel + sums.service + sums.wait) / seat.shiftSeconds > 1.001) || (seat.maxCalls > 0 && calls > seat.maxCalls)

/** @param {Store} s @param {Talk} talk */
export function createBoard(s, talk) {
	let cursor = { row: 0, col: 0 }
	/* Persons whose beats are shown. */
	const open = signal(/** @type {Set<number>} */ (new Set()))
	/** @param {number} seat */
	const turn = (seat) => {
		const next = new Set(open.peek())
		if (!next.delete(seat))
			next.add(seat)
		open.value = next
	}

	/** @param {number | null} seat @param {number | null} day_ */
	const focusOn = (seat, day_) => {
		const f = s.focus.peek()
		s.focus.value = f.seat === seat && f.day === day_ ? { seat: null, day: null } : { seat, day: day_ }
	}
	/** @param {import('./talk.js').About} what @returns {(e: KeyboardEvent) => void} */
	const talkKey = (what) => (e) => {
		if (e.key.toLowerCase() === 'c' && !e.ctrlKey && !e.metaKey) {
			e.preventDefault()
			talk.open(what)
		}
	}
	/** The visits of a person or of a date that are still to come. @param {number | null} seat @param {number | null} d */
	const visitsOf = (seat, d) => (s.plan.peek()?.seats ?? []).filter((x) => seat === null || x.id === seat)
		.flatMap((x) => s.days.peek().filter((y) => (d === null || y === d) && s.mayEdit(y)).flatMap((y) => s.tour(x.id, y)))
	/** Heads stand for all that a person or a date has: M and a drag move it. @param {import('./talk.js').About} what @param {number | null} seat @param {number | null} d @returns {(e: KeyboardEvent) => void} */
	const headKey = (what, seat, d) => (e) => {
		const visits = e.key.toLowerCase() === 'm' && !e.ctrlKey && !e.metaKey ? visitsOf(seat, d) : []
		if (!visits.length)
			return talkKey(what)(e)
		e.preventDefault()
		moveDialog(s, { kind: 'move', visits }, null)
	}
	/** @param {number | null} seat @param {number | null} d @returns {(e: PointerEvent) => void} */
	const headDown = (seat, d) => (e) => {
		const visits = e.button === 0 && e.pointerType === 'mouse' ? visitsOf(seat, d) : []
		if (visits.length)
			beginDrag(e, s, { kind: 'move', visits })
	}
	/** @param {KeyboardEvent} e @param {number} seat @param {number} d @param {number} row @param {number} col */
	const key = (e, seat, d, row, col) => {
		/** @type {Record<string, [number, number]>} */
		const by = { ArrowRight: [0, 1], ArrowLeft: [0, -1], ArrowDown: [1, 0], ArrowUp: [-1, 0] }
		if (by[e.key]) {
			e.preventDefault()
			const to = /** @type {HTMLElement | null} */ (document.querySelector(`[data-cell="${row + by[e.key][0]} ${col + by[e.key][1]}"]`))
			if (to) {
				document.querySelector('.board [data-cell][tabindex="0"]')?.setAttribute('tabindex', '-1')
				cursor = { row: row + by[e.key][0], col: col + by[e.key][1] }
				to.tabIndex = 0
				to.focus()
			}
		} else if (e.key === 'Enter' || e.key === ' ') {
			e.preventDefault()
			focusOn(seat, d)
		} else if (e.key.toLowerCase() === 'm' && !e.ctrlKey && !e.metaKey && s.mayEdit(d) && s.selectedVisits.peek().length) {
			e.preventDefault()
			e.stopPropagation()
			moveDialog(s, { kind: 'move', visits: s.selectedVisits.peek() }, { seat, day: d })
		} else if (e.key === 'ContextMenu' || (e.shiftKey && e.key === 'F10')) {
			e.preventDefault()
			cellMenu(/** @type {Element} */ (e.currentTarget), seat, d)
		} else {
			talkKey({ seat, day: d })(e)
		}
	}
	/** @param {Element | {x: number, y: number}} at @param {number} seat @param {number} d */
	const cellMenu = (at, seat, d) => {
		const stops = s.tour(seat, d)
		const locked = s.editable.peek() ? false : t('Lock the territory first')
		const none = locked || (s.past(d) ? t('This day is over') : false) || (stops.length ? false : t('No visit on this day'))
		const beat = stops.find((x) => x.beat !== null)?.beat ?? null
		openMenu(at, [
			{ label: t('Open this day'), icon: 'list', run: () => {
				s.focus.value = { seat, day: d }
			} },
			{ label: t('Comments on the day'), icon: 'talk', keys: 'C', run: () => talk.open({ seat, day: d }) },
			{ label: t('Select its outlets'), icon: 'pointer', run: () => s.select(stops.map((x) => s.world.peek()?.needs.get(x.need)?.outlet ?? -1)) },
			null,
			{ label: t('Move the whole day to…'), icon: 'move', disabled: none, run: () => moveDialog(s, { kind: 'move', visits: stops }, null) },
			{ label: t('Move its beat to…'), icon: 'swap', disabled: none || (beat === null ? t('This day has no beat') : false), run: () => moveDialog(s, { kind: 'beat', beat: /** @type {number} */ (beat), day: d }, null) },
			{ label: t('Best order'), icon: 'sort', disabled: none, run: () => {
				s.focus.value = { seat, day: d }
				runOperation(s, 'auto')
			} },
		])
	}

	/** @param {import('../core/api.js').Seat} seat @param {number} d @param {number} row @param {number} col */
	const cell = (seat, d, row, col) => {
		const stops = s.tour(seat.id, d)
		const sums = s.sums(seat.id, d)
		const f = s.focus.value
		const time = sums ? sums.travel + sums.service + sums.wait : 0
		const full = seat.shiftSeconds ? time / seat.shiftSeconds : 0
		const over = isOver(seat, sums, stops.length)
		const low = stops.length > 0 && full < 0.6
		const on = f.seat === seat.id && f.day === d
		const off = !!seat.workDays && !seat.workDays.includes(d)
		const past = s.past(d), away = past ? undefined : awayOn(seat, s.dateOfDay(d))
		const dated = stops.some((x) => x.from || x.to), said = talk.ofDay(seat.id, d)
		const pinned = pinnedOf(s, stops), against = overriddenOf(s, stops)
		const label = `${seatName(s, seat.id)}, ${day(s.dateOfDay(d))}: ${stops.length ? `${tn('{n} call', '{n} calls', stops.length)}, ${duration(time)}${sums ? `, ${num(sums.metres / 1000, 1)} km` : ''}` : off ? t('day off') : t('no visit')}${over ? ', ' + t('over the limit') : ''}${past ? ', ' + t('over and done') : ''}${away ? ', ' + absenceText(away) : ''}${against ? ', ' + tn('{n} against a rule', '{n} against a rule', against) : ''}${pinned ? ', ' + tn('{n} pinned', '{n} pinned', pinned) : ''}${said ? ', ' + tn('{n} comment', '{n} comments', said) : ''}`
		return html`<td role="gridcell" aria-selected=${String(on)} aria-label=${label} title=${label} data-drop=${past ? nothing : `${seat.id} ${d}`} data-cell=${`${row} ${col}`}
			tabindex=${cursor.row === row && cursor.col === col ? 0 : -1}
			class=${cls('cell', on && 'on', over && 'over', low && 'low', !stops.length && 'none', off && 'off', past && 'past', away && !away.relief && 'away', said > 0 && 'said', pinned > 0 && 'held', against > 0 && 'against', (f.seat === seat.id || f.day === d) && 'line')}
			${css({ '--v': Math.min(1, full) })}
			@click=${() => focusOn(seat.id, d)}
			@keydown=${(/** @type {KeyboardEvent} */ e) => key(e, seat.id, d, row, col)}
			@contextmenu=${(/** @type {MouseEvent} */ e) => {
				e.preventDefault()
				cellMenu({ x: e.clientX, y: e.clientY }, seat.id, d)
			}}
			@pointerdown=${(/** @type {PointerEvent} */ e) => {
				if (e.button === 0 && e.pointerType === 'mouse' && s.mayEdit(d) && stops.length)
					beginDrag(e, s, { kind: 'move', visits: stops })
			}}><span>${stops.length || ''}${dated ? html`<sup aria-hidden="true">*</sup>` : nothing}</span></td>`
	}

	return () => {
		const p = s.plan.value
		if (!p)
			return nothing
		const days = s.days.value, f = s.focus.value
		const rows = p.seats.flatMap((seat) => {
			const beats = beatsOf(s, seat.id)
			return [{ seat, beats, beat: null }, ...(open.value.has(seat.id) ? beats.map((beat) => ({ seat, beats, beat })) : [])]
		})
		/** @type {number[]} */
		const weeks = [...new Set(days.map((d) => Math.floor(d / 7)))]
		return html`<div class="board-scroll" tabindex="-1"><table class="board" role="treegrid" aria-label=${t('Seats by days of the cycle')} ${css({ '--days': days.length })}>
		<thead><tr><th scope="col" class="who" rowspan="2">${t('Seat')}<span class="key" aria-hidden="true"><i class="low"></i>&lt; 60 %<i class="full"></i>${t('used')}<i class="over"></i>${t('over')}</span></th>${weeks.map((w) => html`<th scope="colgroup" class="week" colspan=${days.filter((d) => Math.floor(d / 7) === w).length}>${t('Week {n}', { n: w + 1 })}</th>`)}<th class="sum more" rowspan="2" scope="col">${t('Visits')}</th><th class="sum more" rowspan="2" scope="col">${t('Time')}</th><th class="sum more" rowspan="2" scope="col">km</th><th class="sum" rowspan="2" scope="col">${t('Load')}</th></tr>
		<tr>${days.map((d) => html`<th scope="col" class=${cls('d', f.day === d && f.seat === null && 'on', d % 7 === days[0] % 7 && 'first', s.holidays.value.has(s.dateOfDay(d)) && 'holiday')}><button title=${[day(s.dateOfDay(d)), s.holidays.value.get(s.dateOfDay(d))].filter(Boolean).join(' · ')} class=${cls(talk.ofDay(null, d) > 0 && 'said')} data-drop=${s.past(d) ? nothing : `* ${d}`} @click=${() => focusOn(null, d)} @keydown=${headKey({ day: d }, null, d)} @pointerdown=${headDown(null, d)}><small>${weekday(s.dateOfDay(d))}</small>${dayOfMonth(s.dateOfDay(d))}</button></th>`)}</tr></thead>
		<tbody>${rows.map(({ seat, beats, beat }, row) => {
			if (beat)
				return beatRow(s, seat.id, beat, row, { tabindex: (col) => (cursor.row === row && cursor.col === col ? 0 : -1), key: (e, d, r, col) => key(e, seat.id, d, r, col) })
			const sums = days.map((d) => s.sums(seat.id, d))
			const time = sums.reduce((a, x) => a + (x ? x.travel + x.service + x.wait : 0), 0)
			const share = seat.shiftSeconds ? time / (seat.shiftSeconds * days.length) : 0
			const calls = days.map((d) => s.tour(seat.id, d).length), all = calls.reduce((a, n) => a + n, 0), km = sums.reduce((a, x) => a + (x ? x.metres / 1000 : 0), 0)
			const over = days.filter((_, k) => isOver(seat, sums[k], calls[k])).length
			const told = [tn('{n} visit', '{n} visits', all), duration(time), `${num(km)} km`, ...(over ? [tn('{n} day over the limit', '{n} days over the limit', over)] : [])].join(', ')
			const i = s.seatIndex.value.get(seat.id) ?? 0
			const shown = open.value.has(seat.id), who = seatName(s, seat.id)
			return html`<tr class=${cls(f.seat === seat.id && 'on')} aria-level="1" aria-expanded=${beats.length ? String(shown) : nothing}>
			<th scope="row" class="who">${beats.length ? html`<button class="turn" aria-expanded=${String(shown)} aria-label=${t('Beats of {name}', { name: who })} title=${t('Beats of {name}', { name: who })} @click=${() => turn(seat.id)}>${icon(shown ? 'down' : 'right')}</button>` : nothing}<button class="name" data-drop=${`${seat.id} *`} @click=${() => focusOn(seat.id, null)} @keydown=${headKey({ seat: seat.id }, seat.id, null)} @pointerdown=${headDown(seat.id, null)} title=${`${seat.code} · ${seat.name}`}>
				<i class=${`dot s${shapeOf(i)}`} ${css({ '--c': colourVar(i) })}></i><span class="ellipsis">${seat.person ?? t('vacant')}</span>${talk.ofSeat(seat.id) ? html`<span class="said" role="img" aria-label=${tn('{n} comment', '{n} comments', talk.ofSeat(seat.id))}></span>` : nothing}<small>${seat.code}</small></button></th>
			${days.map((d, col) => cell(seat, d, row, col))}
			<td class="sum more">${num(all)}</td><td class="sum more">${t('{n} h', { n: num(time / 3600) })}</td><td class="sum more">${num(km)}</td>
			<td class=${cls('sum', over > 0 && 'over')} title=${told} aria-label=${`${num(share * 100)} %, ${told}`}><span class="loadbar" ${css({ '--v': Math.min(1, share) })}><i></i></span><small>${num(share * 100)} %</small></td></tr>`
		})}</tbody></table></div>
		${p.seats.length ? nothing : html`<div class="empty">${icon('users')}<p>${s.channel === 'MT' ? t('No seats of modern trade here yet: import seats with their people.') : t('No seats here yet: import seats with their people.')}</p>${canEverywhere('IMPORT_DATA') ? html`<a class="btn" href="/import">${t('Import')}</a>` : nothing}</div>`}`
	}
}
