// SPDX-License-Identifier: GPL-3.0-or-later
// The wizard's Check step: what is wrong, by cause, with a fix for all rows of each; single rows in a grid; what the columns hold.
import { cls, html, nothing, signal } from '../core/html.js'
import { api } from '../core/api.js'
import { num, t, tn } from '../core/i18n.js'
import { icon } from '../components/icons.js'
import { badRows } from './badrows.js'
import { readingText } from '../plan/labels.js'
import { bar, capital, loading, problemNotice, resource, toast, toastProblem } from '../components/ui.js'

/** @typedef {import('../core/api.js').Cause} Cause */
/** @typedef {import('../core/api.js').Fix} Fix */
/** @typedef {import('../core/api.js').ImportSession} Session */

const keyOf = (/** @type {{rule: string, column: string | null}} */ c) => `${c.rule} ${c.column ?? ''}`

/**
 * @param {{id: number, session: {value: Session | null, peek: () => Session | null}, busy: {value: boolean}, columnLabel: (name: string) => string,
 *  refresh: () => Promise<void>, loadPreview: () => Promise<void>, keptOut: (s: Session) => unknown}} w
 */
export function checkStep(w) {
	const causes = resource(() => api.causes(w.id))
	/** The cause that is open, what is tried on it, and what that would do. */
	const open = signal('')
	const kind = signal('')
	const to = signal(/** @type {Record<string, string>} */ ({}))
	const once = signal(false)
	const tried = signal(/** @type {import('../core/api.js').BeforeAfter[] | null} */ (null))
	const problem = signal(/** @type {import('../core/http.js').Problem | null} */ (null))
	const shown = signal('')
	const rows = signal(/** @type {{items: import('../core/api.js').Issue[], next: string | null, problem: import('../core/http.js').Problem | null}} */ ({ items: [], next: null, problem: null }))
	const grid = badRows({ session: w.session, columnLabel: w.columnLabel, changed: () => w.refresh() })
	const profiles = signal(/** @type {Record<number, import('../core/api.js').ColumnProfile[]>} */ ({}))

	const load = async () => {
		await causes.load()
		profiles.value = {}
		shown.value = ''
		grid.forget()
	}
	/** @param {Cause} c @param {string} k @param {object} [more] */
	const body = (c, k, more = {}) => ({ rule: c.rule, ...(c.column ? { column: c.column } : {}), kind: k, ...more })
	/** @param {Cause} c @param {string} k @param {object} [more] */
	const look = async (c, k, more = {}) => {
		kind.value = k
		tried.value = null
		problem.value = null
		const [r, failed] = await api.previewFix(w.id, body(c, k, more))
		if (kind.peek() === k) {
			tried.value = r?.items ?? []
			problem.value = failed
		}
	}
	/** @param {Cause} c @param {string} k @param {object} [more] */
	const apply = async (c, k, more = {}) => {
		w.busy.value = true
		const [, failed] = await api.addFix(w.id, { ...body(c, k, more), once: once.peek() })
		w.busy.value = false
		problem.value = failed
		if (failed)
			return
		if (k !== 'VALUE')
			open.value = ''
		kind.value = ''
		tried.value = null
		await w.refresh()
		await causes.load()
	}
	/** @param {Fix} f */
	const takeBack = async (f) => {
		const [, failed] = await api.dropFix(f.id)
		if (failed)
			toastProblem(failed)
		await w.refresh()
		await causes.load()
	}
	/** @param {boolean} [more] */
	const showRows = async (more) => {
		const c = causes.data.peek()?.items.find((x) => keyOf(x) === shown.peek())
		if (!c)
			return
		const before = more ? rows.peek() : { items: [], next: null }
		w.busy.value = true
		const [part, failed] = await api.issues(w.id, { limit: 100, rule: c.rule, severity: c.severity, column: c.column ?? '-', after: before.next })
		w.busy.value = false
		if (keyOf(c) === shown.peek())
			rows.value = { items: [...before.items, ...part?.items ?? []], next: part ? part.next : before.next, problem: failed }
	}

	/** A fix in words. @param {Fix} f */
	const fixText = (f) => (f.kind === 'VALUE' ? (f.to ? t('“{from}” is read as “{to}”', { from: f.from, to: f.to }) : t('“{from}” is left out', { from: f.from })) : f.kind === 'FILL' ? t('empty cells become “{to}”', { to: f.to }) : capital(t(f.label)))
	const before = () => (tried.value === null ? (kind.value ? loading() : nothing) : html`<table class="table dense"><caption class="sr">${t('Rows before and after')}</caption><thead><tr><th class="num">${t('Row')}</th><th>${t('Before')}</th><th>${t('After')}</th></tr></thead>
		<tbody>${tried.value.map((r) => html`<tr><td class="num">${num(r.row)}</td><td><del>${r.before || t('(empty)')}</del>${r.rejectedBefore ? html` <span class="chip bad">${t('rejected')}</span>` : nothing}</td>
			<td>${r.after === null ? html`<span class="faint">${t('(left out)')}</span>` : html`<ins>${r.after}</ins>`}${r.rejectedAfter ? html` <span class="chip bad">${t('rejected')}</span>` : nothing}${r.problem ? html` <small class="problem">${t(r.problem)}</small>` : nothing}</td></tr>`)}</tbody></table>`)
	const onceBox = () => html`<label class="check"><input type="checkbox" .checked=${once.value} @change=${(/** @type {any} */ e) => {
		once.value = e.target.checked
	}}>${t('For this import only, not for the next files of this source')}</label>`

	/** Words that nobody knows, each with what it may mean. @param {Cause} c */
	const words = (c) => {
		const known = ['channel', 'tier', 'status', 'vehicle', 'sales model', 'fulfilment', 'yes or no'].includes(c.type ?? '') ? (c.values[0]?.suggestion ?? '').split(', ').filter(Boolean) : null
		return html`<table class="table dense words"><thead><tr><th>${t('In the file')}</th><th class="num">${t('Rows')}</th><th>${t('Is read as')}</th><th></th></tr></thead><tbody>${c.values.map((v, i) => {
			const now = to.value[v.value] ?? ''
			const chosen = fixesOf(c).find((f) => f.kind === 'VALUE' && f.from === v.value)
			const set = (/** @type {any} */ e) => {
				to.value = { ...to.peek(), [v.value]: e.target.value }
			}
			return html`<tr><td><code>${v.value}</code></td><td class="num" data-label=${t('Rows')}>${num(v.count)}</td><td data-label=${t('Is read as')}>${chosen ? html`<b>${chosen.to || t('(left out)')}</b>` : known
				? html`<select class="input small auto" aria-label=${t('“{word}” is read as', { word: v.value })} @change=${set}><option value="" ?selected=${!now}>${t('(left out)')}</option>${known.map((k) => html`<option value=${k} ?selected=${k === now}>${k}</option>`)}</select>`
				: html`<input class="input small" aria-label=${t('“{word}” is read as', { word: v.value })} maxlength="200" autocomplete="off" .value=${now} @input=${set}>`}${i === 0 || known || !v.suggestion ? nothing : html` <small class="faint">${v.suggestion}</small>`}</td>
				<td class="actions">${chosen ? html`<button class="btn small quiet" @click=${() => takeBack(chosen)}>${icon('undo')}${t('Take back')}</button>` : html`<button class="btn small" ?disabled=${w.busy.value} @click=${() => apply(c, 'VALUE', { from: v.value, to: now })}>${t('Apply to {n}', { n: num(v.count) })}</button>`}</td></tr>`
		})}</tbody></table>${onceBox()}`
	}
	/** @param {Cause} c */
	const fixesOf = (c) => (causes.data.value?.fixes ?? []).filter((f) => f.rule === c.rule && (f.column ?? null) === (c.column ?? null))
	/** What a kind is called where the values say it better. @param {Cause} c @param {{kind: string, label: string}} k */
	const kindText = (c, k) => {
		const [first, second] = (c.values[0]?.suggestion ?? '').split(', or ')
		if (c.rule === 'AMBIGUOUS' && c.values[0] && k.kind !== 'VALUE' && second)
			return t('“{value}” is {reading}', { value: c.values[0].value, reading: readingText(k.kind === 'FIRST' ? first : second) })
		return capital(t(k.label))
	}
	/** @param {Cause} c */
	const mend = (c) => {
		const done = fixesOf(c).filter((f) => f.kind !== 'VALUE')
		const more = () => (kind.value === 'FILL' ? { to: to.value[''] ?? '' } : {})
		return html`<div class="col mend">${c.remedy ? html`<p class="muted">${capital(t(c.remedy))}</p>` : nothing}
			${problem.value ? problemNotice(problem.value) : nothing}
			${done.map((f) => html`<div class="row"><span class="chip accent">${icon('check')}${fixText(f)}</span><button class="btn small quiet" @click=${() => takeBack(f)}>${icon('undo')}${t('Take back')}</button></div>`)}
			${c.fixes.some((k) => k.kind === 'VALUE') && c.values.length ? words(c) : nothing}
			${done.length ? nothing : html`<div class="row wrap">${c.fixes.filter((k) => k.kind !== 'VALUE').map((k) => (k.kind === 'FILL' ? html`<input class="input small auto" aria-label=${t('Value for the empty cells')} placeholder=${t('Value for the empty cells')} maxlength="200" autocomplete="off" .value=${to.value[''] ?? ''} @input=${(/** @type {any} */ e) => {
				to.value = { ...to.peek(), '': e.target.value }
			}}><button class="btn small" ?disabled=${!to.value['']} @click=${() => look(c, 'FILL', { to: to.peek()[''] })}>${t('Try it')}</button>`
				: html`<button class="btn small" aria-pressed=${String(kind.value === k.kind)} @click=${() => look(c, k.kind)}>${kindText(c, k)}</button>`))}</div>
			${kind.value ? html`${before()}${tried.value ? html`${onceBox()}<div class="row"><button class="btn primary small" ?disabled=${w.busy.value} @click=${() => apply(c, kind.peek(), more())}>${tn('Apply to {n} row', 'Apply to {n} rows', c.count)}</button></div>` : nothing}` : nothing}`}</div>`
	}
	/** @param {Cause} c @param {Session} s */
	const causeView = (c, s) => {
		const key = keyOf(c), chosen = fixesOf(c)
		return html`<li class=${cls('cause', chosen.length > 0 && 'mended')} data-rule=${c.rule}><div class="row wrap between"><span class="grow"><span class=${cls('chip', c.severity === 'error' ? 'bad' : 'warn')}>${c.severity === 'error' ? t('rejected') : t('warning')}</span>
			<b class="num">${num(c.count)}</b> · ${c.column ? html`<b>${w.columnLabel(c.column)}</b>: ` : nothing}${t(c.message)} <small class="faint">${c.rule}</small>
			${chosen.slice(0, 3).map((f) => html` <span class="chip accent">${icon('check')}${fixText(f)}</span>`)}</span>
			<span class="row">${c.fixes.length ? html`<button class="btn small" aria-expanded=${String(open.value === key)} @click=${() => {
				open.value = open.peek() === key ? '' : key
				kind.value = ''
				tried.value = null
				problem.value = null
				to.value = {}
				once.value = false
			}}>${t('Mend…')}</button>` : nothing}
			<button class="btn small quiet" aria-pressed=${String(shown.value === key)} @click=${() => {
				shown.value = shown.peek() === key ? '' : key
				rows.value = { items: [], next: null, problem: null }
				void showRows()
			}}>${t('Show rows')}</button></span></div>
			${open.value === key ? mend(c) : nothing}
			${shown.value === key ? issueRows(c, s) : nothing}</li>`
	}
	/** @param {Cause} c @param {Session} s */
	const issueRows = (c, s) => html`${rows.value.problem ? problemNotice(rows.value.problem, () => void showRows(true)) : nothing}<div id="issue-rows" class="table-wrap" tabindex="0"><table class="table dense"><thead><tr><th>${t('File')}</th><th class="num">${t('Row')}</th><th>${t('Value')}</th><th>${t('Suggestion')}</th></tr></thead>
		<tbody>${rows.value.items.map((x) => html`<tr><td>${s.files.find((f) => f.id === x.file)?.name ?? x.file}</td><td class="num">${num(x.row)}</td><td><code>${x.value ?? ''}</code></td><td>${x.suggestion ? html`<code>${x.suggestion}</code>` : '–'}</td></tr>`)}</tbody></table></div>
		<div class="row between"><span class="faint num" aria-live="polite">${t('{n} of {total}', { n: num(rows.value.items.length), total: num(c.count) })}${!rows.value.next && rows.value.items.length && rows.value.items.length < c.count ? ' · ' + t('of warnings the first thousand of a kind are kept') : ''}</span>
			${rows.value.next ? html`<button class="btn small" ?disabled=${w.busy.value} @click=${() => showRows(true)}>${t('Show more')}</button>` : nothing}</div>`

	/** Fixes of earlier files of this source, and those that mended something. @param {Fix[]} fixes @param {Cause[]} items */
	const rulesView = (fixes, items) => {
		const rest = fixes.filter((f) => !items.some((c) => c.rule === f.rule && (c.column ?? null) === (f.column ?? null) && c.values.some((v) => f.kind !== 'VALUE' || v.value === f.from)) || f.rows)
		return rest.length ? html`<section class="card" id="rules"><div class="row between"><h2>${t('Mended by rules of this source')}</h2><a href="/import/rules">${t('All rules')}</a></div><ul class="col tight">${rest.map((f) => html`<li class="row between"><span>${f.column ? html`<b>${w.columnLabel(f.column)}</b>: ` : nothing}${fixText(f)} <small class="faint">${f.rows ? tn('{n} row mended', '{n} rows mended', f.rows) : t('counts at the next check')} · ${f.remembered ? t('remembered for the next file') : t('this import only')}</small></span>
			<button class="btn small quiet" @click=${() => takeBack(f)}>${icon('undo')}${t('Take back')}</button></li>`)}</ul></section>` : nothing
	}
	/** @param {File | undefined} file @param {number} id */
	const sendBack = async (file, id) => {
		if (!file)
			return
		w.busy.value = true
		const [r, failed] = await api.corrections(id, file)
		w.busy.value = false
		if (!r) {
			toastProblem(failed)
			return
		}
		toast(tn('{n} cell was corrected; check all rows again', '{n} cells were corrected; check all rows again', r.cells) + (r.unknown ? ` · ${tn('{n} row is not in the file', '{n} rows are not in the file', r.unknown)}` : ''), { bad: !r.cells || r.unknown > 0 })
		await w.refresh()
	}
	/** The rejected rows: edited here, or downloaded, mended and sent back. @param {Session} s */
	const rejected = (s) => {
		const list = s.files.filter((f) => (f.counts?.rejected ?? 0) + (f.counts?.duplicate ?? 0) > 0)
		return list.length ? html`<section class="card col" id="kept-out"><h2>${t('Rows kept out')}</h2><p class="muted">${t('Mend causes above first. What is left is edited here, or downloaded with the reasons, mended elsewhere and sent back.')}</p>
			${w.keptOut(s)}<div class="row wrap">${list.map((f) => html`<button class="btn small" aria-pressed=${String(grid.file.value === f.id)} @click=${() => grid.show(f.id)}>${icon('list')}${t('Edit rows of {name}', { name: f.name })}</button>
				<label class="btn small" for=${'back-' + f.id}>${icon('import')}${t('Send mended rows of {name} back', { name: f.name })}</label><input id=${'back-' + f.id} class="sr" type="file" accept=".csv,text/csv" @change=${(/** @type {any} */ e) => {
					void sendBack(e.target.files?.[0], f.id)
					e.target.value = ''
				}}>`)}</div>${grid.view()}</section>` : nothing
	}
	/** @param {Session} s */
	const profileView = (s) => html`<section class="card" id="profiles"><h2>${t('What the columns hold')}</h2>${s.files.map((f) => html`<details class="more" @toggle=${async (/** @type {any} */ e) => {
		if (!e.target.open || profiles.peek()[f.id])
			return
		const [r, failed] = await api.profiles(f.id)
		if (failed)
			toastProblem(failed)
		else
			profiles.value = { ...profiles.peek(), [f.id]: r.items }
	}}><summary>${f.name}</summary>${profiles.value[f.id] ? html`<div class="table-wrap" tabindex="0"><table class="table dense"><thead><tr><th>${t('Column')}</th><th>${t('Field')}</th><th>${t('Filled')}</th><th class="num">${t('Different')}</th><th>${t('Least')}</th><th>${t('Most')}</th><th>${t('Most frequent')}</th><th>${t('Form')}</th></tr></thead>
		<tbody>${profiles.value[f.id].map(({ name, target, profile: p }) => html`<tr><td>${name}</td><td>${target ? w.columnLabel(target) : '–'}</td><td><span class="row"><span class="fill">${bar(p.rows ? p.filled / p.rows : 0, t('Filled'))}</span><small class="num">${num(p.rows ? Math.round((100 * p.filled) / p.rows) : 0)} %</small></span></td><td class="num">${num(p.distinct)}</td><td><code>${p.least ?? '–'}</code></td><td><code>${p.most ?? '–'}</code></td>
			<td>${p.top.slice(0, 3).map((x) => html`<code>${x.value}</code> <small class="faint num">${num(x.n)}</small> `)}</td><td>${p.patterns.slice(0, 2).map((x) => html`<code>${x.pattern}</code> <small class="faint num">${num(x.n)}</small> `)}</td></tr>`)}</tbody></table></div>` : loading()}</details>`)}</section>`

	/** @param {Session} s */
	const view = (s) => {
		const c = causes.data.value
		if (causes.error.value)
			return problemNotice(causes.error.value, () => void causes.load())
		if (!c)
			return loading()
		const waiting = s.status === 'UPLOADING'
		return html`${waiting && (c.items.length || c.fixes.length) ? html`<div class="notice warn" id="again">${icon('info')}<p class="grow"><b>${t('Changes count when all rows are checked again.')}</b></p></div>` : nothing}
		${c.items.length ? html`<section class="card"><h2>${t('What is wrong, by cause')}</h2><ul class="causes">${c.items.map((x) => causeView(x, s))}</ul></section>` : waiting ? nothing : html`<div class="notice good">${icon('check')}<p>${t('No row has a problem.')}</p></div>`}
		${rulesView(c.fixes, c.items)}${rejected(s)}${profileView(s)}`
	}
	return { view, load, known: () => !!(causes.data.value && (causes.data.value.items.length || causes.data.value.fixes.length)) }
}
