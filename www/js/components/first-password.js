// SPDX-License-Identifier: GPL-3.0-or-later
// Who signed in by a password that others made is told until when it is good.
import { html, nothing } from '../core/html.js'
import { instant, t } from '../core/i18n.js'
import { me } from '../core/session.js'
import { icon } from './icons.js'

/** A notice, or nothing. @param {boolean} [elsewhere] it is changed on another page */
export const firstPassword = (elsewhere = false) => (me.value?.temporaryUntil ? html`<div class="notice warn" role="status">${icon('lock')}<div class="grow"><p>${t('Your password was made for you, and is good until {date}: choose one of your own.', { date: instant(me.value.temporaryUntil) })}</p></div>
	${elsewhere ? html`<a class="btn" href="/account">${t('Change the password')}</a>` : nothing}</div>` : nothing)
