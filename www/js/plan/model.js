// SPDX-License-Identifier: GPL-3.0-or-later
// The plan in memory.  A World (outlets and needs, from the core of the snapshot) never changes; a Plan is a value: each server
// reply makes a new one that shares what did not change.  Pure: no page, no network.

/** @typedef {import('../core/api.js').Snapshot} Snapshot */
/** @typedef {import('../core/api.js').SnapshotDetails} SnapshotDetails */
/** @typedef {import('../core/api.js').Draft} Draft */
/** @typedef {import('../core/api.js').OpsReply} OpsReply */
/** @typedef {import('../core/api.js').Seat} Seat */

/** @typedef {{id: number, outlet: number, line: string, visits: number, service: number}} Need */
/**
 * @typedef {object} World
 * @property {number} n
 * @property {number[]} id
 * @property {string} details  names what else is told of these outlets
 * @property {Float64Array} lon  NaN without coordinates
 * @property {Float64Array} lat
 * @property {string[]} tier
 * @property {string[]} partner
 * @property {number[]} partnerIndex
 * @property {string[]} account
 * @property {number[]} rural  1: few outlets around, the road is that of the country
 * @property {Map<number, Need>} needs
 * @property {number[][]} needsOf  need ids by outlet index
 * @property {{id: number, code: string, name: string, lat: number | null, lon: number | null}[]} partners
 * @property {string[]} tiers
 * @property {string[]} lines  product lines
 * @property {number[]} [unit]  of several territories: which one, by its place among them
 */
/** In the order of the World. @typedef {{wholesale: boolean[], code: string[], name: string[], volume: number[], nppd: number[], due: number[], every: number[], spread: number[]}} Details  nppd: 0..100 as the outlet file says; due: days since 1970, every and spread: tenths of days; -1 unknown */
/** @typedef {{need: number, day: number, seat: number, beat: number | null, pos: number, from: string | null, to: string | null}} Stop */
/** @typedef {{calls: number, travel: number, service: number, wait: number, metres: number, over: number}} Sums */
/**
 * @typedef {object} Plan
 * @property {number} planId
 * @property {import('../core/api.js').Cycle} cycle
 * @property {Seat[]} seats
 * @property {import('../core/api.js').Beat[]} beats
 * @property {Map<number, Stop[]>} tours  by tour key, each in order of pos
 * @property {Map<number, Sums>} sums  the server's figures by tour key
 * @property {Map<number, {missing: number, reason: string}>} unserved  by need
 * @property {Map<number, number>} pins  what is pinned, by need: 1 = the person, 2 = the days, 3 = both
 * @property {Map<number, string[]>} overridden  rules that a change of the draft overrode, by need
 * @property {import('../core/api.js').Totals} totals
 * @property {boolean} stale  counted under other parameters than hold now
 * @property {number} seq
 * @property {string | null} undo
 * @property {string | null} redo
 * @property {number} edits  since the draft began
 * @property {import('../core/api.js').Travel[]} travel  how each vehicle travels
 * @property {number | null} version  shown, or the one the draft began from
 * @property {string | null} [undoAt]  when what undo would undo was done; null: there is nothing, or a commit
 * @property {string | null} [redoAt]
 * @property {string[]} [undoLeft]  other territories of that gesture, which keep their part when it is undone in this one alone
 * @property {string[]} [redoLeft]
 * @property {Map<number, number>} [alias]  of several plans: seats of a person that are shown as one, by id, and which one
 */

/** Differences back to numbers. @param {number[]} deltas */
export function undelta(deltas) {
	let last = 0
	return deltas.map((d) => (last += d))
}
/** The same of coordinates; NaN where there is none. @param {(number | null)[]} deltas */
function degrees(deltas) {
	let last = 0
	return Float64Array.from(deltas, (d) => (d === null ? NaN : (last += d) / 1e5))
}

/** @param {Snapshot} s @returns {World} */
export function decodeSnapshot(s) {
	const o = s.outlets, d = s.dict
	const id = undelta(o.id)
	const n = id.length
	/** @param {number[]} list @param {string[]} words */
	const word = (list, words) => list.map((i) => (i >= 0 ? words[i] ?? '' : ''))
	/** @type {Map<number, Need>} */
	const needs = new Map()
	/** @type {number[][]} */
	const needsOf = Array.from({ length: n }, () => [])
	const outletOf = undelta(s.needs.outlet)
	undelta(s.needs.id).forEach((need, i) => {
		const outlet = outletOf[i]
		needs.set(need, { id: need, outlet, line: d.line?.[s.needs.line[i]] ?? '', visits: s.needs.visits[i], service: s.needs.service[i] })
		needsOf[outlet]?.push(need)
	})
	const partners = d.partner ?? []
	return {
		n, id, details: s.details, lon: degrees(o.lon), lat: degrees(o.lat),
		tier: word(o.tier, d.tier), partner: word(o.partner, partners.map((/** @type {any} */ p) => p.name)), partnerIndex: o.partner,
		account: word(o.account, d.account ?? []), rural: o.rural, needs, needsOf, partners, tiers: d.tier ?? [], lines: (d.line ?? []).filter(Boolean),
	}
}

