// SPDX-License-Identifier: GPL-3.0-or-later
// What the colours of the map mean, unless they are the seats', which the board shows.
import { css, html, nothing } from '../core/html.js'
import { t, weekday } from '../core/i18n.js'
import { colourVar, pinColours, shapeOf, tierColours } from './palette.js'

/** @typedef {import('../plan/store.js').Store} Store */

/** @param {Store} s */
export function legend(s) {
	const w = s.world.value, by = s.colourBy.value
	if (!w || by === 'seat')
		return nothing
	if (by === 'nppd') {
		const d = s.details.now.value
		s.details.want()
		return html`<div class="map-legend"><span>${t('Likely to buy now')}</span><i class="ramp"></i><span class="row between num"><span>0 %</span><span>100 %</span></span>
			${!d || d.nppd.some((x, i) => x < 0 && d.due[i] < 0) ? html`<span class="row"><i class="dot"></i>${d ? t('not known yet') : s.details.problem.value ? t('could not be fetched') : t('still on its way')}</span>` : nothing}</div>`
	}
	/** @type {[number, number, string][]} colour, shape, label */
	const rows = by === 'tier' ? w.tiers.map((name, k) => [tierColours[k % tierColours.length], k % 4, name])
		: by === 'pin' ? [[pinColours[1], 1, t('pinned to its person')], [pinColours[2], 2, t('pinned to its days')], [pinColours[3], 3, t('pinned to both')]]
		: by === 'partner' ? w.partners.map((p, k) => [k % 12, shapeOf(k), p.name])
			: [...new Map(s.days.value.map((d) => [d % 7, d])).values()].map((d) => [d % 7, 0, weekday(s.dateOfDay(d))])
	return html`<div class="map-legend" tabindex="0" role="group" aria-label=${t('Meaning of the colours')}>${rows.map(([c, shape, label]) => html`<span class="row"><i class=${`dot s${shape}`} ${css({ '--c': colourVar(c) })}></i><span class="ellipsis">${label}</span></span>`)}
		${by === 'day' ? html`<small class="faint">${t('first visit of the cycle')}</small>` : nothing}</div>`
}
