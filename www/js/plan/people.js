// SPDX-License-Identifier: GPL-3.0-or-later
// Are there people enough?

/** How many people would make 95 % of the visits, at as many as those make who are there; 0 where these do, or where it is not people that lack. @param {Pick<import('./model.js').Plan, 'seats' | 'totals' | 'unserved'>} p */
export function peopleNeeded(p) {
	const lacking = [...p.unserved.values()].reduce((n, u) => n + (/^CAPACITY_(TIME|CALLS)$/.test(u.reason) ? u.missing : 0), 0), wanted = 0.95 * (p.totals.calls + p.totals.unserved)
	return lacking > wanted - p.totals.calls && p.totals.calls < wanted && p.totals.calls ? Math.ceil(wanted / p.totals.calls * p.seats.length) : 0
}
