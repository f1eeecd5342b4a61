// SPDX-License-Identifier: GPL-3.0-or-later
// The wizard's Map step: one card for each field, what feeds it and how.  A column is chosen from a list or dragged onto a
// card; what is done with its texts is edited in a dialog that shows three of its values before and after.
import { cls, html, nothing, signal } from '../core/html.js'
import { api } from '../core/api.js'
import { ago, num, t, tn } from '../core/i18n.js'
import { icon } from '../components/icons.js'
import { field, loading, openDialog, problemNotice } from '../components/ui.js'
import { readingText, suggestionText } from '../plan/labels.js'
import { setExtras, setSource, toSend } from '../plan/mapping.js'
import { levelsPart } from './levels.js'
import { savedMappings } from './mappings.js'
import { matchPart } from './match.js'

/** @typedef {import('../plan/mapping.js').Mapping} Mapping */
/** @typedef {import('../plan/mapping.js').Step} Step */
/** @typedef {import('../core/api.js').Preview} Preview */
/** @typedef {import('../core/api.js').PreviewColumn} Column */
/** @typedef {import('../core/api.js').EntityColumn} Field */
/** @typedef {import('../core/api.js').ImportFile} File_ */

/** @type {() => [string, string, () => Step][]} */
const kinds = () => [
	['TRIM', t('remove extra spaces'), () => ({ kind: 'TRIM' })], ['UPPER', t('to capitals'), () => ({ kind: 'UPPER' })], ['LOWER', t('to small letters'), () => ({ kind: 'LOWER' })],
	['DATE_FORMAT', t('read a date'), () => ({ kind: 'DATE_FORMAT', pattern: 'DD/MM/YYYY' })], ['NUMBER_LOCALE', t('read a number'), () => ({ kind: 'NUMBER_LOCALE', decimal: ',', group: '.' })],
	['LOOKUP', t('translate words'), () => ({ kind: 'LOOKUP', table: [{ from: '', to: '' }], default: null })], ['SPLIT_LATLON', t('take one coordinate of two'), () => ({ kind: 'SPLIT_LATLON', part: 'LAT', order: 'LATLON' })],
	['REGEX', t('replace by a pattern'), () => ({ kind: 'REGEX', pattern: '', replacement: '' })], ['CONCAT', t('join other columns'), () => ({ kind: 'CONCAT', columns: [], separator: ' ' })],
]
/** @param {string} kind */
const kindLabel = (kind) => kinds().find(([k]) => k === kind)?.[1] ?? kind
/** The code need not be there where outlets are found by something else, which must. @param {File_} f @param {Field} c */
const needed = (f, c) => (f.entity !== 'outlets' || f.match[0] === 'code' ? c.required : f.match.includes(c.name) || (c.required && c.name !== 'code'))
const nameOf = (/** @type {Column} */ c) => c.name || t('column {n}', { n: c.index + 1 })

/** Lookup tables as text: a line for each pair. @param {Step} s */
const tableText = (s) => (s.table ?? []).map((r) => `${r.from} = ${r.to}`).filter((l) => l !== ' = ').join('\n')
/** @param {string} text */
const tableOf = (text) => text.split('\n').map((l) => l.split('=')).filter((p) => p.length > 1).map(([from, ...to]) => ({ from: from.trim(), to: to.join('=').trim() }))

/**
 * The dialog of one field's steps.
 * @param {{file: File_, columns: Column[], target: Field, entry: Mapping, save: (m: {transforms: Step[] | null, default: string | null}) => void}} o
 */
