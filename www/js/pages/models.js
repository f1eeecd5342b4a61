// SPDX-License-Identifier: GPL-3.0-or-later
// Territory models: the sales geography, in which planning is made, and others beside it: make, rename, remove.
import { html, nothing, signal } from '../core/html.js'
import { api } from '../core/api.js'
import { ago, instant, num, t, tn } from '../core/i18n.js'
import { renewMe, canEverywhere } from '../core/session.js'
import { icon } from '../components/icons.js'
import { ask, field, fieldProblem, openDialog, problemNotice, resource, shown, toast, toastProblem } from '../components/ui.js'
import { levelName, presetName } from './territories.js'

/** @typedef {import('../core/api.js').TerritoryModel} Model */
/** @typedef {import('../core/http.js').Problem} Problem */

/** One level a line, empty ones left out. @param {string} text */
const levelsOf = (text) => text.split('\n').map((x) => x.trim()).filter(Boolean)
/** What is wrong with the levels, one of them or all. @param {Problem | null} p */
const levelsProblem = (p) => p?.fields?.find((f) => f.pointer.startsWith('/levels'))?.problem

export function modelsPart() {
	const list = resource(api.territoryModels)
	const form = signal({ code: '', name: '', levels: '' }), busy = signal(false)
	const problem = signal(/** @type {Problem | null} */ (null))
	const may = canEverywhere('MANAGE_TERRITORIES')
	void list.load()

	/** @param {string} id @param {'code' | 'name' | 'levels'} key @param {string} label @param {{value: any, peek: () => any}} of @param {{value: Problem | null}} failed @param {string} [help] */
	const input = (id, key, label, of, failed, help) => field(id, label, key === 'levels'
		? html`<textarea id=${id} class="input" rows="4" required spellcheck="false" .value=${of.value.levels} @input=${(/** @type {any} */ e) => (of.value = { ...of.peek(), levels: e.target.value })}></textarea>`
		: html`<input id=${id} class="input" required maxlength=${key === 'code' ? 32 : 120} autocomplete="off" .value=${of.value[key]} @input=${(/** @type {any} */ e) => (of.value = { ...of.peek(), [key]: e.target.value })}>`,
	{ problem: key === 'levels' ? levelsProblem(failed.value) : fieldProblem(failed.value, key), ...(help ? { help } : {}) })
	/** @param {SubmitEvent} e */
	const add = async (e) => {
		e.preventDefault()
		const f = form.peek()
		busy.value = true
		const [made, failed] = await api.addModel({ code: f.code.trim(), name: f.name.trim(), levels: levelsOf(f.levels) })
		busy.value = false
		problem.value = failed
		if (!made)
			return
		toast(t('{name} is there: import which outlets lie where in it', { name: made.name }))
		form.value = { code: '', name: '', levels: '' }
		await list.load()
	}
	/** @param {Model} m */
	const rename = (m) => {
		const of = signal({ code: m.code, name: m.name, levels: m.levels.join('\n') }), failed = signal(/** @type {Problem | null} */ (null))
		const save = async () => {
			const [, p] = await api.changeModel(m.id, { name: of.peek().name.trim(), levels: m.planned ? m.levels : levelsOf(of.peek().levels) })
			failed.value = p
			if (p)
				return
			close()
			toast(t('Renamed'))
			await list.load()
		}
		const close = openDialog({
			title: () => t('Rename {name}', { name: m.name }),
			body: () => html`<div class="col">${input('model-rename', 'name', t('Name'), of, failed)}${m.planned ? nothing : input('model-relevel', 'levels', t('Levels, the widest first, one a line'), of, failed)}
				${failed.value && !failed.value.fields?.length ? problemNotice(failed.value) : nothing}</div>`,
			foot: () => html`<button class="btn" @click=${() => close()}>${t('Cancel')}</button><button class="btn primary" @click=${save}>${t('Rename')}</button>`,
		})
	}
	/** After levels were renamed: every screen reads the names from here. @param {Promise<import('../core/http.js').Answer<Model>>} call @param {string} said */
	const named = async (call, said) => {
		const [, p] = await call
		if (p)
			return p
		toast(said)
		await Promise.all([list.load(), renewMe()])
		return null
	}
	/** What people call the levels of the sales geography; files and programs name their codes. @param {Model} m */
	const nameLevels = (m) => {
		const names = signal(m.levels.map((l, i) => (m.levelNames[i] === l ? '' : m.levelNames[i]))), reason = signal(''), failed = signal(/** @type {Problem | null} */ (null))
		const save = async () => {
			failed.value = await named(api.nameLevels(m.id, names.peek().map((x) => x.trim()), reason.peek().trim()), t('Renamed'))
			if (!failed.peek())
				close()
		}
		const close = openDialog({
			title: () => t('Name the levels of {name}', { name: m.name }),
			body: () => html`<div class="col"><p class="muted">${t('Lists, maps, imports and files read these names; a column of a file that is headed so is that level. The codes in files and programs stay.')}</p>
				${m.levels.map((l, i) => field(`level-name-${i}`, l, html`<input id=${`level-name-${i}`} class="input" maxlength="64" autocomplete="off" placeholder=${presetName(l)} .value=${names.value[i]} @input=${(/** @type {any} */ e) => (names.value = names.peek().map((x, k) => (k === i ? e.target.value : x)))}>`, { problem: fieldProblem(failed.value, `names/${i}`) }))}
				${field('level-reason', t('Reason'), html`<input id="level-reason" class="input" required maxlength="500" .value=${reason.value} @input=${(/** @type {any} */ e) => (reason.value = e.target.value)}>`, { problem: fieldProblem(failed.value, 'reason') })}
				${failed.value && !failed.value.fields?.length ? problemNotice(failed.value) : nothing}</div>`,
			foot: () => html`<button class="btn" @click=${() => close()}>${t('Cancel')}</button><button class="btn primary" @click=${save}>${t('Rename')}</button>`,
		})
	}
	/** @param {Model} m */
	const undoNames = async (m) => {
		const reason = await ask({ title: t('Take the names of the levels back?'), confirm: t('Undo'), danger: true, reason: 'required', text: t('The levels are called as they were before {when}.', { when: instant(m.named?.at ?? '') }) })
		if (reason === null)
			return
		const failed = await named(api.undoLevelNames(m.id, reason), t('The levels are called as before'))
		if (failed)
			toastProblem(failed)
	}
	/** @param {Model} m */
	const drop = async (m) => {
		if (await ask({ title: t('Remove {name}?', { name: m.name }), confirm: t('Remove'), danger: true,
			text: tn('Its {n} territory goes, and where outlets lie in it. Outlets and plans stay.', 'Its {n} territories go, and where outlets lie in them. Outlets and plans stay.', m.territories) }) === null)
			return
		const [, failed] = await api.dropModel(m.id)
		if (failed)
			toastProblem(failed)
		else
			toast(t('{name} is removed', { name: m.name }))
		await list.load()
	}
	/** @param {Model} m */
	const row = (m) => html`<tr><td><span class="two"><a href=${m.planned ? '/territories' : `/territories?model=${m.id}`}><b>${m.name}</b></a><small class="faint">${m.code}</small></span>${m.planned ? html` <span class="chip info">${t('planned')}</span>` : nothing}</td>
		<td data-label=${t('Levels')}>${m.levels.map((l) => (m.planned ? levelName(l) : l)).join(' › ')}${m.named ? html` <small class="faint" id="levels-named" title=${m.named.reason}>${t('named {when} by {user}', { when: ago(m.named.at), user: m.named.person ?? '–' })}</small>` : nothing}</td><td class="num" data-label=${t('Territories')}>${num(m.territories)}</td><td class="num" data-label=${t('Outlets')}>${num(m.outlets)}</td>
		<td class="actions">${may ? html`<button class="btn small" aria-label=${t('Rename {name}', { name: m.name })} @click=${() => rename(m)}>${t('Rename')}</button>${m.planned ? html` <button class="btn small" id="name-levels" @click=${() => nameLevels(m)}>${t('Name the levels')}…</button>${m.named ? html` <button class="btn quiet small" id="undo-level-names" @click=${() => undoNames(m)}>${icon('undo')}${t('Undo names')}…</button>` : nothing}` : html` <button class="btn quiet small icon-only" aria-label=${t('Remove {name}', { name: m.name })} @click=${() => drop(m)}>${icon('trash')}</button>`}` : nothing}</td></tr>`
	return () => html`${shown(list, (l) => html`<section class="card tight" id="models"><div class="table-wrap" tabindex="0"><table class="table stack"><caption class="sr">${t('Territory models')}</caption>
		<thead><tr><th>${t('Model')}</th><th>${t('Levels')}</th><th class="num">${t('Territories')}</th><th class="num">${t('Outlets')}</th><th></th></tr></thead><tbody>${l.items.map(row)}</tbody></table></div></section>`)}
		<p class="muted">${t('Planning is made in the units of the sales geography. Other models cut the same outlets in another way, for service or segments: to look at, to compare and to filter by.')}</p>
		${may ? html`<section class="card"><h2>${t('Another model')}</h2><form class="col" @submit=${add}><div class="grid-2">${input('model-name', 'name', t('Name'), form, problem)}${input('model-code', 'code', t('Code'), form, problem, t('Files of outlets in territory models name it; it never changes.'))}</div>
			${input('model-levels', 'levels', t('Levels, the widest first, one a line'), form, problem, t('One to four, such as Service region and Team.'))}
			${problem.value && !problem.value.fields?.length ? problemNotice(problem.value) : nothing}<div><button class="btn primary" ?disabled=${busy.value}>${icon('plus')}${t('Make it')}</button></div></form></section>` : nothing}`
}
