// SPDX-License-Identifier: GPL-3.0-or-later
// The wizard's Map step, for outlets and memberships: which columns make the tree of territories, found in the rows themselves, with what speaks against it.
import { html, nothing, signal } from '../core/html.js'
import { api } from '../core/api.js'
import { num, t, tn } from '../core/i18n.js'
import { icon } from '../components/icons.js'
import { jobStep } from '../components/job.js'
import { bar, poll, problemNotice, toast } from '../components/ui.js'
import { chain, chosenNow, propose, same, TARGETS, toldOf, twice, withLevels } from '../plan/levels.js'
import { columnName, levelTable } from './level-table.js'
import { modelLevels } from './model-levels.js'

/** @typedef {import('../core/api.js').ImportFile} File_ */
/** @typedef {import('../core/api.js').Preview} Preview */
/** @typedef {import('../core/api.js').Entity} Entity */
/** @typedef {import('../plan/levels.js').Hierarchy} Hierarchy */
/** @typedef {import('../core/http.js').Problem} Problem */

const SHOWN = 8

/** @param {{busy: {value: boolean}, save: (mapping: import('../plan/mapping.js').Mapping[]) => void, change: (call: (file: number) => Promise<[unknown, Problem | null]>) => Promise<void>}} w */
export function levelsPart(w) {
	/** The file that is shown, as it is read. */
	const of = signal('')
	const found = signal(/** @type {Hierarchy | null} */ (null))
	const choice = signal(/** @type {import('../plan/levels.js').Choice} */ ({}))
	const job = signal(/** @type {{id: number, percent: number, step: string | null} | null} */ (null))
	const problem = signal(/** @type {Problem | null} */ (null))
	const all = signal(false)
	let stop = () => {}

	const keyOf = (/** @type {File_} */ f) => [f.id, f.encoding, f.delimiter, f.headerRow].join('|')
	/** @param {File_} f @param {boolean} fresh just looked for */
	const load = async (f, fresh) => {
		const [answer, failed] = await api.levels(f.id)
		if (of.peek() !== keyOf(f))
			return
		const h = answer?.hierarchy ?? null
		found.value = h
		if (fresh)
			problem.value = failed
		if (h && !(fresh && h.chosen)) {
			choice.value = propose(h, f.mapping)
			models.start(h, f)
		}
	}
	/** Another file, or another reading of it. @param {File_} f */
	const turn = (f) => {
		stop()
		of.value = keyOf(f)
		found.value = job.value = problem.value = null
		all.value = false
		void load(f, false)
	}
	/** @param {File_} f @param {number[]} [columns] of levels other than those found */
	const find = async (f, columns) => {
		problem.value = null
		const [begun, failed] = await api.findLevels(f.id, columns)
		problem.value = failed
		if (failed)
			return
		job.value = { id: begun.jobId, percent: 0, step: null }
		stop = poll(async () => {
			const [j] = await api.job(begun.jobId)
			if (!j)
				return
			if (j.state === 'queued' || j.state === 'running') {
				job.value = j
				return
			}
			job.value = null
			problem.value = /** @type {any} */ (j.error)
			if (j.state === 'done')
				await load(f, true)
			return false
		}, 300)
	}
	const cancel = async () => {
		const [, failed] = await api.cancelJob(job.peek()?.id ?? 0)
		problem.value = failed
	}

	const name = columnName
	/** The levels of the sales geography. @param {Hierarchy} h @param {Entity} entity @param {File_} f */
	const table = (h, entity, f) => {
		const pick = choice.value
		return html`${levelTable(h, { id: 'levels-table', targets: TARGETS, choice, label: (target) => t(entity.columns.find((x) => x.name === target)?.label ?? target), found: h.levels.flatMap((l) => [l.column, ...l.same]), busy: w.busy.value })}
		<div class="row wrap pad">${same(pick, chosenNow(f.mapping)) ? html`<span class="chip good" id="levels-used">${icon('check')}${t('The mapping follows these levels')}</span>`
			: html`<button class="btn primary" id="levels-use" ?disabled=${w.busy.value || twice(pick)} @click=${() => {
				w.save(withLevels(f.mapping, choice.peek()))
				toast(t('The columns are mapped to these levels'))
			}}>${icon('check')}${t('Use these levels')}</button>`}
			<button class="btn quiet small" ?disabled=${w.busy.value} @click=${() => {
				choice.value = propose(h, f.mapping)
			}}>${t('As proposed')}</button></div>`
	}
	const models = modelLevels({ busy: w.busy, change: w.change, find: (f, columns) => void find(f, columns) })
	/** @param {Hierarchy} h @param {File_} f */
	const against = (h, f) => {
		const names = (h.chosen ?? h.levels.map((l) => l.column)).map((c) => name(h, c)).join(' › '), wish = chain(h, choice.value)
		const other = f.entity !== 'outlets' || toldOf(h, choice.value) || twice(choice.value) || wish.length < 2 ? nothing
			: html`<div class="pad"><div class="notice" id="levels-other">${icon('info')}<div class="grow row wrap between"><p>${models.told(h) ? t('These are the contradictions of {names}.', { names }) : t('You chose other levels: what is told here is of {names}.', { names })}</p><button class="btn small" ?disabled=${w.busy.value} @click=${() => find(f, wish)}>${icon('search')}${models.told(h) ? t('Look for those of the sales geography') : t('Look for what contradicts yours')}</button></div></div></div>`
		if (!h.exceptionCount)
			return html`${other}<p class="pad muted">${h.levels.length || h.chosen ? t('No row contradicts {names}.', { names }) : nothing}</p>`
		const list = all.value ? h.exceptions : h.exceptions.slice(0, SHOWN)
		return html`${other}<div class="pad col" id="levels-against"><div class="row between wrap"><h3>${tn('{n} contradiction', '{n} contradictions', h.exceptionCount)} <small class="faint">${names}</small></h3>
			${h.wrongRows ? html`<a class="btn small" href=${api.levelRowsUrl(f.id)} download>${icon('export')}${tn('{n} row that is probably wrong', '{n} rows that are probably wrong', h.wrongRows)}</a>` : nothing}</div>
			${h.wrongRows ? html`<p class="muted">${t('Correct the rows of this file and upload it here: they are taken as corrections.')}</p>` : nothing}
			<ul class="col tight">${list.map((x) => html`<li>${t('{column} “{value}”: {above} is “{usual}” in {usualRows} and “{other}” in {otherRows}', { column: name(h, x.column), value: x.value, above: name(h, x.above), usual: x.usual,
				usualRows: tn('{n} row', '{n} rows', x.usualRows), other: x.other, otherRows: tn('{n} row', '{n} rows', x.otherRows) })} ${x.error ? html`<span class="chip warn">${t('probably wrong')}</span>` : nothing} <small class="faint">${t('line {n}', { n: num(x.row) })}</small></li>`)}</ul>
			${h.exceptions.length > SHOWN ? html`<div><button class="btn quiet small" aria-expanded=${String(all.value)} @click=${() => {
				all.value = !all.peek()
			}}>${all.value ? t('Show fewer') : t('Show {n}', { n: num(h.exceptions.length) })}</button></div>` : nothing}</div>`
	}
	/** @param {File_} f @param {Entity} entity */
	const view = (f, entity) => {
		if (of.value !== keyOf(f))
			queueMicrotask(() => of.peek() === keyOf(f) || turn(f))
		const h = found.value, j = job.value
		return html`<section class="card tight" id="levels"><div class="row between wrap pad"><h2>${t('Levels of territories')}</h2>
			${j ? nothing : html`<button class="btn small" id="levels-find" ?disabled=${w.busy.value} @click=${() => find(f)}>${icon('search')}${h ? t('Look again') : t('Find them in the data')}</button>`}</div>
			${problem.value ? problemNotice(problem.value) : nothing}
			${j ? html`<div class="pad at-work">${bar(j.percent / 100, t('Looking through the rows'))}<small class="faint">${jobStep(j.step || 'waiting')}</small> <button class="btn quiet small" @click=${cancel}>${t('Cancel')}</button></div>`
			: !h ? html`<p class="pad muted">${t('All rows are looked through: a column lies below another when each of its values stands with one value of the other. What contradicts is shown.')}</p>`
			: html`${h.levels.length || f.entity !== 'outlets' ? nothing : html`<div class="notice">${icon('info')}<p>${t('No column determines another: choose the columns of the levels yourself.')}</p></div>`}${f.entity === 'outlets' ? table(h, entity, f) : nothing}${models.view(h, f)}${against(h, f)}`}</section>`
	}
	return { view, dispose: () => stop() }
}
