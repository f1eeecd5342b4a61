// SPDX-License-Identifier: GPL-3.0-or-later
// Drop folders: what other systems leave there is imported by the clock.
import { cls, html, nothing, signal } from '../core/html.js'
import { api } from '../core/api.js'
import { ago, bytes, instant, num, t, tn } from '../core/i18n.js'
import { canEverywhere, isOff } from '../core/session.js'
import { icon } from '../components/icons.js'
import { ask, empty, field, fieldProblem, openDialog, poll, problemNotice, resource, shown, toast, toastProblem } from '../components/ui.js'

/** @typedef {import('../core/api.js').Watch} Watch */
/** @typedef {import('../core/api.js').WatchBody} WatchBody */
/** @typedef {import('../core/api.js').WatchFile} WatchFile */

/** @type {WatchBody} */
const fresh = { name: '', folder: '', pattern: '*.csv', entity: 'outlets', mapping: null, publish: false, everyMinutes: 15, stopPercent: 20, active: true }

/** @param {WatchFile} f */
function stateChip(f) {
	/** @type {Record<string, [string, string]>} */
	const kinds = { TAKEN: ['info', t('under way')], WAITING: ['accent', t('waits for review')], PUBLISHED: ['good', t('loaded')], REFUSED: ['bad', t('refused')] }
	const [kind, label] = kinds[f.state]
	return html`<span class=${cls('chip', kind)}>${label}</span>`
}

