// SPDX-License-Identifier: GPL-3.0-or-later
// The import wizard: File, Shape, Map, Check, Load.  The server keeps the state: a closed laptop goes on where it was.
import { cls, html, nothing, signal, computed } from '../core/html.js'
import { api } from '../core/api.js'
import { ago, bytes, num, t, tc, tn } from '../core/i18n.js'
import { watch } from '../core/live.js'
import { icon } from '../components/icons.js'
import { checkStep } from '../import/check.js'
import { mapStep } from '../import/map.js'
import { undoing } from '../import/undo.js'
import { deltaPart } from '../import/delta.js'
import { uploadStep } from '../import/upload.js'
import { runningView, stopping } from '../import/run.js'
import { ask, empty, field, loading, problemNotice, resource, toast, toastProblem } from '../components/ui.js'

/** @typedef {import('../core/api.js').ImportSession} Session */
/** @typedef {import('../core/api.js').ImportFile} File_ */
/** @typedef {import('../core/api.js').Preview} Preview */
/** @typedef {import('../core/http.js').Problem} Problem */

/** @param {string} status */
export function statusChip(status) {
	/** @type {Record<string, [string, () => string]>} */
	const kinds = {
		UPLOADING: ['', () => t('files')], VALIDATING: ['info', () => t('checking')], READY: ['accent', () => t('ready to load')], PROCESSING: ['info', () => t('loading')],
		COMPLETED: ['good', () => t('loaded')], FAILED: ['bad', () => t('failed')], CANCELLED: ['warn', () => t('cancelled')],
		UNDOING: ['info', () => t('being undone')], UNDONE: ['warn', () => t('undone')],
	}
	const [kind, label] = kinds[status] ?? ['', () => status]
	return html`<span class=${cls('chip', kind)}>${label()}</span>`
}

const MOVING = ['VALIDATING', 'PROCESSING', 'UNDOING']