/** @param {SnapshotDetails} d @returns {Details} */
export const decodeDetails = (d) => ({ wholesale: d.outlets.channel.map((/** @type {number} */ i) => d.dict.channel?.[i] === 'WS'), code: d.outlets.code, name: d.outlets.name, volume: d.outlets.volume, nppd: d.outlets.nppd, due: d.outlets.due, every: d.outlets.every, spread: d.outlets.spread })

/** One number for (seat, day): days of a cycle are fewer than 64. @param {number} seat id @param {number} day */
export const tourKey = (seat, day) => seat * 64 + day
/** @param {number} key */
export const seatOf = (key) => Math.floor(key / 64)
/** @param {number} key */
export const dayOf = (key) => key % 64

/** @param {import('../core/api.js').Visits} v @returns {Stop[]} */
const stopsOf = (v) => v.need.map((need, i) => ({
	need, day: v.day[i], seat: v.seat[i], beat: v.beat[i] || null, pos: v.pos[i], from: v.from[i] ?? null, to: v.to[i] ?? null,
}))

/** @param {Map<number, Stop[]>} tours @param {Stop[]} stops */
function group(tours, stops) {
	for (const s of stops) {
		const key = tourKey(s.seat, s.day), list = tours.get(key)
		if (list)
			list.push(s)
		else
			tours.set(key, [s])
	}
	for (const list of tours.values())
		list.sort((a, b) => a.pos - b.pos || a.need - b.need)
}

/** An answer names a day that became empty, too; a draft does not. @param {import('../core/api.js').Tours} t @param {Map<number, Sums>} sums */
function setSums(t, sums) {
	t.seat.forEach((seat, i) => t.calls[i] && sums.set(tourKey(seat, t.day[i]), {
		calls: t.calls[i], travel: t.travel[i], service: t.service[i], wait: t.wait[i], metres: t.metres[i], over: t.over[i],
	}))
}

/** @param {Draft} d @returns {Plan} */
export function planOf(d) {
	const tours = new Map(), sums = new Map()
	group(tours, stopsOf(d.visits))
	setSums(d.tours, sums)
	return {
		planId: d.planId, cycle: d.cycle, seats: d.seats, beats: d.beats.map((b) => ({ ...b, seat: b.seat || null })), tours, sums,
		unserved: unservedOf(d.unserved), pins: pinsOf(d.pins), overridden: overriddenOf(d.overridden), totals: d.totals, stale: d.stale, seq: d.seq, undo: d.undo, redo: d.redo, edits: d.edits ?? 0,
		travel: d.travel ?? [], version: d.version ?? null, undoAt: d.undoAt ?? null, redoAt: d.redoAt ?? null, undoLeft: d.undoLeft ?? [], redoLeft: d.redoLeft ?? [],
	}
}

/** A new list with the stop at its place. @param {Stop[]} list @param {Stop} s */
function insert(list, s) {
	let i = list.length
	while (i > 0 && (list[i - 1].pos > s.pos || (list[i - 1].pos === s.pos && list[i - 1].need > s.need)))
		i--
	return [...list.slice(0, i), s, ...list.slice(i)]
}

/** Names of what a pin holds, by its number. */
export const holds = ['none', 'person', 'days', 'both']
/** @param {{need: number[], hold: number[]}} p */
const pinsOf = (p) => new Map(p.need.map((n, i) => [n, p.hold[i]]))
/** @param {import('../core/api.js').Overridden | undefined} o */
const overriddenOf = (o) => new Map(o?.need.map((n, i) => [n, o.rules[i].split(' ')]))
/** @param {import('../core/api.js').Unserved} u */
const unservedOf = (u) => new Map(u.need.map((n, i) => [n, { missing: u.missing[i], reason: u.reason[i] }]))

/**
 * The plan after a server reply.  Touched tours come whole and replace the old ones.  Stops outside them come too: all of a touched
 * need, but of any other need of a touched tour only those of its day, which may be with another person.  So what such a need has on that
 * day is replaced.  All else stays as it is.  The missing visits come complete.
 * @param {Plan} p @param {OpsReply} r @returns {Plan}
 */
export function applyReply(p, r) {
	const touched = new Set(r.tours.seat.map((seat, i) => tourKey(seat, r.tours.day[i])))
	for (const t of r.impact?.tours ?? [])
		touched.add(tourKey(t.seat, dayIndex(p.cycle, t.date)))
	const stops = stopsOf(r.visits)
	const given = new Set(stops.filter((s) => !touched.has(tourKey(s.seat, s.day))).map((s) => tourKey(s.need, s.day)))
	const tours = new Map(), sums = new Map()
	for (const [key, list] of p.tours) {
		if (touched.has(key))
			continue
		const day = dayOf(key), kept = given.size && list.some((s) => given.has(tourKey(s.need, day))) ? list.filter((s) => !given.has(tourKey(s.need, day))) : list
		if (kept.length)
			tours.set(key, kept)
	}
	for (const s of stops) {
		const key = tourKey(s.seat, s.day)
		tours.set(key, insert(tours.get(key) ?? [], s))
	}
	for (const [key, x] of p.sums)
		if (!touched.has(key))
			sums.set(key, x)
	setSums(r.tours, sums)
	return { ...p, tours, sums, unserved: unservedOf(r.unserved), pins: r.pins ? pinsOf(r.pins) : p.pins, overridden: overriddenOf(r.overridden), totals: r.totals, seq: r.seq, undo: r.undo, redo: r.redo, undoAt: r.undoAt ?? null, redoAt: r.redoAt ?? null, undoLeft: r.undoLeft ?? [], redoLeft: r.redoLeft ?? [], edits: r.edits ?? p.edits }
}

