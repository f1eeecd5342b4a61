// SPDX-License-Identifier: GPL-3.0-or-later
// The import wizard: File, Shape, Map, Check, Load.  The server keeps the state: a closed laptop goes on where it was.
import { cls, html, nothing, signal, computed } from '../core/html.js'
import { api } from '../core/api.js'
import { bytes, num, t, tc, tn } from '../core/i18n.js'
import { icon } from '../components/icons.js'
import { suggestionText } from '../plan/labels.js'
import { savedMappings } from './mappings.js'
import { undoing } from './undo.js'
import { deltaPart } from './delta.js'
import { jobStep } from '../components/job.js'
import { ask, bar, empty, field, loading, poll, problemNotice, resource, toast, toastProblem } from '../components/ui.js'

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
	const rowElement = signal('')
	const uploads = signal(/** @type {{name: string, part: number, problem: Problem | null}[]} */ ([]))
	/** The cause whose rows are shown, and those that have come. */
	const cause = signal(/** @type {import('../core/api.js').IssueGroup | null} */ (null))
	const rows = signal(/** @type {{items: import('../core/api.js').Issue[], next: string | null, problem: Problem | null}} */ ({ items: [], next: null, problem: null }))
	const busy = signal(false)
	const over = signal(false)
	const entities = resource(api.entities)
	const issues = resource(() => api.issues(id, { limit: 1 }))
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

	let stopPoll = () => {}
	let polling = false
	/** @param {boolean} [first] */
	const refresh = async (first) => {
		const [s, failed] = await api.importSession(id)
		problem.value = failed && failed.status !== 0 ? failed : null
		if (!s)
			return
		const before = session.peek()?.status
		session.value = s
		if (first)
			step.value = ['COMPLETED', 'PROCESSING', 'UNDOING', 'UNDONE'].includes(s.status) ? 4 : s.status === 'VALIDATING' || s.status === 'READY' ? 3 : s.status === 'CANCELLED' ? 4 : s.files.length ? 1 : 0
		if (MOVING.includes(s.status))
			watch()
		else if (before !== s.status || first) {
			if (['READY', 'COMPLETED', 'FAILED'].includes(s.status)) {
				void issues.load()
				if (s.status !== 'FAILED')
					void meets.load()
			}
			if (s.status === 'COMPLETED' && before === 'PROCESSING')
				step.value = 4
		}
	}
	const watch = () => {
		if (polling)
			return
		polling = true
		stopPoll = poll(async () => {
			await refresh()
			polling = MOVING.includes(session.peek()?.status ?? '')
			return polling
		}, 600)
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
	/** @param {FileList | File[] | null} list */
	const add = async (list) => {
		const files = [...(list ?? [])]
		for (const f of files) {
			const row = { name: f.name, part: 0, problem: /** @type {Problem | null} */ (null) }
			uploads.value = [...uploads.peek(), row]
			const [added, failed] = await api.upload(id, f, rowElement.peek().trim(), (part) => {
				row.part = part
				uploads.value = [...uploads.peek()]
			})
			if (added) {
				const passed = added.tables.filter((x) => x.problem).map((x) => ({ name: x.name, part: 1, problem: { code: 'ERR_IMPORT_001', status: 400, message: t('This table was passed over'), detail: x.problem, fields: [] } }))
				uploads.value = [...uploads.peek().filter((u) => u !== row), ...passed]
				current.value = added.id
			} else {
				row.problem = failed
				uploads.value = [...uploads.peek()]
			}
			await refresh()
		}
		await loadPreview()
	}
	/** @param {object} change */
	const patch = async (change) => {
		const f = file.peek()
		if (!f)
			return
		busy.value = true
		const [, failed] = await api.changeFile(f.id, change)
		busy.value = false
		if (failed)
			toastProblem(failed)
		await refresh()
		await loadPreview()
	}
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
		cause.value = null
		await refresh()
		watch()
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
		watch()
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
	/** @param {boolean} [more] */
	const showRows = async (more) => {
		const g = cause.peek()
		if (!g)
			return
		const before = more ? rows.peek() : { items: [], next: null }
		busy.value = true
		const [part, failed] = await api.issues(id, { limit: 100, rule: g.rule, severity: g.severity, column: g.column ?? '-', after: before.next })
		busy.value = false
		if (g === cause.peek())
			rows.value = { items: [...before.items, ...part?.items ?? []], next: part ? part.next : before.next, problem: failed }
	}
	const kept = savedMappings({ patch, busy })
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

	const fileStep = () => html`<section class="col">
		<div class=${cls('drop', over.value && 'over')}
			@dragover=${(/** @type {DragEvent} */ e) => {
				e.preventDefault()
				over.value = true
			}} @dragleave=${() => {
				over.value = false
			}} @drop=${(/** @type {DragEvent} */ e) => {
				e.preventDefault()
				over.value = false
				void add(e.dataTransfer?.files ?? null)
			}}>${icon('import')}<h2>${t('Drop files here')}</h2><p>${t('CSV or text of any size and encoding, Excel workbooks (XLSX), XML, JSON; also packed as gzip or ZIP. Several at once is fine: outlets, distributors, seats, a plan.')}</p>
			<label class="btn primary" for="files">${icon('file')}${t('Choose files')}</label><input id="files" class="sr" type="file" multiple accept=".csv,.txt,.tsv,.gz,.zip,.xlsx,.xml,.json,.jsonl,.ndjson,text/csv" @change=${(/** @type {any} */ e) => {
				void add(e.target.files)
			}}></div>
		<details class="faint"><summary>${t('XML with an unusual structure?')}</summary>${field('fi-row', t('Element that is one row'), html`<input id="fi-row" class="input" maxlength="120" autocomplete="off" spellcheck="false" .value=${rowElement.value} @input=${(/** @type {any} */ e) => {
			rowElement.value = e.target.value
		}}>`, { help: t('Empty: the element that repeats. It holds for the files added after it.') })}</details>
		${uploads.value.map((u) => html`<div class="card"><div class="row between"><b>${u.name}</b>${u.problem ? html`<button class="btn quiet small" @click=${() => {
			uploads.value = uploads.peek().filter((x) => x !== u)
		}}>${t('Dismiss')}</button>` : html`<span class="num">${num(u.part * 100)} %</span>`}</div>${u.problem ? problemNotice(u.problem) : bar(u.part, t('Upload of {name}', { name: u.name }))}</div>`)}
		${session.value?.files.length ? html`<section class="card tight"><table class="table stack"><thead><tr><th>${t('File')}</th><th>${t('Holds')}</th><th class="num">${t('Rows')}</th><th class="num">${t('Size')}</th><th></th></tr></thead>
			<tbody>${session.value.files.map((f) => html`<tr><td>${f.name}</td><td>${entityOf(f.entity) ? t(entityOf(f.entity)?.label ?? f.name) : html`<span class="chip warn">${t('not clear yet')}</span>`}</td><td class="num" data-label=${t('Rows')}>${num(f.rows)}</td><td class="num" data-label=${t('Size')}>${bytes(f.bytes)}</td>
				<td class="actions"><button class="btn quiet small icon-only" aria-label=${t('Remove {name}', { name: f.name })} @click=${() => drop(f)}>${icon('trash')}</button></td></tr>`)}</tbody></table></section>` : nothing}
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

	/** What else a mapping says of a column: not its suggestion. @param {import('../core/api.js').Mapping | undefined} m */
	const extras = (m) => ({ ...(m?.transform ? { transform: m.transform } : {}), ...(m?.default ? { default: m.default } : {}) })
	/**
	 * Maps each column as `of` says.  What is the same for every row has no column and stays.
	 * @param {(c: Preview['columns'][number], m: import('../core/api.js').Mapping | undefined) => object & {target: string | null}} of
	 */
	const remap = (of) => {
		const p = preview.peek(), before = file.peek()?.mapping ?? []
		if (!p)
			return
		const columns = p.columns.map((c) => ({ ...of(c, before.find((m) => m.source === c.index)), source: c.index }))
		void patch({ mapping: [...columns, ...before.filter((m) => m.source < 0 && !columns.some((c) => c.target === m.target))] })
	}
	/** One source for each target: taking it here gives it up there. @param {number} source @param {string | null} target */
	const setTarget = (source, target) => remap((c, m) => ({ ...extras(m), target: c.index === source ? target : c.target === target ? null : c.target }))
	/** What is done with the texts of a column, and what stands for empty cells. @param {number} source @param {{transform?: string | null, default?: string | null}} change */
	const setExtra = (source, change) => remap((c, m) => ({ ...extras({ .../** @type {any} */ (m), ...(c.index === source ? change : {}) }), target: c.target }))
	/** @param {import('../core/api.js').EntityColumn} c @param {import('../core/api.js').Mapping | undefined} m @param {number} source */
	const more = (c, m, source) => html`<details class="more" ?open=${!!(m?.transform || m?.default)}><summary>${t('More')}</summary>
		${field('case-' + c.name, t('Letters'), html`<select id=${'case-' + c.name} class="input small" ?disabled=${busy.value} @change=${(/** @type {any} */ e) => setExtra(source, { transform: e.target.value || null })}>
			${[['', t('as in the file')], ['UPPER', t('to capitals')], ['LOWER', t('to small letters')]].map(([v, l]) => html`<option value=${v} ?selected=${(m?.transform ?? '') === v}>${l}</option>`)}</select>`)}
		${field('default-' + c.name, t('For empty cells'), html`<input id=${'default-' + c.name} class="input small" maxlength="200" autocomplete="off" .value=${m?.default ?? ''} @change=${(/** @type {any} */ e) => setExtra(source, { default: e.target.value.trim() || null })}>`)}</details>`
	const mapStep = () => {
		const f = file.value, p = preview.value, entity = entityOf(f?.entity)
		if (!f)
			return nothing
		if (previewProblem.value)
			return html`${fileTabs()}${problemNotice(previewProblem.value)}`
		if (!p || !entity)
			return html`${fileTabs()}${entity || !p ? loading() : html`<div class="notice warn">${icon('warn')}<p>${t('Say first what this file holds.')}</p><button class="btn small" @click=${() => {
				step.value = 1
			}}>${t('To the shape')}</button></div>`}`
		const mapped = new Map(p.columns.filter((c) => c.target).map((c) => [c.target, c]))
		const rank = (/** @type {import('../core/api.js').EntityColumn} */ c) => (mapped.has(c.name) ? ((mapped.get(c.name)?.confidence ?? 1) < 0.9 ? 1 : 2) : c.required ? 0 : 3)
		const order = [...entity.columns].sort((a, b) => rank(a) - rank(b))
		const unused = p.columns.filter((c) => !c.target)
		return html`<section class="col">${fileTabs()}${kept.view(p, f)}
		${missing.value.length ? html`<div class="notice bad">${icon('warn')}<p>${t('These fields must come from the file')}: <b>${missing.value.map((m) => entity.columns.find((c) => c.name === m)?.label ?? m).map((x) => t(x)).join(', ')}</b></p></div>`
			: html`<div class="notice good">${icon('check')}<p>${tn('{n} column is mapped; everything needed is there.', '{n} columns are mapped; everything needed is there.', mapped.size)}</p></div>`}
		<div class="map-cards">${order.map((c) => {
			const from = mapped.get(c.name)
			const sure = from && from.confidence >= 0.9
			return html`<div class=${cls('map-card', !from && c.required && 'todo')}><div class="row between"><label for=${'map-' + c.name}><b>${t(c.label)}</b>${c.required ? html` <span class="chip">${t('needed')}</span>` : nothing}</label>
				${from ? html`<span class=${cls('chip', sure ? 'good' : 'warn')} title=${t('How sure this is')}>${num(from.confidence * 100)} %</span>` : nothing}</div>
				<select id=${'map-' + c.name} class="input small" ?disabled=${busy.value} @change=${(/** @type {any} */ e) => {
					if (e.target.value === '')
						from && setTarget(from.index, null)
					else
						setTarget(Number(e.target.value), c.name)
				}}><option value="">${t('– not in this file –')}</option>${p.columns.map((x) => html`<option value=${x.index} ?selected=${x.index === from?.index}>${x.name || t('column {n}', { n: x.index + 1 })}</option>`)}</select>
				<span class="samples">${from ? from.samples.filter(Boolean).slice(0, 3).join(' · ') || t('all empty') : c.example ? t('e.g. {x}', { x: c.example }) : ''}</span>
				${from ? more(c, f.mapping.find((m) => m.source === from.index), from.index) : nothing}
				${from?.reason ? html`<small class="faint">${suggestionText(from.reason)}</small>` : c.help ? html`<small class="faint">${t(c.help)}</small>` : nothing}</div>`
		})}</div>
		${unused.length ? html`<p class="muted">${t('Columns not read')}: ${unused.map((c) => c.name || t('column {n}', { n: c.index + 1 })).join(', ')}</p>` : nothing}</section>`
	}

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
	const running = () => {
		const j = session.value?.job
		return html`<section class="card col"><div class="row between"><h2>${session.value?.status === 'VALIDATING' ? t('Checking every row…') : t('Loading…')}</h2><span class="num">${num(j?.percent ?? 0)} %</span></div>
			${bar((j?.percent ?? 0) / 100, t('Progress'))}<div class="row between faint"><span>${jobStep(j?.step ?? '')}</span>${j?.rowsTotal ? html`<span class="num">${num(j.rowsDone)} / ${num(j.rowsTotal)} ${t('rows')}</span>` : nothing}</div>
			<p class="muted">${t('You may leave this page; the work goes on.')}</p></section>`
	}
	const failedView = () => {
		const e = session.value?.error
		return html`${problemNotice(e ? { status: 0, ...e } : { code: 'ERR_IMPORT_003', status: 0, message: t('The import failed'), detail: null })}
			<p class="muted">${t('Nothing was loaded. Change the file or its shape, then check again.')}</p>`
	}
	const checkStep = () => {
		const s = session.value
		if (!s)
			return nothing
		if (s.status === 'VALIDATING')
			return running()
		if (s.status === 'FAILED')
			return failedView()
		if (s.status === 'UPLOADING')
			return empty('check', t('Not checked yet'), t('Every row is checked before anything is loaded.'))
		const i = issues.data.value
		return html`<section class="col">
		${s.counts ? html`<section class="card">${countsView(s.counts)}</section>` : nothing}
		${issues.error.value ? problemNotice(issues.error.value, () => void issues.load()) : !i ? loading() : !i.groups.length ? html`<div class="notice good">${icon('check')}<p>${t('No row has a problem.')}</p></div>` : html`
		<section class="card tight"><table class="table stack"><caption class="sr">${t('Problems by cause')}</caption><thead><tr><th>${t('Problem')}</th><th>${t('Column')}</th><th class="num">${t('Rows')}</th><th></th></tr></thead>
			<tbody>${i.groups.map((g) => html`<tr><td><span class=${cls('chip', g.severity.toLowerCase() === 'error' ? 'bad' : 'warn')}>${g.severity.toLowerCase() === 'error' ? t('rejected') : t('warning')}</span> ${t(g.message)} <small class="faint">${g.rule}</small></td><td data-label=${t('Column')}>${g.column ? columnLabel(g.column) : '–'}</td><td class="num" data-label=${t('Rows')}>${num(g.count)}</td>
				<td class="actions"><button class="btn small quiet" aria-pressed=${String(cause.value === g)} @click=${() => {
					cause.value = cause.peek() === g ? null : g
					rows.value = { items: [], next: null, problem: null }
					void showRows()
				}}>${t('Show rows')}</button></td></tr>`)}</tbody></table></section>
		${cause.value ? html`${rows.value.problem ? problemNotice(rows.value.problem, () => void showRows(true)) : nothing}<section class="card tight" id="issue-rows"><div class="table-wrap" tabindex="0"><table class="table dense"><thead><tr><th>${t('File')}</th><th class="num">${t('Row')}</th><th>${t('Column')}</th><th>${t('Value')}</th><th>${t('Suggestion')}</th><th>${t('Problem')}</th></tr></thead>
			<tbody>${rows.value.items.map((x) => html`<tr><td>${s.files.find((f) => f.id === x.file)?.name ?? x.file}</td><td class="num">${num(x.row)}</td><td>${x.column ? columnLabel(x.column) : '–'}</td><td><code>${x.value ?? ''}</code></td><td>${x.suggestion ? html`<code>${x.suggestion}</code>` : '–'}</td><td>${t(x.message)}</td></tr>`)}</tbody></table></div></section>
			<div class="row between"><span class="faint num" aria-live="polite">${t('{n} of {total}', { n: num(rows.value.items.length), total: num(cause.value.count) })}${!rows.value.next && rows.value.items.length && rows.value.items.length < cause.value.count ? ' · ' + t('of warnings the first thousand of a kind are kept') : ''}</span>
				${rows.value.next ? html`<button class="btn small" ?disabled=${busy.value} @click=${() => showRows(true)}>${t('Show more')}</button>` : nothing}</div>` : nothing}`}
		${keptOut(s)}
		${meets.view(s.files)}</section>`
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

	const bodies = [fileStep, shapeStep, mapStep, checkStep, loadStep]
	const foot = () => {
		const s = session.value
		if (!s || MOVING.includes(s.status) || ['COMPLETED', 'CANCELLED', 'UNDONE'].includes(s.status))
			return s && MOVING.includes(s.status) && s.status !== 'UNDOING' ? html`<button class="btn danger" @click=${cancel}>${t('Cancel the import')}</button>` : nothing
		const i = step.value
		return html`<button class="btn quiet" @click=${cancel}>${t('Cancel the import')}</button><span class="grow"></span>
			${i > 0 ? html`<button class="btn" @click=${() => {
				step.value = i - 1
			}}>${t('Back')}</button>` : nothing}
			${i < 2 ? html`<button class="btn primary" ?disabled=${!s.files.length || !!uploads.value.find((u) => !u.problem)} @click=${() => {
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
	return { title: t('Import'), view, dispose: () => stopPoll() }
}
