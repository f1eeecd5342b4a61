// SPDX-License-Identifier: GPL-3.0-or-later
// From what is chosen to all that is like it: of the same tier, distributor, chain or person; and who is short of visits close by.
import { num, t } from '../core/i18n.js'
import { straight } from '../plan/travel.js'
import { openMenu } from '../components/ui.js'

/** @typedef {import('../plan/store.js').Store} Store */

const NEAR_M = 2000

/** @param {Store} s @param {Element | {x: number, y: number}} at */
export function similarMenu(s, at) {
	const w = s.world.peek(), p = s.plan.peek(), chosen = [...s.selection.peek()]
	if (!w || !chosen.length)
		return
	/** @param {string} label @param {(i: number) => string | number} of what they have in common; '' = nothing @returns {import('../components/ui.js').MenuItem[]} */
	const same = (label, of) => {
		const values = new Set(chosen.map(of).filter((v) => v !== ''))
		return values.size ? [offer(label, (i) => values.has(of(i)))] : []
	}
	/** @param {string} label @param {(i: number) => boolean} fits */
	const offer = (label, fits) => {
		const found = w.id.flatMap((_, i) => (fits(i) ? [i] : []))
		return { label: `${label} (${num(found.length)})`, disabled: found.length ? /** @type {const} */ (false) : t('There is none'), run: () => s.select(found) }
	}
	const seats = s.stopsOf.peek(), short = new Set([...p?.unserved.keys() ?? []].map((need) => w.needs.get(need)?.outlet))
	const places = chosen.slice(0, 200).map((i) => ({ lat: w.lat[i], lon: w.lon[i] }))
	openMenu(at, [
		...same(t('Same tier'), (i) => w.tier[i]), ...same(t('Same distributor'), (i) => w.partner[i]), ...same(t('Same chain'), (i) => w.account[i]),
		...same(t('Same person'), (i) => seats.get(i)?.[0]?.seat ?? ''),
		null,
		offer(t('Short of visits within 2 km'), (i) => short.has(i) && places.some((q) => straight(q, { lat: w.lat[i], lon: w.lon[i] }) <= NEAR_M)),
	])
}
