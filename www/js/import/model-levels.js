// SPDX-License-Identifier: GPL-3.0-or-later
// The wizard's Map step: columns that are the levels of a territory model beside the sales geography, of one that is there or of a new one.
import { html, nothing, signal } from '../core/html.js'
import { api } from '../core/api.js'
import { t } from '../core/i18n.js'
import { canEverywhere } from '../core/session.js'
import { icon } from '../components/icons.js'
import { field, fieldProblem, problemNotice, resource, toast } from '../components/ui.js'
import { chain, chains, chosenNow, MODEL_TARGETS, pickOf, same, toldOf, twice } from '../plan/levels.js'
import { columnName, levelTable } from './level-table.js'

/** @typedef {import('../core/api.js').ImportFile} File_ */
/** @typedef {import('../plan/levels.js').Hierarchy} Hierarchy */
/** @typedef {import('../core/http.js').Problem} Problem */

/** @param {{busy: {value: boolean}, change: (call: (file: number) => Promise<[unknown, Problem | null]>) => Promise<void>, find: (f: File_, columns: number[]) => void}} w */
export function modelLevels(w) {
	const models = resource(api.territoryModels)
	const choice = signal(/** @type {import('../plan/levels.js').Choice} */ ({}))
	/** The model: its id, 0 = a new one. */
	const into = signal(0), made = signal({ name: '', code: '', levels: /** @type {string | null} */ (null) })
	const problem = signal(/** @type {Problem | null} */ (null))
	/** What was taken last: the choice, the model and the file that it feeds. */
	const taken = signal(/** @type {{choice: string, model: number, name: string} | null} */ (null))
	const may = canEverywhere('MANAGE_TERRITORIES')

	const others = () => models.data.value?.items.filter((m) => !m.planned) ?? []
	const model = () => others().find((m) => m.id === into.value)
	/** @param {Hierarchy} h */
	const targets = (h) => MODEL_TARGETS.slice(0, model()?.levels.length ?? Math.min(MODEL_TARGETS.length, h.columns.length))
	/** Another file or another look at it: the first hierarchy that is found, or what the file is mapped to. @param {Hierarchy} h @param {File_} f */
	const start = (h, f) => {
		const mapped = f.entity === 'memberships' ? chosenNow(f.mapping, MODEL_TARGETS) : {}
		choice.value = MODEL_TARGETS.some((x) => (mapped[x] ?? null) !== null) ? mapped : pickOf(chains(h, f.entity)[0] ?? [])
		taken.value = problem.value = null
		void models.load().then(() => {
			into.value = others().find((m) => m.code === f.mapping.find((x) => x.target === 'model')?.default)?.id ?? (may ? 0 : others()[0]?.id ?? 0)
		})
	}
	const key = () => JSON.stringify(MODEL_TARGETS.map((x) => choice.value[x] ?? null))
	/** @param {Hierarchy} h @param {number[]} columns */
	const names = (h, columns) => made.value.levels ?? columns.map((c) => columnName(h, c)).join('\n')
	/** @param {Hierarchy} h @param {number[]} columns */
	const take = async (h, columns) => {
		problem.value = null
		if (!into.peek()) {
			const { name, code } = made.peek(), [m, failed] = await api.addModel({ name: name.trim(), code: code.trim(), levels: names(h, columns).split('\n').map((x) => x.trim()).filter(Boolean) })
			problem.value = failed
			if (!m)
				return
			await models.load()
			into.value = m.id
			made.value = { name: '', code: '', levels: null }
		}
		const m = model()
		if (!m)
			return
		await w.change(async (id) => {
			const [file, failed] = await api.modelLevels(id, m.code, columns)
			problem.value = failed
			if (file) {
				taken.value = { choice: key(), model: m.id, name: file.name }
				toast(t('{name} says where outlets lie in {model}', { name: file.name, model: m.name }))
			}
			return [file, null]
		})
	}
	/** @param {'name' | 'code'} of @param {string} label @param {string} [help] */
	const input = (of, label, help) => field(`fit-${of}`, label, html`<input id=${`fit-${of}`} class="input" maxlength=${of === 'code' ? 32 : 120} autocomplete="off" .value=${made.value[of]} @input=${(/** @type {any} */ e) => {
		made.value = { ...made.peek(), [of]: e.target.value }
	}}>`, { problem: fieldProblem(problem.value, of), ...(help ? { help } : {}) })
	/** @param {Hierarchy} h @param {File_} f */
	const view = (h, f) => {
		const on = targets(h), columns = on.flatMap((x) => choice.value[x] ?? []), found = chains(h, f.entity), m = model()
		const gap = on.some((x, i) => (choice.value[x] ?? null) !== null && i > 0 && (choice.value[on[i - 1]] ?? null) === null)
		const bad = problem.value?.fields?.filter((x) => /^\/(columns|levels)/.test(x.pointer)) ?? []
		const done = f.entity === 'memberships' ? !!m && same(choice.value, chosenNow(f.mapping, MODEL_TARGETS), MODEL_TARGETS) && f.mapping.some((x) => x.target === 'model' && x.default === m.code) : taken.value?.choice === key() && taken.value.model === into.value
		const wish = chain(h, choice.value, on), told = toldOf(h, choice.value, on) || twice(choice.value, on) || wish.length < 2
		return html`<section class="col" id="model-levels"><div class="pad col tight"><h3>${t('Levels of a territory model')}</h3>
			<p class="muted">${f.entity === 'outlets' ? t('Other columns may form a tree of their own, for service or segments. They are imported beside the outlets, as a file of outlets in territory models.') : t('Columns of this file, widest first, say where outlets lie in one model.')}</p>
			${found.length ? html`<div class="row wrap" role="group" aria-label=${t('Found in the data')}>${found.map((l) => html`<button class="btn small" aria-pressed=${String(same(choice.value, pickOf(l), MODEL_TARGETS))} ?disabled=${w.busy.value} @click=${() => {
				choice.value = pickOf(l)
			}}>${l.slice(0, MODEL_TARGETS.length).map((x) => columnName(h, x.column)).join(' › ')}</button>`)}</div>` : html`<p class="muted">${t('No other column determines another: choose the columns yourself.')}</p>`}</div>
			<div class="pad grid-2">${field('fit-model', t('Territory model'), html`<select id="fit-model" class="input" ?disabled=${w.busy.value} @change=${(/** @type {any} */ e) => {
				into.value = Number(e.target.value)
				problem.value = null
			}}>${others().map((x) => html`<option value=${x.id} ?selected=${x.id === into.value}>${x.name}: ${x.levels.join(' › ')}</option>`)}${may ? html`<option value="0" ?selected=${!into.value}>${t('a new one')}</option>` : nothing}</select>`)}
			${into.value ? nothing : may ? html`${input('name', t('Name'))}${input('code', t('Code'), t('Files of outlets in territory models name it; it never changes.'))}${field('fit-levels', t('Levels, the widest first, one a line'), html`<textarea id="fit-levels" class="input" rows="4" spellcheck="false" .value=${names(h, columns)} @input=${(/** @type {any} */ e) => {
				made.value = { ...made.peek(), levels: e.target.value }
			}}></textarea>`)}` : html`<p class="muted">${t('There is no model yet: who manages territories makes one under Data.')}</p>`}</div>
			${levelTable(h, { id: 'model-levels-table', targets: on, choice, label: (x) => m?.levels[on.indexOf(x)] ?? t('Level {n}', { n: on.indexOf(x) + 1 }), found: [...new Set(found.flat().flatMap((l) => [l.column, ...l.same]))], busy: w.busy.value })}
			${gap ? html`<p class="problem pad" role="alert">${t('A wider level is left out: choose its column, or move the others up.')}</p>` : nothing}
			${bad.map((x) => html`<p class="problem pad" role="alert">${x.problem}</p>`)}${problem.value && !problem.value.fields?.length ? html`<div class="pad">${problemNotice(problem.value)}</div>` : nothing}
			<div class="row wrap pad">${done ? html`<span class="chip good" id="model-levels-used">${icon('check')}${taken.value ? t('{name} follows these levels', { name: taken.value.name }) : t('The mapping follows these levels')}</span>`
				: html`<button class="btn primary" id="model-levels-use" ?disabled=${w.busy.value || gap || !columns.length || twice(choice.value, on) || (!into.value && !may)} @click=${() => take(h, columns)}>${icon('check')}${m ? t('Use as levels of {model}', { model: m.name }) : t('Make the model and use these levels')}</button>`}
				${told ? nothing : html`<button class="btn small" id="model-levels-against" ?disabled=${w.busy.value} @click=${() => w.find(f, wish)}>${icon('search')}${t('Look for what contradicts yours')}</button>`}</div></section>`
	}
	/** Are the contradictions told those of this choice? @param {Hierarchy} h */
	const told = (h) => !!h.chosen && toldOf(h, choice.value, targets(h))
	return { view, start, told }
}