function transformDialog(o) {
	const steps = signal(/** @type {Step[]} */ (o.entry.transforms ?? []))
	const fallback = signal(o.entry.default ?? '')
	const samples = signal(/** @type {import('../core/api.js').Sample[] | null} */ (null))
	const problem = signal(/** @type {import('../core/http.js').Problem | null} */ (null))
	let timer = 0, turn = 0
	const now = () => ({ transforms: steps.peek().length ? steps.peek() : null, default: fallback.peek().trim() || null })
	const look = async () => {
		const mine = ++turn
		const [r, failed] = await api.tryMapping(o.file.id, { source: o.entry.source, target: o.target.name, ...now() })
		if (mine !== turn)
			return
		problem.value = failed
		if (r)
			samples.value = r.samples
	}
	const changed = () => {
		clearTimeout(timer)
		timer = window.setTimeout(() => void look(), 250)
	}
	/** @param {number} i @param {object} change */
	const set = (i, change) => {
		steps.value = steps.peek().map((s, k) => (k === i ? { ...s, ...change } : s))
		changed()
	}
	/** @param {number} i @param {number} by */
	const move = (i, by) => {
		const list = [...steps.peek()]
		const [s] = list.splice(i, 1)
		list.splice(i + by, 0, s)
		steps.value = list
		changed()
	}
	/** @param {Step} s @param {number} i @param {string} name @param {string} label @param {object} [more] */
	const text = (s, i, name, label, more = {}) => field(`st-${i}-${name}`, label, html`<input id=${`st-${i}-${name}`} class="input" maxlength="500" autocomplete="off" spellcheck="false" .value=${String(/** @type {any} */ (s)[name] ?? '')}
		@input=${(/** @type {any} */ e) => set(i, { [name]: e.target.value })}>`, more)
	/** @param {Step} s @param {number} i @param {string} name @param {string} label @param {[string, string][]} choices */
	const choice = (s, i, name, label, choices) => field(`st-${i}-${name}`, label, html`<select id=${`st-${i}-${name}`} class="input" @change=${(/** @type {any} */ e) => set(i, { [name]: e.target.value })}>
		${choices.map(([v, l]) => html`<option value=${v} ?selected=${v === (/** @type {any} */ (s)[name] ?? '')}>${l}</option>`)}</select>`)
	/** @param {Step} s @param {number} i */
	const options = (s, i) => {
		if (s.kind === 'DATE_FORMAT')
			return text(s, i, 'pattern', t('Pattern'), { help: t('DD day, MM month, MMM its name, YYYY or YY year, HH:MI:SS time of day') })
		if (s.kind === 'NUMBER_LOCALE')
			return html`<div class="grid-2">${choice(s, i, 'decimal', t('Decimal mark'), [[',', t('comma')], ['.', t('point')]])}${choice(s, i, 'group', t('Groups of thousands'), [['', t('none')], ['.', t('point')], [',', t('comma')], [' ', t('space')], ['\'', t('apostrophe')]])}</div>`
		if (s.kind === 'LOOKUP')
			return html`${field(`st-${i}-table`, t('Word = what it becomes, one a line'), html`<textarea id=${`st-${i}-table`} class="input" rows="4" spellcheck="false" .value=${tableText(s)} @input=${(/** @type {any} */ e) => set(i, { table: tableOf(e.target.value) })}></textarea>`)}
				${field(`st-${i}-other`, t('All other words'), html`<input id=${`st-${i}-other`} class="input" maxlength="200" autocomplete="off" .value=${s.default ?? ''} @input=${(/** @type {any} */ e) => set(i, { default: e.target.value.trim() || null })}>`, { help: t('Empty: they are errors') })}`
		if (s.kind === 'SPLIT_LATLON')
			return html`<div class="grid-2">${choice(s, i, 'part', t('Which one'), [['LAT', t('latitude')], ['LON', t('longitude')]])}${choice(s, i, 'order', t('As they stand in the cell'), [['LATLON', t('latitude, longitude')], ['LONLAT', t('longitude, latitude')]])}</div>`
		if (s.kind === 'REGEX')
			return html`<div class="grid-2">${text(s, i, 'pattern', t('Pattern (PCRE2)'))}${text(s, i, 'replacement', t('Replacement'), { help: t('$1 is the first group') })}</div>`
		if (s.kind === 'CONCAT')
			return html`${field(`st-${i}-add`, t('Columns behind it'), html`<div class="row wrap">${(s.columns ?? []).map((c, k) => html`<span class="chip">${nameOf(o.columns[Number(c)] ?? { index: Number(c), name: '' })}<button class="btn quiet small icon-only" aria-label=${t('Remove {name}', { name: nameOf(o.columns[Number(c)]) })} @click=${() => set(i, { columns: s.columns?.filter((_, q) => q !== k) })}>${icon('close')}</button></span>`)}
				<select id=${`st-${i}-add`} class="input small auto" @change=${(/** @type {any} */ e) => {
					if (e.target.value !== '')
						set(i, { columns: [...s.columns ?? [], Number(e.target.value)] })
					e.target.value = ''
				}}><option value="">${t('Add a column')}</option>${o.columns.filter((c) => c.index !== o.entry.source && !s.columns?.includes(c.index)).map((c) => html`<option value=${c.index}>${nameOf(c)}</option>`)}</select></div>`)}
				${text(s, i, 'separator', t('Between them'))}`
		return nothing
	}
	const close = openDialog({
		wide: true,
		title: () => t('How “{field}” is read', { field: t(o.target.label) }),
		text: () => (o.entry.source < 0 ? t('The same in each row.') : t('From the column “{name}”', { name: nameOf(o.columns[o.entry.source] ?? { index: o.entry.source, name: '' }) })),
		body: () => html`${o.entry.source < 0 ? nothing : html`<ol class="col chain">${steps.value.map((s, i) => html`<li><div class="row between"><b>${i + 1}. ${kindLabel(s.kind)}</b><span class="row">
				<button class="btn quiet small" ?disabled=${i === 0} aria-label=${t('Step {n} earlier', { n: i + 1 })} @click=${() => move(i, -1)}>↑</button>
				<button class="btn quiet small" ?disabled=${i === steps.value.length - 1} aria-label=${t('Step {n} later', { n: i + 1 })} @click=${() => move(i, 1)}>↓</button>
				<button class="btn quiet small icon-only" aria-label=${t('Remove step {n}', { n: i + 1 })} @click=${() => {
					steps.value = steps.peek().filter((_, k) => k !== i)
					changed()
				}}>${icon('trash')}</button></span></div>${options(s, i)}</li>`)}</ol>
			${field('st-new', t('Add a step'), html`<select id="st-new" class="input" ?disabled=${steps.value.length >= 8} @change=${(/** @type {any} */ e) => {
				const make = kinds().find(([k]) => k === e.target.value)?.[2]
				if (make)
					steps.value = [...steps.peek(), make()]
				e.target.value = ''
				changed()
			}}><option value="">${t('Choose')}</option>${kinds().map(([k, l]) => html`<option value=${k}>${l}</option>`)}</select>`)}`}
			${field('st-default', t('For empty cells'), html`<input id="st-default" class="input" maxlength="200" autocomplete="off" .value=${fallback.value} @input=${(/** @type {any} */ e) => {
				fallback.value = e.target.value
				changed()
			}}>`)}
			${problem.value ? (problem.value.fields?.length ? html`<p class="problem" role="alert">${problem.value.fields.map((f) => f.problem).join('; ')}</p>` : problemNotice(problem.value)) : nothing}
			<section id="try" aria-live="polite"><h3>${t('Three of its values')}</h3>${samples.value === null ? loading() : html`<table class="table dense"><thead><tr><th>${t('In the file')}</th><th>${t('Becomes')}</th></tr></thead>
				<tbody>${samples.value.map((s) => html`<tr><td><code>${s.before || t('(empty)')}</code></td><td>${s.after === null ? html`<span class="faint">${t('(left out)')}</span>` : html`<code>${s.after || t('(empty)')}</code>`}${s.problem ? html` <small class="problem">${t(s.problem)}</small>` : nothing}</td></tr>`)}</tbody></table>`}</section>`,
		foot: () => html`<button class="btn" @click=${() => close()}>${t('Cancel')}</button><button class="btn primary" ?disabled=${problem.value?.status === 422} @click=${() => {
			close()
			o.save(now())
		}}>${t('Use it')}</button>`,
		onclose: () => clearTimeout(timer),
	})
	void look()
}

