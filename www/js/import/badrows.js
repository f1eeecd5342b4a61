// SPDX-License-Identifier: GPL-3.0-or-later
// The rows of a file that are kept out, as a grid to write in: only the rows in sight exist, Enter goes to the next row, each
// cell is judged by the server as soon as it is left.
import { cls, html, nothing, signal } from '../core/html.js'
import { api } from '../core/api.js'
import { num, t, tn } from '../core/i18n.js'
import '../components/grid.js'
import { problemNotice, toastProblem } from '../components/ui.js'

/** @typedef {import('../core/api.js').BadRow & {fine?: boolean}} Row */

/** @param {{session: {peek: () => import('../core/api.js').ImportSession | null}, columnLabel: (name: string) => string, changed: () => Promise<void>}} w */
export function badRows(w) {
	const file = signal(/** @type {number | null} */ (null))
	const rows = signal(/** @type {Row[]} */ ([]))
	const columns = signal(/** @type {string[]} */ ([]))
	const problem = signal(/** @type {import('../core/http.js').Problem | null} */ (null))
	const fetching = signal(false)
	let next = /** @type {string | null} */ (null)

	const more = async () => {
		const f = file.peek()
		if (f === null || fetching.peek())
			return
		fetching.value = true
		const [part, failed] = await api.badRows(f, { severity: 'error', limit: 200, after: next })
		fetching.value = false
		if (f !== file.peek())
			return
		problem.value = failed
		if (!part)
			return
		columns.value = part.columns
		rows.value = [...rows.peek(), ...part.items]
		next = part.next
	}
	const forget = () => {
		file.value = null
		rows.value = []
		next = null
	}
	/** @param {number} id */
	const show = (id) => {
		const same = file.peek() === id
		forget()
		if (same)
			return
		file.value = id
		void more()
	}
	/** @param {Row} row @param {number} i @param {HTMLInputElement} input */
	const put = async (row, i, input) => {
		if (input.value === row.cells[i] || file.peek() === null)
			return
		const column = columns.peek()[i]
		const [r, failed] = await api.putCell(/** @type {number} */ (file.peek()), { row: row.row, column, value: input.value })
		if (!r) {
			toastProblem(failed)
			input.value = row.cells[i]
			return
		}
		rows.value = rows.peek().map((x) => (x === row || x.row === row.row ? { ...x, cells: x.cells.map((c, k) => (k === i ? input.value : c)), issues: r.issues, fine: !r.rejected } : x))
		await w.changed()
	}
	/** @param {KeyboardEvent & {currentTarget: HTMLInputElement}} e @param {Row} row @param {number} index @param {number} i */
	const key = (e, row, index, i) => {
		if (e.key === 'Enter' || e.key === 'ArrowDown' || e.key === 'ArrowUp') {
			e.preventDefault()
			e.stopPropagation()
			const to = index + (e.key === 'ArrowUp' ? -1 : 1)
			const grid = /** @type {import('../components/grid.js').Grid} */ (e.currentTarget.closest('bp-grid'))
			void put(row, i, e.currentTarget)
			if (to < 0 || to >= rows.peek().length)
				return
			grid.reveal(to)
			requestAnimationFrame(() => /** @type {HTMLElement | null} */ (grid.querySelector(`[aria-rowindex="${to + 2}"] [data-cell="${i}"]`))?.focus())
		} else if (e.key === 'Escape') {
			e.stopPropagation()
			e.currentTarget.value = row.cells[i]
		} else {
			e.stopPropagation() // the row's own keys would move away
		}
	}
	const view = () => {
		if (file.value === null)
			return nothing
		const label = (/** @type {string} */ name) => w.columnLabel(name)
		/** @type {import('../components/grid.js').Column[]} */
		const cols = [
			{ label: t('Row'), width: '70px', num: true, cell: (r) => num(r.row) },
			{ label: t('Problem'), width: 'minmax(220px, 2fr)', cell: (/** @type {Row} */ r) => (r.issues.length ? html`<span title=${r.issues.map((x) => t(x.message)).join('; ')}><span class=${cls('chip', r.fine ? 'warn' : 'bad')}>${r.fine ? t('warning') : t('rejected')}</span> ${r.issues.map((x) => (x.column ? label(x.column) + ': ' : '') + t(x.message)).join('; ')}</span>` : html`<span class="chip good">${t('fine')}</span>`) },
			...columns.value.map((name, i) => ({ label: label(name), width: '150px', cell: (/** @type {Row} */ r, /** @type {number} */ index) => html`<input class=${cls('cell', r.issues.some((x) => x.column === name) && 'bad')} data-cell=${i} maxlength="1000" autocomplete="off" aria-label=${t('{column}, row {n}', { column: label(name), n: r.row })}
				aria-invalid=${String(r.issues.some((x) => x.column === name))} .value=${r.cells[i]} @keydown=${(/** @type {any} */ e) => key(e, r, index, i)} @change=${(/** @type {any} */ e) => put(r, i, e.target)}>` })),
		]
		return html`${problem.value ? problemNotice(problem.value, () => void more()) : nothing}
			<bp-grid class="bad-rows" .options=${{ label: t('Rows kept out'), columns: cols, rows: rows.value, key: (/** @type {Row} */ r) => r.row, rowHeight: 40, minWidth: `${290 + 150 * columns.value.length}px`, onend: () => {
				if (next)
					void more()
			} }}></bp-grid>
			<p class="faint" aria-live="polite">${fetching.value ? t('Loading…') : tn('{n} row; a change counts when all rows are checked again', '{n} rows; a change counts when all rows are checked again', rows.value.length)}</p>`
	}
	return { file, show, forget, view }
}