export function page() {
	const list = resource(api.watches)
	const entities = resource(api.entities)
	const schemas = resource(() => api.schemas({ limit: 500 }))
	const shownId = signal(/** @type {number | null} */ (null))
	const files = signal(/** @type {WatchFile[]} */ ([]))
	const more = signal(/** @type {string | null} */ (null))
	void entities.load()
	void schemas.load()
	/** @param {boolean} [further] */
	const loadFiles = async (further) => {
		const id = shownId.peek()
		if (id === null)
			return
		const [part, failed] = await api.watchFiles(id, { limit: 20, after: further ? more.peek() : null })
		if (failed)
			toastProblem(failed)
		else if (id === shownId.peek()) {
			files.value = further ? [...files.peek(), ...part.items] : part.items
			more.value = part.next
		}
	}
	/** @param {number} id */
	const show = (id) => {
		shownId.value = id
		files.value = []
		more.value = null
		void loadFiles()
	}
	const refresh = async () => {
		await list.load()
		if (shownId.peek() === null && list.data.peek()?.items.length)
			show(/** @type {any} */ (list.data.peek()).items[0].id)
	}
	void refresh()
	/* What is under way moves on by itself. */
	const stop = poll(async () => {
		if (list.data.peek()?.items.some((w) => w.active) || files.peek().some((f) => f.state === 'TAKEN')) {
			await list.load()
			if (files.peek().length <= 20)
				await loadFiles()
		}
	}, 5000)

	/** @param {Watch | null} w */
	const edit = (w) => {
		const draft = signal(/** @type {WatchBody} */ (w ? { name: w.name, folder: w.folder, pattern: w.pattern, entity: w.entity, mapping: w.mapping, publish: w.publish, everyMinutes: w.everyMinutes, stopPercent: w.stopPercent, active: w.active } : fresh))
		const problem = signal(/** @type {import('../core/http.js').Problem | null} */ (null))
		const busy = signal(false)
		const save = async () => {
			busy.value = true
			const [saved, failed] = w ? await api.setWatch(w.id, draft.peek()) : await api.addWatch(draft.peek())
			busy.value = false
			problem.value = failed
			if (!saved)
				return
			close()
			await list.load()
			show(saved.id)
		}
		/** @param {keyof WatchBody} key @param {string} label @param {string} [help] @param {object} [o] */
		const text = (key, label, help, o = {}) => field('wa-' + key, label, html`<input id=${'wa-' + key} class="input" autocomplete="off" spellcheck="false" type=${/** @type {any} */ (o).type ?? 'text'} min=${/** @type {any} */ (o).min ?? nothing} max=${/** @type {any} */ (o).max ?? nothing} .value=${String(draft.value[key] ?? '')} @input=${(/** @type {any} */ e) => {
			draft.value = { ...draft.peek(), [key]: /** @type {any} */ (o).type === 'number' ? Number(e.target.value) : e.target.value }
		}}>`, { help, problem: fieldProblem(problem.value, key) })
		/** @param {keyof WatchBody} key @param {string} label */
		const yes = (key, label) => html`<label class="check"><input type="checkbox" .checked=${!!draft.value[key]} @change=${(/** @type {any} */ e) => {
			draft.value = { ...draft.peek(), [key]: e.target.checked }
		}}> ${label}</label>`
		const names = () => [...new Set((schemas.data.value?.items ?? []).filter((s) => s.entity === draft.value.entity).map((s) => s.name))].sort()
		const close = openDialog({
			title: () => (w ? t('Change “{name}”', { name: w.name }) : t('New drop folder')), wide: true,
			body: () => html`${problem.value && !problem.value.fields?.length ? problemNotice(problem.value) : nothing}<div class="grid-2">
				${text('name', t('Name'))}
				${text('folder', t('Folder'), t('below {root}', { root: list.data.value?.root ?? '' }))}
				${text('pattern', t('File names'), t('* stands for any text, ? for one character, [0-9] for one of these'))}
				${field('wa-entity', t('What the files hold'), html`<select id="wa-entity" class="input" @change=${(/** @type {any} */ e) => {
					draft.value = { ...draft.peek(), entity: e.target.value, mapping: null }
				}}>${(entities.data.value?.items ?? []).map((x) => html`<option value=${x.entity} ?selected=${x.entity === draft.value.entity}>${t(x.label)}</option>`)}</select>`)}
				${field('wa-mapping', t('Saved mapping'), html`<select id="wa-mapping" class="input" @change=${(/** @type {any} */ e) => {
					draft.value = { ...draft.peek(), mapping: e.target.value || null }
				}}><option value="">${t('found by the column names')}</option>${names().map((n) => html`<option value=${n} ?selected=${n === draft.value.mapping}>${n}</option>`)}</select>`, { problem: fieldProblem(problem.value, 'mapping') })}
				${text('everyMinutes', t('Look every so many minutes'), undefined, { type: 'number', min: 1, max: 10080 })}
				${text('stopPercent', t('Refuse a file beyond this share of rejected rows, in %'), t('0: never'), { type: 'number', min: 0, max: 100 })}
				<div class="col">${yes('publish', t('Load at once what passes the check'))}${yes('active', t('Look by the clock'))}</div></div>`,
			foot: () => html`<button class="btn" @click=${() => close()}>${t('Cancel')}</button><button class="btn primary" ?disabled=${busy.value || !draft.value.name.trim() || !draft.value.folder.trim()} @click=${save}>${t('Save')}</button>`,
		})
	}
	/** @param {Watch} w */
	const remove = async (w) => {
		if ((await ask({ title: t('Remove “{name}”?', { name: w.name }), text: t('The imports it has made and the files in the folder stay.'), confirm: t('Remove'), danger: true })) === null)
			return
		const [, failed] = await api.dropWatch(w.id)
		if (failed)
			toastProblem(failed)
		shownId.value = null
		files.value = []
		await refresh()
	}
	/** @param {Watch} w */
	const run = async (w) => {
		const [job, failed] = await api.runWatch(w.id)
		if (failed) {
			toastProblem(failed)
			return
		}
		show(w.id)
		for (let i = 0; i < 60; i++) {
			const [j] = await api.job(job.jobId)
			if (j && j.state !== 'queued' && j.state !== 'running') {
				if (j.error)
					toast(j.error.detail ?? t(j.error.message), { bad: true })
				else
					toast(tn('{n} file taken', '{n} files taken', Number(/** @type {any} */ (j.result)?.taken ?? 0)))
				break
			}
			await new Promise((go) => setTimeout(go, 500))
		}
		await list.load()
		await loadFiles()
	}
	/** @param {string} name */
	const entityLabel = (name) => t(entities.data.value?.items.find((e) => e.entity === name)?.label ?? name)
	/** @param {Watch} w */
	const row = (w) => html`<tr aria-current=${w.id === shownId.value ? 'true' : nothing}><td><button class="btn quiet small" aria-pressed=${String(w.id === shownId.value)} @click=${() => show(w.id)}>${w.name}</button></td>
		<td data-label=${t('Files')}><code>${w.folder}/${w.pattern}</code></td><td data-label=${t('Holds')}>${entityLabel(w.entity)}${w.mapping ? html` <small class="faint">${w.mapping}</small>` : nothing}</td>
		<td data-label=${t('Then')}>${w.publish ? t('load at once') : t('wait for review')}</td>
		<td data-label=${t('Looks')}>${w.active ? html`${tn('every minute', 'every {n} minutes', w.everyMinutes)}<br><small class="faint">${w.lastAt ? t('last {when}', { when: ago(w.lastAt) }) : t('not yet')}</small>` : html`<span class="chip">${t('only by hand')}</span>`}${w.lastProblem ? html`<br><span class="up">${w.lastProblem}</span>` : nothing}</td>
		<td class="actions">${isOff('drop_folders') ? nothing : html`<button class="btn small" @click=${() => run(w)}>${t('Look now')}</button><button class="btn quiet small" @click=${() => edit(w)}>${t('Change')}</button>`}<button class="btn quiet small icon-only" aria-label=${t('Remove {name}', { name: w.name })} @click=${() => remove(w)}>${icon('trash')}</button></td></tr>`
	const found = () => html`<section class="card tight"><table class="table stack" id="watch-files"><caption class="sr">${t('Files that were found')}</caption><thead><tr><th>${t('File')}</th><th>${t('State')}</th><th class="num">${t('Size')}</th><th>${t('Found')}</th><th>${t('Import')}</th></tr></thead>
		<tbody>${files.value.map((f) => html`<tr><td><span title=${f.sha256 ? `SHA-256 ${f.sha256}` : nothing}>${f.name}</span><br><small class="faint">${f.movedTo}</small></td><td data-label=${t('State')}>${stateChip(f)}${f.problem ? html`<br><span class="up">${f.problem}</span>` : nothing}</td>
			<td class="num" data-label=${t('Size')}>${bytes(f.bytes)}</td><td data-label=${t('Found')}><span title=${instant(f.foundAt)}>${ago(f.foundAt)}</span></td><td data-label=${t('Import')}>${f.session ? html`<a href=${`/import/${f.session}`}>#${num(f.session)}</a>` : '–'}</td></tr>`)}</tbody></table></section>
		${more.value ? html`<div class="row end"><button class="btn small" @click=${() => loadFiles(true)}>${t('Show more')}</button></div>` : nothing}`
	const view = () => html`<div class="page">
	<div class="page-head"><div><div class="crumbs"><a href="/import">${t('Import')}</a></div><h1>${t('Drop folders')}</h1><p>${t('What other systems leave there is imported by the clock, each file as an import of its own.')}</p></div>
		${canEverywhere('IMPORT_DATA') && list.data.value?.root && !isOff('drop_folders') ? html`<button class="btn primary" @click=${() => edit(null)}>${icon('plus')}${t('New drop folder')}</button>` : nothing}</div>
	${isOff('drop_folders') ? html`<div class="notice warn" role="status">${icon('info')}<div class="grow"><p>${t('An administrator switched drop folders off: nothing is taken from them.')}</p></div></div>` : nothing}
	${shown(list, (l) => (!l.root ? html`<section class="card">${empty('clock', t('No drop folders are configured'), t('Set drop_dir in beatplan.conf to a folder in which other systems may leave files.'))}</section>`
		: !l.items.length ? html`<section class="card">${empty('clock', t('No drop folder yet'), t('A file counts when it has not changed for a while; afterwards it lies in “processed”, or in “refused” with the reason beside it.'))}</section>`
		: html`<section class="card tight"><div class="table-wrap" tabindex="0"><table class="table stack"><thead><tr><th>${t('Name')}</th><th>${t('Files')}</th><th>${t('Holds')}</th><th>${t('Then')}</th><th>${t('Looks')}</th><th></th></tr></thead><tbody>${l.items.map(row)}</tbody></table></div></section>
			${shownId.value === null ? nothing : files.value.length ? found() : html`<section class="card">${empty('file', t('Nothing was found there yet'), t('Files that match will show here, with what became of them.'))}</section>`}`))}</div>`
	return { title: t('Drop folders'), view, dispose: stop }
}
