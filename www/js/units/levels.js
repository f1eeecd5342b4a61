// SPDX-License-Identifier: GPL-3.0-or-later
// The levels beneath a territory: how their territories would do as planning units, and choosing the one that is planned.
import { html, nothing, signal } from '../core/html.js'
import { api } from '../core/api.js'
import { ago, bytes, num, t, tn } from '../core/i18n.js'
import { can } from '../core/session.js'
import { icon } from '../components/icons.js'
import { ask, field, openDialog, problemNotice, toast, toastProblem } from '../components/ui.js'
import { levelName } from '../pages/territories.js'

/** @typedef {import('../core/api.js').UnitCheck} Check */
/** @typedef {import('../core/api.js').LevelChange} Change */

/** @param {number} v */
const percent = (v) => t('{n} %', { n: num(v, 1) })
/** Smallest, median and largest, 0 = not known. @param {import('../core/api.js').Spread} s @param {(v: number) => string} [text] */
const spread = (s, text = (v) => num(v)) => (s.most ? [s.least, s.median, s.most].map((v) => text(Math.round(v))).join(' · ') : '–')
/** Why a level suits planning, or does not. @param {import('../core/api.js').UnitLevel} l */
const why = (l) => {
	const all = l.inSmall + l.inGood + l.inLarge, of = (/** @type {number} */ n) => percent(all ? 100 * n / all : 0)
	const parts = [l.inGood ? t('{n} of the outlets lie in territories of a good size', { n: of(l.inGood) }) : l.recommended ? t('no territory has a good size, but here they are nearest to it') : t('no territory has a good size')]
	if (l.small)
		parts.push(tn('{n} is too small', '{n} are too small', l.small))
	if (l.large)
		parts.push(tn('{n} is too large', '{n} are too large', l.large))
	if (l.overworked)
		parts.push(tn('{n} has too much work', '{n} have too much work', l.overworked))
	if (l.heavy)
		parts.push(tn('{n} loads slowly', '{n} load slowly', l.heavy))
	return parts.join('; ')
}

/** The level that all units are of; undefined when they are of several, or there is none. @param {Check} c */
export const levelOfToday = (c) => {
	const used = c.levels.filter((l) => l.units)
	return used.length === 1 ? used[0].level : undefined
}

/** What a change says of plans and people: the reasons to think twice, and whether it can be done at all. @param {Change} c */
const effects = (c) => html`<ul>
	${c.begun ? html`<li>${tn('{n} territory becomes a planning unit', '{n} territories become planning units', c.begun)}</li>` : nothing}
	${c.ended ? html`<li>${tn('{n} unit of today ends', '{n} units of today end', c.ended)}</li>` : nothing}
	${c.kept ? html`<li>${tn('{n} unit stays as it is', '{n} units stay as they are', c.kept)}</li>` : nothing}
	${c.most === null ? nothing : html`<li>${c.least === c.most ? tn('A unit then has {n} outlet', 'A unit then has {n} outlets', c.most) : t('A unit then has {least} to {most} outlets', { least: num(c.least ?? 0), most: num(c.most) })}</li>`}</ul>
	${c.locks.map((l) => html`<div class="notice bad">${icon('lock')}<p>${l.holder ? t('{unit} ({channel}) is being planned by {user}: the units can change once the lock is given back.', { unit: l.name, channel: l.channel, user: l.holder })
		: t('{unit} ({channel}) is being planned: the units can change once the lock is given back.', { unit: l.name, channel: l.channel })}</p></div>`)}
	${c.firstPlans.filter((p) => p.waits).map((p) => html`<div class="notice bad">${icon('warn')}<p>${t('The plan of {unit} ({channel}) waits for approval: let it be decided first.', { unit: p.unit, channel: p.channel })}</p></div>`)}
	${c.plans ? html`<div class="notice warn">${icon('warn')}<div><p>${tn('{n} plan is put out of force.', '{n} plans are put out of force.', c.plans)} ${t('Their versions stay to be read, and people keep their visits until the plan of the unit that takes over is committed.')}</p>
		<details><summary>${t('Which')}</summary><ul>${c.firstPlans.map((p) => html`<li>${t('{unit} ({channel}), version {n}', { unit: p.unit, channel: p.channel, n: p.number })}</li>`)}</ul></details></div></div>` : nothing}
	${c.uncovered ? html`<div class="notice warn">${icon('warn')}<p>${tn('{n} outlet lies in no territory of this level: it would lie in no unit.', '{n} outlets lie in no territory of this level: they would lie in no unit.', c.uncovered)}</p></div>` : nothing}
	${c.seats ? html`<div class="notice warn">${icon('warn')}<p>${tn('{n} seat belongs to a wider territory: no unit would plan it.', '{n} seats belong to wider territories: no unit would plan them.', c.seats)}</p></div>` : nothing}`

