// SPDX-License-Identifier: GPL-3.0-or-later
// Who plans where: locks that one may break, one or many with one reason.
import { cls, html, signal } from '../core/html.js'
import { api } from '../core/api.js'
import { onEvent } from '../core/live.js'
import { ago, instant, t, tn } from '../core/i18n.js'
import { ask, empty, resource, shown, toast, toastProblem } from '../components/ui.js'

/** @typedef {import('../core/api.js').HeldLock} HeldLock */

export function page() {
	const list = resource(api.allLocks)
	const chosen = signal(/** @type {Set<number>} */ (new Set()))
	const load = async () => {
		await list.load()
		const there = new Set(list.data.peek()?.items.map((l) => l.lockId))
		chosen.value = new Set([...chosen.peek()].filter((id) => there.has(id)))
	}
	void load()
	const stop = onEvent(['lock'], () => void load())
	/** @param {HeldLock[]} locks */
	const breakThem = async (locks) => {
		const reason = await ask({ title: tn('Break {n} lock?', 'Break {n} locks?', locks.length), text: t('Whoever holds it is told why, and keeps the draft.'), confirm: t('Break'), danger: true, reason: 'required' })
		if (reason === null)
			return
		let broken = 0
		for (const l of locks) {
			const [, failed] = await api.unlock(l.territoryId, l.channel, reason)
			if (failed)
				toastProblem(failed)
			else
				broken++
		}
		if (broken)
			toast(tn('{n} lock broken', '{n} locks broken', broken))
		await load()
	}
	/** @param {number} id */
	const toggle = (id) => {
		const next = new Set(chosen.peek())
		if (!next.delete(id))
			next.add(id)
		chosen.value = next
	}
	/** @param {HeldLock} l */
	const row = (l) => html`<tr><td><input type="checkbox" aria-label=${t('Choose {name}', { name: l.name })} .checked=${chosen.value.has(l.lockId)} @change=${() => toggle(l.lockId)}></td><td><b>${l.name}</b> ${l.channel}</td><td data-label=${t('Held by')}>${l.holder ?? '–'}</td><td data-label=${t('Since')}><span title=${instant(l.since)}>${ago(l.since)}</span></td>
		<td data-label=${t('Last seen')}><span class=${cls('chip', l.stale && 'warn')} title=${instant(l.lastSeen)}>${ago(l.lastSeen)}</span></td><td class="actions"><button class="btn small" @click=${() => breakThem([l])}>${t('Break')}</button></td></tr>`
	const view = () => html`<div class="page"><div class="page-head"><div><h1>${t('Locks')}</h1><p>${t('Who plans where. A lock that is broken leaves the draft to its owner.')}</p></div>
	<div class="row"><button class="btn danger" ?disabled=${!chosen.value.size} @click=${() => breakThem((list.data.peek()?.items ?? []).filter((l) => chosen.peek().has(l.lockId)))}>${chosen.value.size ? tn('Break {n} lock', 'Break {n} locks', chosen.value.size) : t('Break')}</button></div></div>
	${shown(list, (l) => (l.items.length ? html`<section class="card tight"><div class="table-wrap" tabindex="0"><table class="table stack"><caption class="sr">${t('Locks')}</caption><thead><tr><th><input type="checkbox" aria-label=${t('Choose all')} .checked=${chosen.value.size === l.items.length} @change=${(/** @type {any} */ e) => {
		chosen.value = new Set(e.target.checked ? l.items.map((x) => x.lockId) : [])
	}}></th><th>${t('Territory')}</th><th>${t('Held by')}</th><th>${t('Since')}</th><th>${t('Last seen')}</th><th></th></tr></thead><tbody>${l.items.map(row)}</tbody></table></div></section>`
		: html`<section class="card">${empty('lock', t('Nobody holds a lock'), t('Whoever opens a territory for planning holds it until they commit or give it back.'))}</section>`))}</div>`
	return { title: t('Locks'), view, dispose: stop }
}
