// SPDX-License-Identifier: GPL-3.0-or-later
// What tests of plans have in common: dates of the cycle, the stops of a draft, tours and their arrangement.
const DAY = 86400000

/** The date of a day of the cycle, or so many days after a date. */
export const dateOf = (anchor, day) => new Date(Date.parse(`${anchor}T00:00:00Z`) + day * DAY).toISOString().slice(0, 10)
/** All stops of a draft as one text: two drafts with the same one are the same plan. */
export const stops = (x) => x.visits.need.map((n, i) => [n, x.visits.day[i], x.visits.seat[i], x.visits.pos[i], x.visits.from[i], x.visits.to[i]].join()).sort().join(';')
/** All that may be counted of a draft, without how often and when it was changed. */
export const bytes = ({ seq, undo, redo, undoAt, redoAt, undoLeft, redoLeft, edits, ...rest }) => JSON.stringify(rest)
/** Needs of a standing tour in their order. */
export const tour = (x, seat, day) => x.visits.need.map((n, i) => [n, i]).filter(([, i]) => x.visits.seat[i] === seat && x.visits.day[i] === day && !x.visits.to[i]).sort((a, b) => x.visits.pos[a[1]] - x.visits.pos[b[1]]).map(([n]) => n)
/** The operation that makes these the tours. */
export const arrange = (x, tours) => ({ kind: 'arrange', tours: tours.map((t) => ({ seat: t.seat, date: dateOf(x.cycle.anchor, t.day), order: t.order })) })
/** Visit lists follow holidays and their rule in the background: waits until all of a territory have. */
export async function listsFollow(client, territory, as = 'admin') {
	for (let i = 0; i < 150; i++) {
		const r = await client.call({ as, path: `/territories/${territory}/holidays` })
		if (!r.json?.pending)
			return ''
		await new Promise((done) => setTimeout(done, 200))
	}
	return 'the visit list does not follow'
}