/** Say what a level would change, and make it the level of planning. @param {string} id @param {string} level @param {() => Promise<void>} done */
async function choose(id, level, done) {
	const [change, refused] = await api.lookAtLevel(id, level)
	if (refused)
		return toastProblem(refused)
	const reason = signal(''), busy = signal(false), problem = signal(/** @type {import('../core/http.js').Problem | null} */ (null))
	const barred = change.locks.length > 0 || change.firstPlans.some((p) => p.waits)
	const go = async () => {
		if (busy.peek() || reason.peek().trim().length < 3)
			return
		busy.value = true
		const [, failed] = await api.chooseLevel(id, { level, reason: reason.peek().trim(), endPlans: change.plans > 0 })
		busy.value = false
		problem.value = failed
		if (failed)
			return
		close()
		toast(t('Planned at the level {level} from now on', { level: levelName(level) }))
		await done()
	}
	const close = openDialog({
		title: () => t('Plan at the level {level}?', { level: levelName(level) }),
		body: () => html`${problem.value ? problemNotice(problem.value) : nothing}${effects(change)}
			${barred ? nothing : field('level-reason', t('Reason'), html`<input id="level-reason" class="input" maxlength="500" autocomplete="off" .value=${reason.value} @input=${(/** @type {any} */ e) => (reason.value = e.target.value)}
				@keydown=${(/** @type {KeyboardEvent} */ e) => {
					if (e.key !== 'Enter')
						return
					e.preventDefault()
					void go()
				}}>`)}`,
		foot: () => html`<button class="btn" @click=${() => close()}>${barred ? t('Close') : t('Cancel')}</button>
			${barred ? nothing : html`<button class="btn primary" ?disabled=${busy.value || reason.value.trim().length < 3} @click=${go}>${t('Plan at this level')}</button>`}`,
	})
}

/** @param {string} id @param {() => Promise<void>} done */
async function takeBack(id, done) {
	const reason = await ask({ title: t('Take this level back?'), confirm: t('Take back'), danger: true, reason: 'required',
		text: t('The units of before are planned again, and their plans are in force as they were.') })
	if (reason === null)
		return
	const [, failed] = await api.undoLevel(id, reason)
	if (failed)
		return toastProblem(failed)
	toast(t('The units are those of before'))
	await done()
}

/** @param {Check} c @param {string} id @param {() => Promise<void>} done a level was chosen, or taken back */
export function levelsView(c, id, done) {
	const may = can('MANAGE_TERRITORIES'), now = levelOfToday(c), chosen = c.chosen
	return html`<section class="card tight" id="unit-levels"><h2 class="pad">${t('Levels')}</h2>
	<p class="muted pad">${t('A unit has {least} to {most} outlets; beyond {warn} it is too large, and with a snapshot of more than {bytes} it loads slowly. Administrators set these limits.', { least: num(c.least), most: num(c.most), warn: num(c.warn), bytes: bytes(c.bytes) })} ${t('It has at most {hours} hours of work in four weeks, and within {load} of the mean of those beside it.', { hours: num(c.hoursMost), load: percent(c.loadPercent) })}</p>
	${chosen ? html`<div class="row between wrap pad" id="level-chosen"><span>${t('Level {level} was chosen {when} by {user}: {reason}', { level: levelName(chosen.level), when: ago(chosen.at), user: chosen.person ?? t('somebody'), reason: chosen.reason })}</span>
		${may ? html`<button class="btn small danger" @click=${() => takeBack(id, done)}>${icon('undo')}${t('Take back…')}</button>` : nothing}</div>` : nothing}
	<div class="table-wrap" tabindex="0"><table class="table stack spreads"><caption class="sr">${t('Levels')}</caption><thead><tr><th>${t('Level')}</th><th class="num">${t('Territories')}</th><th class="num">${t('Planning units')}</th><th class="num">${t('Outlets')}</th><th class="num">${t('Hours of work')}</th><th class="num">${t('Snapshot')}</th><th>${t('Why')}</th></tr></thead>
	<tbody>${c.levels.map((l) => html`<tr><td>${levelName(l.level)}${l.recommended ? html` <span class="chip good">${t('recommended')}</span>` : nothing}${l.level === now ? html` <span class="chip info">${t('planned')}</span>` : nothing}</td><td class="num" data-label=${t('Territories')}>${num(l.nodes)}</td><td class="num" data-label=${t('Planning units')}>${num(l.units)}</td>
		<td class="num" data-label=${t('Outlets')}>${spread(l.outlets)}</td><td class="num" data-label=${t('Hours of work')}>${spread(l.hours)}</td><td class="num" data-label=${t('Snapshot')}>${spread(l.bytes, bytes)}</td><td data-label=${t('Why')}>${why(l)}${may && l.level !== now && l.outlets.most ? html` <button class="btn small" @click=${() => choose(id, l.level, done)}>${t('Plan at this level…')}<span class="sr"> ${levelName(l.level)}</span></button>` : nothing}</td></tr>`)}</tbody></table></div>
	<p class="faint pad">${t('Outlets, hours and snapshots: of the smallest, the median and the largest territory. Snapshots that do not exist are estimated.')}</p></section>`
}
