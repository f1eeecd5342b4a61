// SPDX-License-Identifier: GPL-3.0-or-later
// How long a leg takes: the formula of lib/route/travel.h, so that a drag shows minutes at once.  The server's price
// has the last word: it knows which places are rural and which legs were measured.

/** @typedef {{lat: number, lon: number}} Point */
/**
 * @typedef {object} Vehicle  one area class; speeds in metres a second
 * @property {number} mps
 * @property {number} road  road factor
 * @property {number} lost  seconds lost at each stop
 * @property {number} walkMax  straight metres up to which a leg may be walked
 * @property {number} walkMps
 * @property {number} walkRoad
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

/** Seconds of a leg. @param {Vehicle} v @param {Point} a @param {Point} b @param {boolean} isStop false for the way home */
export function legSeconds(v, a, b, isStop) {
	const m = straight(a, b)
	const ride = m * v.road / v.mps + (isStop ? v.lost : 0)
	const walk = m <= v.walkMax ? m * v.walkRoad / v.walkMps + (isStop ? v.walkLost : 0) : Infinity
	return Math.floor(Math.min(ride, walk) + 0.5)
}

/** Road metres of a leg. @param {Vehicle} v @param {Point} a @param {Point} b */
export const legMetres = (v, a, b) => Math.floor(straight(a, b) * v.road + 0.5)

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

/**
 * How a seat travels, from the travel model of the plan.  Roads are taken as in town: the map does not know which are not.
 * @param {import('../core/api.js').Travel[] | undefined} models @param {string | null} [name]  the seat's vehicle
 * @returns {Vehicle}
 */
export function vehicleOf(models, name) {
	const m = models?.find((x) => x.vehicle === name) ?? models?.[0]
	return m ? {
		mps: m.speedUrban / 3.6, road: m.roadFactorUrban, lost: m.stopMinutes * 60, walkMax: m.walkMetres,
		walkMps: m.walkSpeed / 3.6, walkRoad: m.roadFactorUrban, walkLost: m.walkStopMinutes * 60,
	} : { mps: 5, road: 1.3, lost: 90, walkMax: 300, walkMps: 4 / 3.6, walkRoad: 1.3, walkLost: 30 }
}
