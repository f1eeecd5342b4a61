// SPDX-License-Identifier: GPL-3.0-or-later
// One drag for map, board and lists, by pointer events.  While it lasts, the target says what the drop would cost;
// the drop opens the move dialog.  Each drag has a keyboard way: "Move to… (M)".
import { day, duration, num, signed, t, tn } from '../core/i18n.js'
import { ruleText } from '../plan/labels.js'
import { moveDialog } from './move.js'
import { dueText, opsFor, seatName, signedTime } from './ops.js'

/** @typedef {import('../plan/store.js').Store} Store */
/** @typedef {import('./ops.js').Payload} Payload */
/** @typedef {{seat: number | null, day: number | null, pos?: number}} Target  null: as now */

/** Pixels: from the foot of the board, of its heads, and in a frame. */
const EDGE = 10, HEAD = 40, STEP = 10
const DWELL_MS = 400
const MANY = 200 /* visits */

/** @param {Element | null} node @returns {{node: HTMLElement, target: Target} | null} */
function targetOf(node) {
	const found = /** @type {HTMLElement | null} */ (node?.closest('[data-drop]') ?? null)
	if (!found)
		return null
	const [seat, d, pos] = String(found.dataset.drop).split(' ').map((x) => (x === '*' ? -1 : Number(x)))
	return { node: found, target: { seat: seat < 0 ? null : seat, day: d < 0 ? null : d, ...(pos >= 0 ? { pos } : {}) } }
}

/**
 * @param {PointerEvent} e  the press that may become a drag
 * @param {Store} s @param {Payload} payload
 * @param {() => void} [onclick]  released without moving
 * @param {(t: Target) => boolean} [ondrop]  may take the drop itself
 */
export function beginDrag(e, s, payload, onclick, ondrop) {
	const x0 = e.clientX, y0 = e.clientY
	/** @type {HTMLElement | null} */
	let ghost = null
	/** @type {HTMLElement | null} */
	let over = null
	/** @type {Target | null} */
	let target = null
	let key = ''
	/** @type {AbortController | null} */
	let asking = null
	let timer = 0, frame = 0, since = 0, x = x0, y = y0

	// The first estimate of very many visits takes the longest, while nothing of it is compiled: it is made on the way to the first day.
	if (payload.kind === 'move' && payload.visits.length > MANY)
		setTimeout(() => s.estimate(opsFor(s, payload, payload.visits[0], 'standing')))
	const begin = () => {
		ghost = document.createElement('div')
		ghost.className = 'ghost'
		document.getElementById('layers')?.append(ghost)
		document.body.classList.add('dragging')
		say([payload.kind === 'move' ? tn('{n} visit', '{n} visits', payload.visits.length) : payload.kind === 'beat' ? t('Beat') : t('1 outlet')])
	}
	/** @param {string[]} lines @param {boolean} [bad] */
	const say = (lines, bad) => {
		ghost?.replaceChildren(...lines.map((l, i) => Object.assign(document.createElement(i ? 'span' : 'b'), { textContent: l })))
		ghost?.classList.toggle('bad', !!bad)
	}
	/** @param {import('../core/api.js').Impact} impact @param {Target} to @param {boolean} sure */
	const show = (impact, to, sure) => {
		const date = to.day === null ? null : s.dateOfDay(to.day)
		const mine = date ? impact.tours.find((x) => (to.seat === null || x.seat === to.seat) && x.date === date) : undefined
		const seat = s.plan.peek()?.seats.find((x) => x.id === (to.seat ?? mine?.seat))
		const block = impact.broken.filter((b) => b.severity === 'block')
		say([
			[seat && seatName(s, seat.id), date && day(date)].filter(Boolean).join(' · '),
			...(impact.price ? [`${sure ? '' : '≈ '}${t('price {time}', { time: signedTime(impact.price.total) })}`] : []),
			`${sure ? '' : '≈ '}${t('{time} in all', { time: signedTime(impact.minutes) })} · ${signed(impact.km, 1)} km`,
			...(dueText(impact) ? [dueText(impact)] : []),
			...(mine ? [`${num(mine.after.calls)}/${num(seat?.maxCalls)} ${t('calls')} · ${duration(mine.after.minutes * 60)}`] : []),
			...[...new Set(block.map((b) => ruleText(b)))].slice(0, 3),
		], block.length > 0)
	}
	/** Who stays at the head or the foot of the board scrolls it, so that every row can be dropped on. */
	const creep = () => {
		cancelAnimationFrame(frame)
		const board = document.querySelector('.board-scroll'), r = board?.getBoundingClientRect()
		const by = !r || x < r.left || x > r.right || y < r.top ? 0 : y > r.bottom - EDGE ? STEP : y < r.top + HEAD ? -STEP : 0
		since = by ? since || performance.now() : 0
		if (!board || !by)
			return
		frame = requestAnimationFrame(() => {
			if (performance.now() - since > DWELL_MS) {
				board.scrollTop += by
				look()
			}
			creep()
		})
	}
	/** @param {PointerEvent} m */
	const move = (m) => {
		if (!ghost) {
			if (Math.hypot(m.clientX - x0, m.clientY - y0) < 6)
				return
			begin()
		}
		m.preventDefault()
		x = m.clientX
		y = m.clientY
		if (ghost)
			ghost.style.transform = `translate(${Math.min(x + 14, innerWidth - 250)}px, ${Math.min(y + 14, innerHeight - 110)}px)`
		look()
		creep()
	}
	/** What is under the pointer, and what a drop there would cost. */
	const look = () => {
		const found = targetOf(document.elementFromPoint(x, y))
		if (found?.node !== over) {
			over?.classList.remove('drop-on')
			over = found?.node ?? null
			over?.classList.add('drop-on')
		}
		target = found?.target ?? null
		const k = target ? `${target.seat} ${target.day} ${target.pos}` : ''
		if (k === key)
			return
		key = k
		clearTimeout(timer)
		asking?.abort()
		if (!target)
			return
		const to = target
		const ops = opsFor(s, payload, to, 'standing')
		const guess = s.estimate(ops)
		if (guess)
			show(guess, to, false)
		timer = window.setTimeout(async () => {
			asking = new AbortController()
			const [impact] = await s.price(ops, asking.signal)
			if (impact && key === k)
				show(impact, to, true)
		}, 140)
	}
	const end = () => {
		removeEventListener('pointermove', move)
		removeEventListener('pointerup', up)
		removeEventListener('pointercancel', end)
		removeEventListener('keydown', escape, true)
		cancelAnimationFrame(frame)
		clearTimeout(timer)
		asking?.abort()
		ghost?.remove()
		over?.classList.remove('drop-on')
		document.body.classList.remove('dragging')
	}
	const up = () => {
		const dragged = !!ghost, to = target
		end()
		if (!dragged)
			onclick?.()
		else if (to && !ondrop?.(to))
			moveDialog(s, payload, to)
	}
	/** @param {KeyboardEvent} k */
	const escape = (k) => {
		if (k.key === 'Escape') {
			k.stopPropagation()
			end()
		}
	}
	addEventListener('pointermove', move)
	addEventListener('pointerup', up)
	addEventListener('pointercancel', end)
	addEventListener('keydown', escape, true)
}
