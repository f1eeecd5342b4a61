// SPDX-License-Identifier: GPL-3.0-or-later
// General and modern trade are planned apart: which one a screen shows, the switch between them, and who may plan which.
import { html } from '../core/html.js'
import { t } from '../core/i18n.js'
import { place } from '../core/router.js'
import { can } from '../core/session.js'

/** @typedef {'GT' | 'MT'} Channel */

/** @param {string} channel */
export const channelName = (channel) => (channel === 'MT' ? t('Modern trade') : t('General trade'))
/** @param {string} channel */
const mayPlan = (channel) => can(channel === 'MT' ? 'PLAN_MT_ROUTES' : 'PLAN_GT_ROUTES')
/** Why who is signed in cannot plan a channel, or false. @param {string} channel */
export const whyNoPlanning = (channel) => (mayPlan(channel) ? false
	: channel === 'MT' ? t('Your role may not plan modern trade (MT)') : t('Your role may not plan general trade (GT)'))

/** The channel of the address; without one that which the person plans. @returns {Channel} */
export const channelHere = () => {
	const named = place.value.query.channel
	return named === 'GT' || named === 'MT' ? named : !mayPlan('GT') && mayPlan('MT') ? 'MT' : 'GT'
}

/** @param {string} now @param {(channel: Channel) => void} pick */
export const channelSwitch = (now, pick) => html`<div class="segmented" role="group" aria-label=${t('Channel')}>${/** @type {Channel[]} */ (['GT', 'MT']).map((c) => html`<button class="btn" aria-pressed=${String(c === now)} title=${channelName(c)} @click=${() => {
	if (c !== now)
		pick(c)
}}>${c}</button>`)}</div>`