// ---- dates of the cycle: a cycle day is a weekday that comes back every `days` days, counted from the anchor

const DAY = 86400000
/** @param {string} iso @param {number} n */
export const addDays = (iso, n) => new Date(Date.parse(iso + 'T00:00:00Z') + n * DAY).toISOString().slice(0, 10)
/** @param {string} a @param {string} b */
export const daysBetween = (a, b) => Math.round((Date.parse(b + 'T00:00:00Z') - Date.parse(a + 'T00:00:00Z')) / DAY)
/** Cycle day of a date. @param {{anchor: string, days: number}} c @param {string} iso */
export const dayIndex = (c, iso) => ((daysBetween(c.anchor, iso) % c.days) + c.days) % c.days
/** The turn of the cycle that holds a date: 0 is the first. @param {{anchor: string, days: number}} c @param {string} iso */
export const turnOf = (c, iso) => Math.floor(daysBetween(c.anchor, iso) / c.days)
/** @param {{anchor: string, days: number}} c @param {number} turn @param {number} day */
export const dateOf = (c, turn, day) => addDays(c.anchor, turn * c.days + day)
/** Is a stop driven on this date? Bounds are inclusive. @param {Stop} s @param {string} iso */
export const validOn = (s, iso) => (!s.from || s.from <= iso) && (!s.to || iso <= s.to)

/** Stops of a tour on its date. @param {Plan} p @param {number} key @param {number} turn */
export function tourOn(p, key, turn) {
	const list = p.tours.get(key)
	if (!list)
		return []
	if (list.every((s) => !s.from && !s.to))
		return list
	const iso = dateOf(p.cycle, turn, dayOf(key))
	return list.filter((s) => validOn(s, iso))
}

/** 1 = Monday. @param {string} iso */
export const weekdayOf = (iso) => new Date(iso + 'T00:00:00Z').getUTCDay() || 7
/** Has a plan another cycle than the parameters want? @param {{anchor: string, weeks: number}} c @param {Record<string, any>} profile values by name */
export const otherCycle = (c, { weeks, weekStart }) => c.weeks !== weeks || weekdayOf(c.anchor) !== weekStart

/** Have two the same cycle? @param {Plan} a @param {Plan} b */
export const sameCycle = ({ cycle: a }, { cycle: b }) => a.anchor === b.anchor && a.days === b.days

/** A plan as it runs on the dates of another cycle, in one of its turns: a shorter one comes again in it. @param {Plan} p @param {import('../core/api.js').Cycle} c @param {number} [turn] @returns {Plan} */
export function inCycle(p, c, turn = 0) {
	/** @type {number[][]} */
	const to = Array.from({ length: p.cycle.days }, () => [])
	for (let day = 0; day < c.days; day++)
		to[dayIndex(p.cycle, dateOf(c, turn, day))].push(day)
	/** @template T @param {Map<number, T>} map @param {(x: T, day: number) => T} put */
	const turned = (map, put) => new Map([...map].flatMap(([key, x]) => to[dayOf(key)].map((day) => /** @type {[number, T]} */ ([tourKey(seatOf(key), day), put(x, day)]))))
	const times = c.days / p.cycle.days, { balancePct, seats, ...sums } = p.totals
	return {
		...p, cycle: c, tours: turned(p.tours, (list, day) => list.map((s) => ({ ...s, day }))), sums: turned(p.sums, (x) => x),
		totals: { .../** @type {import('../core/api.js').Totals} */ (Object.fromEntries(Object.entries(sums).map(([k, v]) => [k, v * times]))), balancePct, seats },
	}
}
/** Two plans on the same dates: in the cycle of the longer one, or of the first. @param {Plan} a @param {Plan} b @returns {[Plan, Plan]} */
export const alike = (a, b) => (sameCycle(a, b) ? [a, b] : b.cycle.days > a.cycle.days ? [inCycle(a, b.cycle), b] : [a, inCycle(b, a.cycle)])

/** Working days of the cycle. @param {import('../core/api.js').Cycle} c */
export function workDays(c) {
	const closed = new Set(c.closed)
	return Array.from({ length: c.days }, (_, d) => d).filter((d) => {
		const weekday = new Date(Date.parse(addDays(c.anchor, d) + 'T00:00:00Z')).getUTCDay() || 7
		return !closed.has(d) && (!c.workWeekdays?.length || c.workWeekdays.includes(weekday))
	})
}