/** A column is dragged onto a card. @param {PointerEvent} e @param {string} name @param {(target: string) => void} ondrop @param {{value: string}} over */
function dragColumn(e, name, ondrop, over) {
	if (e.button !== 0)
		return
	const x0 = e.clientX, y0 = e.clientY
	/** @type {HTMLElement | null} */
	let ghost = null
	const cardAt = (/** @type {PointerEvent} */ m) => /** @type {HTMLElement | null} */ (document.elementFromPoint(m.clientX, m.clientY)?.closest('[data-target]') ?? null)
	const move = (/** @type {PointerEvent} */ m) => {
		if (!ghost) {
			if (Math.hypot(m.clientX - x0, m.clientY - y0) < 6)
				return
			ghost = document.createElement('div')
			ghost.className = 'column-ghost chip accent'
			ghost.textContent = name
			document.getElementById('layers')?.append(ghost)
		}
		ghost.style.transform = `translate(${m.clientX + 10}px, ${m.clientY + 10}px)`
		over.value = cardAt(m)?.dataset.target ?? ''
	}
	const stop = (/** @type {PointerEvent | KeyboardEvent} */ m) => {
		if (m instanceof KeyboardEvent && m.key !== 'Escape')
			return
		removeEventListener('pointermove', move)
		removeEventListener('pointerup', stop)
		removeEventListener('pointercancel', stop)
		removeEventListener('keydown', stop)
		const target = over.value
		over.value = ''
		if (ghost && m.type === 'pointerup' && target)
			ondrop(target)
		ghost?.remove()
	}
	addEventListener('pointermove', move)
	addEventListener('pointerup', stop)
	addEventListener('pointercancel', stop)
	addEventListener('keydown', stop)
}

