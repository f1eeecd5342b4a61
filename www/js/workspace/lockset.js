// SPDX-License-Identifier: GPL-3.0-or-later
// Several territories locked as one: a chain of modern trade has stores in many.  All or none; renewed and given back together.
import { cls, html, nothing, signal } from '../core/html.js'
import { api } from '../core/api.js'
import { ago, t, tn } from '../core/i18n.js'
import { go as follow } from '../core/router.js'
import { icon } from '../components/icons.js'
import { empty, field, loading, openDialog, problemNotice, toast } from '../components/ui.js'
import { boardOf } from './parts.js'

/** @typedef {import('../plan/store.js').Store} Store */

/** @param {string} channel @returns {Promise<import('../core/http.js').Answer<import('../core/api.js').Territory[]>>} */
async function unitsOf(channel) {
	/** @type {import('../core/api.js').Territory[]} */
	const out = []
	for (let after = /** @type {string | null} */ ('0'); after !== null;) {
		const [page, failed] = await api.territories({ units: 1, channel, limit: 500, after })
		if (!page)
			return [null, failed]
		out.push(...page.items)
		after = page.next
	}
	return [out, null]
}

/** Chooses the territories that are locked together with this one. @param {Store} s @param {() => void} done */
export function lockSetDialog(s, done) {
	const units = signal(/** @type {import('../core/api.js').Territory[] | null} */ (null))
	const problem = signal(/** @type {import('../core/http.js').Problem | null} */ (null))
	const query = signal(''), busy = signal(false)
	const chosen = signal(/** @type {ReadonlySet<number>} */ (new Set()))
	const held = new Set(s.lockSet.peek().map((l) => l.territoryId))
	void unitsOf(s.channel).then(([list, failed]) => {
		units.value = list
		problem.value = failed
	})
	/** @param {import('../core/api.js').Territory} x */
	const lockOf = (x) => x.locks.find((l) => l.channel === s.channel)
	const go = async () => {
		busy.value = true
		const failed = await s.lock([...chosen.peek()])
		busy.value = false
		problem.value = failed
		if (failed)
			return
		close()
		const all = s.lockSet.peek()
		toast(tn('{n} territory is locked for you', '{n} territories are locked for you', all.length), { action: { label: t('Plan on one board'), run: () => follow(boardOf(all.map((l) => l.territoryId), s.channel)) } })
		done()
	}
	/** @param {import('../core/api.js').Territory} x */
	const row = (x) => {
		const l = lockOf(x), others = !!l && !l.mine
		return html`<li><label class="check"><input type="checkbox" .checked=${chosen.value.has(x.id)} ?disabled=${others} @change=${(/** @type {any} */ e) => {
			const next = new Set(chosen.peek())
			if (e.target.checked)
				next.add(x.id)
			else
				next.delete(x.id)
			chosen.value = next
		}}><span>${x.name} ${l ? html`<small class=${cls(others ? 'warn' : 'faint')}>${others ? t('{name} holds it since {when}', { name: l.user, when: ago(l.since) }) : t('yours already')}</small>` : nothing}</span></label></li>`
	}
	const close = openDialog({
		title: () => t('Lock several territories as one'), text: () => t('For a chain whose stores lie in several territories. All are locked or none; they are given back together.'),
		body: () => {
			const q = query.value.trim().toLowerCase(), list = units.value?.filter((x) => x.id !== s.territoryId && !held.has(x.id) && (!q || x.name.toLowerCase().includes(q) || x.code.toLowerCase().includes(q)))
			return html`<p>${icon('lock')} <b>${s.lockSet.peek().length ? s.lockSet.peek().map((l) => l.name).join(', ') : s.territory.peek()?.name}</b> ${t('and with it')}</p>
			${field('ls-q', t('Search'), html`<input id="ls-q" class="input" type="search" autocomplete="off" .value=${query.value} @input=${(/** @type {any} */ e) => {
				query.value = e.target.value
			}}>`)}
			${problem.value ? problemNotice(problem.value) : nothing}
			${list ? list.length ? html`<ul class="lock-set">${list.map(row)}</ul>` : empty('territory', t('No other territory'), t('There is none to lock with this one.')) : problem.value ? nothing : loading()}`
		},
		foot: () => html`<button class="btn" @click=${() => close()}>${t('Cancel')}</button><button class="btn primary" ?disabled=${busy.value || !chosen.value.size} @click=${go}>${icon('lock')}${tn('Lock {n} more', 'Lock {n} more', chosen.value.size)}</button>`,
	})
}

/** What is held together, each with its way in. @param {Store} s @param {() => void} giveBack */
export function lockCard(s, giveBack) {
	const close = openDialog({
		title: () => t('Your lock'), text: () => (s.lockSet.value.length > 1 ? t('These territories are locked as one: a sign of life in one counts for all, and they are given back together.') : t('This territory alone.')),
		body: () => html`<ul class="lock-set">${s.lockSet.value.map((l) => html`<li class="row between"><span>${s.parts.length === 1 && l.territoryId === s.territoryId ? html`<b>${l.name}</b>` : html`<a href=${`/territories/${l.territoryId}/plan?channel=${s.channel}`} @click=${() => close()}>${l.name}</a>`}</span>
			<small class="faint">${t('since {when}', { when: ago(l.since) })} · ${t('last seen {when}', { when: ago(l.lastSeen) })}</small></li>`)}</ul>`,
		foot: () => html`<button class="btn" @click=${() => {
			close()
			giveBack()
		}}>${icon('unlock')}${s.lockSet.value.length > 1 ? t('Give all back') : t('Give the lock back')}</button>${s.parts.length > 1 ? nothing : html`<button class=${cls('btn', s.lockSet.value.length < 2 && 'primary')} @click=${() => {
			close()
			lockSetDialog(s, () => {})
		}}>${icon('plus')}${t('Add territories…')}</button>${s.lockSet.value.length > 1 ? html`<a class="btn primary" href=${boardOf(s.lockSet.value.map((l) => l.territoryId), s.channel)} @click=${() => close()}>${icon('board')}${t('Plan on one board')}</a>` : nothing}`}`,
	})
}
