// SPDX-License-Identifier: GPL-3.0-or-later
import { cls, html, nothing } from '../core/html.js'
import { api } from '../core/api.js'
import { ago, instant, t } from '../core/i18n.js'
import { unread } from '../core/notices.js'
import { empty, resource, shown } from '../components/ui.js'

/** Of an alarm: its words, and behind them the machine in brackets. @param {string} text */
function alarm(text) {
	const [, words, machine] = /^(.*?)( \([^()]*\))?$/.exec(text) ?? []
	return t(words ?? text) + (machine ?? '')
}

export function page() {
	const list = resource(() => api.notices({ limit: 100 }))
	/** What is on the screen has been read. */
	void list.load().then(async () => {
		const newest = list.data.peek()?.items[0]
		if (!newest)
			return
		const [after] = await api.readNotices(newest.id)
		unread.value = after?.unread ?? 0
	})
	const view = () => html`<div class="page narrow"><div class="page-head"><div><h1>${t('Notices')}</h1><p>${t('What others did that concerns you.')}</p></div></div>
	${shown(list, (l) => (l.items.length ? html`<section class="card tight"><ul class="notices">${l.items.map((n) => html`<li class=${cls(!n.seen && 'new')}><span class="two grow"><span><b>${n.from ?? t('The system')}</b> ${t(n.what)}${n.territoryId ? html` · <a href=${n.kind === 'PLAN_SUBMITTED' ? '/approvals' : `/territories/${n.territoryId}/plan${n.channel ? `?channel=${n.channel}` : ''}`}>${n.territory ?? '#' + n.territoryId}${n.channel ? ' ' + n.channel : ''}</a>` : nothing}</span>
		${n.text ? html`<small>${n.kind.startsWith('ALARM_') ? html`${alarm(n.text)} · <a href="/health">${t('Health')}</a>` : n.text}</small>` : nothing}</span><small class="faint nowrap" title=${instant(n.at)}>${ago(n.at)}</small></li>`)}</ul></section>`
		: html`<section class="card">${empty('check', t('Nothing new'), t('When somebody asks for your lock, breaks it, overrides a rule or commits a plan, it stands here.'))}</section>`))}</div>`
	return { title: t('Notices'), view }
}