/**
 * @param {{file: {value: File_ | null}, preview: {value: Preview | null}, problem: {value: import('../core/http.js').Problem | null}, busy: {value: boolean},
 *  entityOf: (name: string | null | undefined) => import('../core/api.js').Entity | null, patch: (change: object) => Promise<void>, change: (call: (file: number) => Promise<[unknown, import('../core/http.js').Problem | null]>) => Promise<void>, fileTabs: () => unknown, toShape: () => void}} w
 */
export function mapStep(w) {
	const kept = savedMappings(w)
	const over = signal('')
	const save = (/** @type {Mapping[]} */ mapping) => void w.patch({ mapping: toSend(mapping) })
	const levels = levelsPart({ busy: w.busy, save, change: w.change })

	/** What was read from the last file of the source, and what is new. @param {Preview} p */
	const memory = (p) => {
		const m = p.memory
		if (!m)
			return nothing
		const changes = [m.new.length ? tn('{n} new column', '{n} new columns', m.new.length) + ` (${m.new.slice(0, 5).join(', ')})` : '', m.missing.length ? tn('{n} missing', '{n} missing', m.missing.length) + ` (${m.missing.slice(0, 5).join(', ')})` : ''].filter(Boolean)
		return html`<div class=${cls('notice', m.missing.length > 0 && 'warn')} id="memory">${icon('history')}<div class="grow"><p><b>${t('Mapped like “{name}”, {when}', { name: m.name, when: ago(m.used) })}</b></p><p>${changes.length ? changes.join(' · ') : t('The columns are the same.')}</p></div>
			<button class="btn small" ?disabled=${w.busy.value} @click=${() => w.patch({ fresh: true })}>${t('Suggest anew')}</button></div>`
	}
	/** Dates and codes that can be read in two ways. @param {Preview} p @param {File_} f @param {Field[]} fields */
	const readings = (p, f, fields) => html`${p.asks.map((a) => {
		const label = t(fields.find((c) => c.name === a.target)?.label ?? a.target)
		const [first, second] = a.readings.split(', or ')
		return html`<div class="notice warn ask">${icon('info')}<div class="grow"><p><b>${t('{field}: how is “{value}” meant?', { field: label, value: a.value })}</b></p><p>${t('The answer is kept for the next file of this source.')}</p></div>
			<span class="row wrap"><button class="btn small" ?disabled=${w.busy.value} @click=${() => save(setExtras(f.mapping, a.target, { reading: 'FIRST' }))}>${readingText(first)}</button>
			<button class="btn small" ?disabled=${w.busy.value} @click=${() => save(setExtras(f.mapping, a.target, { reading: 'SECOND' }))}>${readingText(second ?? '')}</button></span></div>`
	})}${p.dates.filter((d) => d.reading && !p.asks.some((a) => a.target === d.target)).map((d) => html`<p class="muted">${icon('check')} ${t('{field}: {order}', { field: t(fields.find((c) => c.name === d.target)?.label ?? d.target), order: d.reading === 'FIRST' ? t('day before month') : t('month before day') })}
		<small class="faint">${d.dayFirst || d.monthFirst ? (d.whole ? tn('{n} value of the whole file decides', '{n} values of the whole file decide', Math.max(d.dayFirst, d.monthFirst)) : tn('{n} value of the first rows decides', '{n} values of the first rows decide', Math.max(d.dayFirst, d.monthFirst))) : t('chosen by hand')}</small></p>`)}`

	/** @param {Field} c @param {Preview} p @param {File_} f */
	const card = (c, p, f) => {
		const m = f.mapping.find((x) => x.target === c.name)
		const from = m && m.source >= 0 ? p.columns[m.source] : undefined
		const sure = m && (m.confidence ?? 1) >= 0.9
		const extra = m?.transforms?.length || m?.default || m?.reading
		return html`<div class=${cls('map-card', !m && needed(f, c) && 'todo', over.value === c.name && 'over')} data-target=${c.name}><div class="row between"><label for=${'map-' + c.name}><b>${t(c.label)}</b>${needed(f, c) ? html` <span class="chip">${t('needed')}</span>` : nothing}</label>
			${from ? html`<span class=${cls('chip', sure ? 'good' : 'warn')} title=${t('How sure this is')}>${num((m?.confidence ?? 1) * 100)} %</span>` : nothing}</div>
			<select id=${'map-' + c.name} class="input small" ?disabled=${w.busy.value} @change=${(/** @type {any} */ e) => save(setSource(f.mapping, c.name, e.target.value === '' ? null : Number(e.target.value)))}>
				<option value="">${t('– not in this file –')}</option>${p.columns.map((x) => html`<option value=${x.index} ?selected=${x.index === from?.index}>${nameOf(x)}</option>`)}</select>
			<span class="samples">${from ? from.samples.filter(Boolean).slice(0, 3).join(' · ') || t('all empty') : m?.default ? t('always “{value}”', { value: m.default }) : c.example ? t('e.g. {x}', { x: c.example }) : ''}</span>
			${extra ? html`<span class="row wrap">${m?.transforms?.map((s) => html`<span class="chip info">${kindLabel(s.kind)}</span>`)}${m?.default ? html`<span class="chip info">${t('empty: {value}', { value: m.default })}</span>` : nothing}
				${m?.reading ? html`<span class="chip info">${c.type === 'date' ? (m.reading === 'FIRST' ? t('day before month') : t('month before day')) : m.reading === 'FIRST' ? t('first reading') : t('second reading')}<button class="btn quiet small icon-only" aria-label=${t('Ask again')} @click=${() => save(setExtras(f.mapping, c.name, { reading: null }))}>${icon('close')}</button></span>` : nothing}</span>` : nothing}
			<span class="row between">${m?.reason ? html`<small class="faint">${suggestionText(m.reason)}</small>` : c.help ? html`<small class="faint">${t(c.help)}</small>` : html`<span></span>`}
				<button class="btn quiet small" aria-haspopup="dialog" ?disabled=${w.busy.value} @click=${() => transformDialog({ file: f, columns: p.columns, target: c, entry: m ?? { source: -1, target: c.name, default: '' },
					save: (x) => save(setExtras(f.mapping, c.name, x)) })}>${from ? t('Transform…') : t('A value for all…')}<span class="sr"> ${t(c.label)}</span></button></span></div>`
	}
	const view = () => {
		const f = w.file.value, p = w.preview.value, entity = w.entityOf(f?.entity)
		if (!f)
			return nothing
		if (w.problem.value)
			return html`${w.fileTabs()}${problemNotice(w.problem.value)}`
		if (!p || !entity)
			return html`${w.fileTabs()}${entity || !p ? loading() : html`<div class="notice warn">${icon('warn')}<p>${t('Say first what this file holds.')}</p><button class="btn small" @click=${w.toShape}>${t('To the shape')}</button></div>`}`
		const by = new Map(f.mapping.filter((m) => m.target).map((m) => [m.target, m]))
		const rank = (/** @type {Field} */ c) => (by.has(c.name) ? ((by.get(c.name)?.confidence ?? 1) < 0.9 ? 1 : 2) : needed(f, c) ? 0 : 3)
		const order = [...entity.columns].sort((a, b) => rank(a) - rank(b))
		const used = new Set(f.mapping.flatMap((m) => [m.source, ...(m.transforms ?? []).flatMap((s) => s.columns ?? [])]))
		const unused = p.columns.filter((c) => !used.has(c.index))
		return html`<section class="col">${w.fileTabs()}${memory(p)}${kept.view(p, f)}
		${p.missing.length ? html`<div class="notice bad">${icon('warn')}<p>${t('These fields must come from the file')}: <b>${p.missing.map((m) => entity.columns.find((c) => c.name === m)?.label ?? m).map((x) => t(x)).join(', ')}</b></p></div>`
			: html`<div class="notice good">${icon('check')}<p>${tn('{n} column is mapped; everything needed is there.', '{n} columns are mapped; everything needed is there.', by.size)}</p></div>`}
		${readings(p, f, entity.columns)}
		${matchPart(f, (name) => t(entity.columns.find((c) => c.name === name)?.label ?? name), w)}
		${f.entity === 'outlets' || f.entity === 'memberships' ? levels.view(f, entity) : nothing}
		<section class="card tray"><div class="row between"><h2>${t('Columns of the file')}</h2><small class="faint">${t('Drag one onto a field, or choose it there.')}</small></div>
			<div class="row wrap">${p.columns.map((c) => html`<span class=${cls('chip', 'column', used.has(c.index) && 'used')} data-column=${c.index} title=${c.samples.filter(Boolean).slice(0, 3).join(' · ')}
				@pointerdown=${(/** @type {PointerEvent} */ e) => dragColumn(e, nameOf(c), (target) => save(setSource(f.mapping, target, c.index)), over)}>${icon('grip')}${nameOf(c)}${used.has(c.index) ? html`<span class="sr">${t('in use')}</span>` : nothing}</span>`)}</div>
			${unused.length ? html`<p class="muted">${t('Columns not read')}: ${unused.map(nameOf).join(', ')}</p>` : nothing}</section>
		<div class="map-cards">${order.map((c) => card(c, p, f))}</div></section>`
	}
	return { view, dispose: levels.dispose }
}