/** @param {Record<string, string>} params */
export function page(params) {
	const id = Number(params.id)
	const session = signal(/** @type {Session | null} */ (null))
	const problem = signal(/** @type {Problem | null} */ (null))
	const step = signal(0)
	const current = signal(/** @type {number | null} */ (null))
	const preview = signal(/** @type {Preview | null} */ (null))
	const previewProblem = signal(/** @type {Problem | null} */ (null))
	const busy = signal(false)
	const entities = resource(api.entities)
	void entities.load()

	const steps = () => [t('File'), t('Shape'), tc('step', 'Map'), t('Check'), tc('step', 'Load')]
	const file = computed(() => session.value?.files.find((f) => f.id === current.value) ?? session.value?.files[0] ?? null)
	const editable = computed(() => !!session.value && ['UPLOADING', 'READY', 'FAILED'].includes(session.value.status))
	/** @param {string | null | undefined} name */
	const entityOf = (name) => entities.data.value?.items.find((e) => e.entity === name) ?? null

	/** What people call a target column. @param {string} name */
	const columnLabel = (name) => {
		const mine = [file.peek(), ...session.peek()?.files ?? []].map((f) => entityOf(f?.entity)?.columns.find((c) => c.name === name)).find(Boolean)
		return mine ? t(mine.label) : name
	}

	let unfollow = () => {}
	let following = false
	/** @param {boolean} [first] */
	const refresh = async (first) => {
		const [s, failed] = await api.importSession(id)
		problem.value = failed && failed.status !== 0 ? failed : null
		if (!s)
			return
		const before = session.peek()?.status
		session.value = s
		if (first)
			step.value = ['COMPLETED', 'PROCESSING', 'UNDOING', 'UNDONE'].includes(s.status) ? 4 : ['VALIDATING', 'READY', 'FAILED'].includes(s.status) ? 3 : s.status === 'CANCELLED' ? 4 : s.files.length ? 1 : 0
		if (MOVING.includes(s.status))
			follow()
		else if (before !== s.status || first) {
			if (['READY', 'COMPLETED', 'FAILED'].includes(s.status)) {
				void causes.load()
				if (s.status !== 'FAILED')
					void meets.load()
			}
			if (s.status === 'COMPLETED' && before === 'PROCESSING')
				step.value = 4
		}
	}
	const follow = () => {
		if (following)
			return
		following = true
		unfollow = watch(async () => {
			await refresh()
			following = MOVING.includes(session.peek()?.status ?? '')
			return following
		}, 600, ['job'], (x) => x.id === session.peek()?.job?.id)
	}
	void refresh(true).then(() => loadPreview())

	async function loadPreview() {
		const f = file.peek()
		preview.value = null
		previewProblem.value = null
		if (!f)
			return
		current.value = f.id
		const [p, failed] = await api.preview(f.id)
		if (current.peek() !== f.id)
			return
		preview.value = p
		previewProblem.value = failed
	}
	const incoming = uploadStep(id, {
		added: (x) => {
			if (session.peek()?.files.some((f) => f.id === x.file))
				toast(t('“{name}” holds rows that were kept out: they count instead of those of the file when all rows are checked again', { name: x.name }))
			current.value = x.file ?? current.peek()
			void refresh().then(loadPreview)
		},
		entityLabel: (name) => {
			const known = entityOf(name)
			return known ? t(known.label) : null
		},
	})
	const stops = stopping(() => session.value, async () => {
		await refresh()
	})
	/** Change the file that is shown, and look at it again. @param {(file: number) => Promise<[unknown, import('../core/http.js').Problem | null]>} call */
	const change = async (call) => {
		const f = file.peek()
		if (!f)
			return
		busy.value = true
		const [, failed] = await call(f.id)
		busy.value = false
		if (failed)
			toastProblem(failed)
		await refresh()
		await loadPreview()
	}
	/** @param {object} body */
	const patch = (body) => change((id) => api.changeFile(id, body))
	/** @param {File_} f */
	const drop = async (f) => {
		const [, failed] = await api.dropFile(f.id)
		if (failed)
			toastProblem(failed)
		current.value = null
		await refresh()
		await loadPreview()
	}
	/** Every file must be read completely before the check of any begins; the first that is not is opened. @returns {Promise<boolean>} */
	const complete = async () => {
		for (const f of session.peek()?.files ?? []) {
			const entity = entityOf(f.entity)
			const [p, failed] = await api.preview(f.id)
			if (p && entity && !p.missing.length)
				continue
			current.value = f.id
			await loadPreview()
			step.value = entity ? 2 : 1
			if (p)
				toast(entity ? t('{name}: these fields must come from the file: {fields}', { name: f.name, fields: p.missing.map(columnLabel).join(', ') }) : t('{name}: say first what this file holds', { name: f.name }), { bad: true })
			else
				toastProblem(failed)
			return false
		}
		return true
	}
	const validate = async () => {
		busy.value = true
		if (!(await complete())) {
			busy.value = false
			return
		}
		const [, failed] = await api.validateImport(id)
		busy.value = false
		problem.value = failed
		if (failed)
			return
		step.value = 3
		await refresh()
		follow()
	}
	const load = async () => {
		busy.value = true
		const [, failed] = await api.processImport(id)
		busy.value = false
		problem.value = failed
		if (failed)
			return
		step.value = 4
		await refresh()
		follow()
	}
	const cancel = async () => {
		if ((await ask({ title: t('Cancel this import?'), text: t('Nothing of it is loaded. The files are removed.'), confirm: t('Cancel the import'), danger: true })) === null)
			return
		const [, failed] = await api.cancelImport(id)
		if (failed)
			toastProblem(failed)
		else
			toast(t('The import is cancelled'))
		await refresh()
	}
	const taken = undoing({ id, refresh })
	const meets = deltaPart({ id, refresh, editable: () => editable.value })
	/** What is not mapped though it must be. */
	const missing = computed(() => preview.value?.missing ?? [])
	const mayGo = (/** @type {number} */ to) => {
		const s = session.value
		if (!s || to <= 0)
			return !!s
		if (to <= 2)
			return s.files.length > 0 && editable.value
		if (to === 3)
			return s.files.length > 0 && (s.status !== 'UPLOADING' || step.value === 3)
		return ['PROCESSING', 'COMPLETED', 'CANCELLED', 'UNDOING', 'UNDONE'].includes(s.status)
	}

	// ---- File

	const fileStep = () => html`<section class="col">${incoming.view()}
		${session.value?.files.length ? html`<section class="card tight"><table class="table stack"><thead><tr><th>${t('File')}</th><th>${t('Holds')}</th><th class="num">${t('Rows')}</th><th class="num">${t('Size')}</th><th></th></tr></thead>
			<tbody>${session.value.files.map((f) => html`<tr><td>${f.name}${f.sha256 ? html`<br><small class="faint" title=${f.sha256}>SHA-256 ${f.sha256.slice(0, 16)}…</small>` : nothing}${f.sameAs ? html`<br><span class="chip warn">${t('the same file came before')}</span> <a href=${`/import/${f.sameAs.session}`}>${f.sameAs.name}, ${ago(f.sameAs.at)}</a>` : nothing}</td><td>${entityOf(f.entity) ? t(entityOf(f.entity)?.label ?? f.name) : html`<span class="chip warn">${t('not clear yet')}</span>`}</td><td class="num" data-label=${t('Rows')}>${num(f.rows)}</td><td class="num" data-label=${t('Size')}>${bytes(f.bytes)}</td>
				<td class="actions"><button class="btn quiet small icon-only" aria-label=${t('Remove {name}', { name: f.name })} @click=${() => drop(f)}>${icon('trash')}</button></td></tr>`)}</tbody></table></section>` : nothing}
		${stops.settings()}
		<div class="row wrap"><span class="muted">${t('Templates')}:</span>${entities.data.value?.items.map((x) => html`<a href=${api.templateUrl(x.entity)} download>${t(x.label)}</a>`)}</div></section>`

	const fileTabs = () => ((session.value?.files.length ?? 0) > 1 ? html`<div class="segmented" role="tablist" aria-label=${t('Files')}>${session.value?.files.map((f) => html`<button class="btn" role="tab" aria-selected=${String(f.id === file.value?.id)} @click=${() => {
		current.value = f.id
		void loadPreview()
	}}>${f.name}</button>`)}</div>` : nothing)

	// ---- Shape

	/** @param {string} name @param {string} label @param {[string, string][]} choices @param {string | null} value */
	const choice = (name, label, choices, value) => field('sh-' + name, label, html`<select id=${'sh-' + name} class="input" ?disabled=${busy.value} @change=${(/** @type {any} */ e) => {
		void patch({ [name]: e.target.value })
	}}>${choices.some(([v]) => v === value) || value === null ? nothing : html`<option value=${value} selected>${value}</option>`}${value === null ? html`<option value="" selected disabled>${t('Choose')}</option>` : nothing}
		${choices.map(([v, l]) => html`<option value=${v} ?selected=${v === value}>${l}</option>`)}</select>`)
	const shapeStep = () => {
		const f = file.value, p = preview.value
		if (!f)
			return nothing
		return html`<section class="col">${fileTabs()}
		<div class="card"><div class="grid-2">
			${choice('entity', t('What the file holds'), (entities.data.value?.items ?? []).map((x) => [x.entity, t(x.label)]), f.entity)}
			${choice('encoding', t('Encoding'), [['UTF-8', 'UTF-8'], ['UTF-16LE', 'UTF-16 LE'], ['UTF-16BE', 'UTF-16 BE'], ['WINDOWS-1252', 'Windows-1252'], ['ISO-8859-1', 'ISO-8859-1'], ['ISO-8859-15', 'ISO-8859-15']], f.encoding)}
			${choice('delimiter', t('Columns are parted by'), [[',', t('comma')], [';', t('semicolon')], ['\t', t('tab')], ['|', t('bar |')]], f.delimiter)}
			${field('sh-header', t('Row with the column names'), html`<input id="sh-header" class="input" type="number" min="0" max="50" .value=${String(f.headerRow)} @change=${(/** @type {any} */ e) => {
				void patch({ headerRow: Number(e.target.value) })
			}}>`, { help: t('0: the file has none') })}</div></div>
		${previewProblem.value ? problemNotice(previewProblem.value) : !p ? loading() : html`<section class="card tight"><div class="table-wrap" tabindex="0"><table class="table dense"><caption class="sr">${t('First rows of {name}', { name: f.name })}</caption>
			<thead><tr>${p.columns.map((c) => html`<th scope="col">${c.name || t('column {n}', { n: c.index + 1 })}</th>`)}</tr></thead>
			<tbody>${p.rows.slice(0, 12).map((r) => html`<tr>${p.columns.map((c) => html`<td class="nowrap">${r[c.index] ?? ''}</td>`)}</tr>`)}</tbody></table></div></section>
			<p class="faint">${t('The first {n} rows of {rows}.', { n: Math.min(12, p.rows.length), rows: num(f.rows) })}</p>`}</section>`
	}

	// ---- Map

	const map = mapStep({ file, preview, problem: previewProblem, busy, entityOf, patch, change, fileTabs: () => fileTabs(), toShape: () => {
		step.value = 1
	} })

	// ---- Check

	/** @param {import('../core/api.js').Counts} c */
	const countsView = (c) => {
		/** @type {[number, string, string][]} */
		const list = [[c.read, t('rows read'), ''], [c.inserted, t('new'), 'good'], [c.updated, t('changed'), 'info'], [c.unchanged, t('unchanged'), ''], [c.rejected, t('rejected'), c.rejected ? 'bad' : ''], [c.duplicate, t('duplicate'), c.duplicate ? 'warn' : '']]
		return html`<div class="stats">${list.map(([n, l, k]) => html`<div class="stat"><b>${num(n)}</b><span class=${cls(k && 'chip', k)}>${l}</span></div>`)}</div>
			<p class="faint num">${t('{read} read = {sum} accounted for', { read: num(c.read), sum: num(c.inserted + c.updated + c.unchanged + c.rejected + c.duplicate) })}</p>`
	}
	/** The rows kept out of each file, with the reason of each: rejected ones and later ones with the same key. @param {Session} s */
	const keptOut = (s) => html`<div class="row wrap">${s.files.map((f) => ({ f, n: (f.counts?.rejected ?? 0) + (f.counts?.duplicate ?? 0) })).filter((x) => x.n).map(({ f, n }) => html`<a class="btn small" href=${api.rejectsUrl(f.id)} download>${icon('export')}${t('Rows of {name} kept out ({n})', { name: f.name, n: num(n) })}</a>`)}</div>`
	const causes = checkStep({ id, session, busy, columnLabel, refresh: () => refresh(), loadPreview, keptOut })
	const running = () => (session.value ? runningView(session.value) : nothing)
	const failedView = () => stops.failed()
	const check = () => {
		const s = session.value
		if (!s)
			return nothing
		if (s.status === 'VALIDATING')
			return running()
		if (s.status === 'FAILED')
			return failedView()
		if (s.status === 'UPLOADING' && !causes.known())
			return empty('check', t('Not checked yet'), t('Every row is checked before anything is loaded.'))
		return html`<section class="col">${s.counts && s.status !== 'UPLOADING' ? html`<section class="card">${countsView(s.counts)}</section>` : nothing}
		${causes.view(s)}${s.status === 'UPLOADING' ? nothing : meets.view(s.files)}</section>`
	}
	// ---- Load

	const loadStep = () => {
		const s = session.value
		if (!s)
			return nothing
		if (s.status === 'PROCESSING' || s.status === 'UNDOING')
			return running()
		if (s.status === 'UNDONE')
			return taken.view()
		if (s.status === 'FAILED')
			return failedView()
		if (s.status === 'CANCELLED')
			return empty('close', t('This import was cancelled'), t('Nothing of it was loaded.'), html`<a class="btn" href="/import">${t('All imports')}</a>`)
		if (s.status !== 'COMPLETED')
			return nothing
		return html`<section class="col"><div class="notice good">${icon('check')}<div><p><b>${t('Loaded')}</b></p><p>${s.waiting.length ? t('All but the plans named below is current now, and each change is in the log.') : t('The data is current now, and each change is in the log.')}</p></div></div>
			${s.waiting.length ? html`<div class="notice" id="waiting">${icon('info')}<div class="grow"><p><b>${tn('{n} territory keeps the plan it had', '{n} territories keep the plan they had', s.waiting.length)}</b></p>
				<p>${t('The imported plan lies beside it as a version: compare the two, and take it over if you want it.')}</p>
				<ul class="row wrap">${s.waiting.map((x) => html`<li><a href=${`/territories/${x.territoryId}/versions?channel=${x.channel}`}>${t('{territory} · {channel}, version {n}', { territory: x.territory, channel: x.channel, n: x.version })}</a></li>`)}</ul></div></div>` : nothing}
			${s.counts ? html`<section class="card">${countsView(s.counts)}</section>` : nothing}
			${keptOut(s)}
			<div class="row wrap"><a class="btn primary" href="/territories">${icon('territory')}${t('To the territories')}</a><a class="btn" href="/outlets">${t('Look at the outlets')}</a><a class="btn" href="/import">${t('All imports')}</a><span class="grow"></span>${taken.button()}</div></section>`
	}

	const bodies = [fileStep, shapeStep, map.view, check, loadStep]
	const foot = () => {
		const s = session.value
		if (!s || MOVING.includes(s.status) || ['COMPLETED', 'CANCELLED', 'UNDONE'].includes(s.status))
			return s && MOVING.includes(s.status) && s.status !== 'UNDOING' ? html`<button class="btn danger" @click=${cancel}>${t('Cancel the import')}</button>` : nothing
		const i = step.value
		return html`<button class="btn quiet" @click=${cancel}>${t('Cancel the import')}</button><span class="grow"></span>
			${i > 0 ? html`<button class="btn" @click=${() => {
				step.value = i - 1
			}}>${t('Back')}</button>` : nothing}
			${i < 2 ? html`<button class="btn primary" ?disabled=${!s.files.length || incoming.busy()} @click=${() => {
				step.value = i + 1
			}}>${t('Next')}</button>`
			: i === 2 || s.status === 'FAILED' || (i === 3 && s.status === 'UPLOADING') ? html`<button class="btn primary" ?disabled=${busy.value || missing.value.length > 0} @click=${validate}>${t('Check all rows')}</button>`
			: i === 3 && s.status === 'READY' ? html`<button class="btn primary" ?disabled=${busy.value || meets.open()} @click=${load}>${icon('import')}${t('Load now')}</button>` : nothing}`
	}
	const view = () => {
		const s = session.value
		if (!s)
			return html`<div class="page">${problem.value ? problemNotice(problem.value, () => void refresh(true)) : loading()}</div>`
		return html`<div class="page">
		<div class="page-head"><div><div class="crumbs"><a href="/import">${t('Import')}</a></div><h1>${s.name || t('Import {id}', { id: s.id })}</h1></div>${statusChip(s.status)}</div>
		<ol class="steps" aria-label=${t('Steps')}>${steps().map((l, i) => html`<li class=${cls((i < step.value || s.status === 'COMPLETED') && 'done')} aria-current=${i === step.value ? 'step' : nothing}>${mayGo(i) && i !== step.value ? html`<button @click=${() => {
			step.value = i
		}}><span>${l}</span></button>` : html`<span>${l}</span>`}</li>`)}</ol>
		${problem.value ? problemNotice(problem.value) : nothing}
		${bodies[step.value]()}
		<div class="row wrap end">${foot()}</div></div>`
	}
	return { title: t('Import'), view, dispose: () => {
		unfollow()
		incoming.dispose()
		map.dispose()
	} }
}
