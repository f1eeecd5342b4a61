// SPDX-License-Identifier: GPL-3.0-or-later
// How long a leg takes: the formula of lib/route/travel.h, so that a drag shows minutes at once; tests hold both
// against the same legs.  The server's price has the last word: it knows which legs were measured.

/** @typedef {{lat: number, lon: number, rural?: number}} Point rural: 1 when few outlets are around */
/**
 * @typedef {object} Vehicle  three classes: both ends in town, one, none
 * @property {number[]} pace  seconds per straight metre
 * @property {number[]} road  road factor
 * @property {number} lost  seconds lost at each stop
 * @property {number} walkMax  straight metres up to which a leg may be walked
 * @property {number} walkPace  seconds per straight metre
 * @property {number} walkLost
 */

/** Metres per degree on a sphere of radius 6,371,008.8 m. */
const METRES = 111194.927
const RAD = Math.PI / 180

/** Straight metres between two places. @param {Point} a @param {Point} b */
export function straight(a, b) {
	let dLon = b.lon - a.lon
	if (dLon > 180)
		dLon -= 360
	else if (dLon < -180)
		dLon += 360
	const dy = METRES * (b.lat - a.lat)
	const dx = METRES * dLon * (Math.cos(a.lat * RAD) + Math.cos(b.lat * RAD)) / 2
	return Math.sqrt(dx * dx + dy * dy)
}

/** @param {Point} a @param {Point} b */
const areaOf = (a, b) => (a.rural ?? 0) + (b.rural ?? 0)

/** Seconds of a leg. @param {Vehicle} v @param {Point} a @param {Point} b @param {boolean} isStop false for the way home */
export function legSeconds(v, a, b, isStop) {
	const m = straight(a, b)
	const ride = m * v.pace[areaOf(a, b)] + (isStop ? v.lost : 0)
	const walk = m <= v.walkMax ? m * v.walkPace + (isStop ? v.walkLost : 0) : Infinity
	return Math.floor(Math.min(ride, walk) + 0.5)
}

/** Road metres of a leg. @param {Vehicle} v @param {Point} a @param {Point} b */
export const legMetres = (v, a, b) => Math.floor(straight(a, b) * v.road[areaOf(a, b)] + 0.5)

/**
 * Sums of a tour that starts and ends at `home`; without one at its first and last stop, as working time does.
 * @param {Vehicle} v @param {Point | null} home @param {{at: Point | null, service: number}[]} stops
 */
export function tourSums(v, home, stops) {
	let travel = 0, metres = 0, service = 0
	/** @type {Point | null} */
	let last = home
	/** @type {number[]} seconds since the start at which each visit begins */
	const arrive = []
	for (const s of stops) {
		if (s.at && last) {
			travel += legSeconds(v, last, s.at, true)
			metres += legMetres(v, last, s.at)
		}
		arrive.push(travel + service)
		service += s.service
		last = s.at ?? last
	}
	if (home && last && stops.length) {
		travel += legSeconds(v, last, home, false)
		metres += legMetres(v, last, home)
	}
	return { travel, metres, service, arrive }
}

/** Where the days of a seat begin and end; null where the way there and back does not count. @param {import('../core/api.js').Seat | undefined} seat @returns {Point | null} */
export const homeOf = (seat) => (seat?.starts && seat.lat !== null && seat.lon !== null ? { lat: seat.lat, lon: seat.lon, rural: seat.rural } : null)

/** Where one more stop costs least: index into the order. @param {Vehicle} v @param {Point | null} home @param {(Point | null)[]} order @param {Point} p */
export function cheapest(v, home, order, p) {
	let best = order.length, cost = Infinity
	for (let i = 0; i <= order.length; i++) {
		const a = i ? order[i - 1] : home
		const b = i < order.length ? order[i] : home
		const isStop = i < order.length
		const c = (a ? legSeconds(v, a, p, true) : 0) + (b ? legSeconds(v, p, b, isStop) : 0)
			- (a && b && order.length ? legSeconds(v, a, b, isStop) : 0)
		if (c < cost) {
			cost = c
			best = i
		}
	}
	return best
}

/** @param {number} urban @param {number} rural */
const classes = (urban, rural) => [urban, (urban + rural) / 2, rural]

/**
 * How a seat travels, from the travel model of the plan.
 * @param {import('../core/api.js').Travel[] | undefined} models @param {string | null} [name]  the seat's vehicle
 * @returns {Vehicle}
 */
export function vehicleOf(models, name) {
	const m = models?.find((x) => x.vehicle === name) ?? models?.[0] ?? usual
	return {
		pace: classes(m.roadFactorUrban * 3.6 / m.speedUrban, m.roadFactorRural * 3.6 / m.speedRural), road: classes(m.roadFactorUrban, m.roadFactorRural),
		lost: m.stopMinutes * 60, walkMax: m.walkMetres, walkPace: m.roadFactorUrban * 3.6 / m.walkSpeed, walkLost: m.walkStopMinutes * 60,
	}
}
const usual = { speedUrban: 18, speedRural: 30, roadFactorUrban: 1.3, roadFactorRural: 1.4, stopMinutes: 1.5, walkSpeed: 4, walkStopMinutes: 0.5, walkMetres: 300 }
