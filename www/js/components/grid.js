// SPDX-License-Identifier: GPL-3.0-or-later
// A grid that draws only the rows in sight, with ARIA row numbers and a roving focus: 100,000 rows cost what 40 do.
import { css, html, nothing, render, repeat } from '../core/html.js'

/**
 * @typedef {object} Column
 * @property {string} label
 * @property {string} width  a grid track
 * @property {boolean} [num]
 * @property {(row: any, index: number) => unknown} cell
 */
/**
 * @typedef {object} GridOptions
 * @property {string} label
 * @property {Column[]} columns
 * @property {any[]} rows
 * @property {(row: any) => string | number} key
 * @property {number} [rowHeight]
 * @property {string} [minWidth]
 * @property {(row: any) => boolean} [selected]
 * @property {(row: any, e: MouseEvent | KeyboardEvent) => void} [onpick]  click or Enter
 * @property {(row: any, e: KeyboardEvent) => void} [onkey]  other keys
 * @property {(row: any, e: PointerEvent) => void} [ondown]  may start a drag
 * @property {() => void} [onend]  the last rows are in sight
 */

export class Grid extends HTMLElement {
	/** @type {GridOptions | null} */
	#o = null
	#focus = 0
	#frame = 0
	/** @type {ResizeObserver | null} */
	#watch = null

	/** @param {GridOptions} o */
	set options(o) {
		this.#o = o
		if (this.#focus >= o.rows.length)
			this.#focus = Math.max(0, o.rows.length - 1)
		if (this.isConnected)
			this.#draw()
	}
	connectedCallback() {
		this.setAttribute('role', 'grid')
		this.addEventListener('scroll', this.#later)
		this.#watch = new ResizeObserver(this.#later)
		this.#watch.observe(this)
		this.#draw()
	}
	disconnectedCallback() {
		this.removeEventListener('scroll', this.#later)
		this.#watch?.disconnect()
		cancelAnimationFrame(this.#frame)
		this.#frame = 0
	}
	#later = () => {
		this.#frame ||= requestAnimationFrame(() => {
			this.#frame = 0
			this.#draw()
		})
	}
	/** Brings a row into sight. @param {number} index @param {boolean} [focus] */
	reveal(index, focus) {
		const rh = this.#o?.rowHeight ?? 40
		const top = index * rh
		const seen = this.scrollTop
		if (top < seen)
			this.scrollTo(0, top)
		else if (top + rh + 36 > seen + this.clientHeight)
			this.scrollTo(0, top + rh + 36 - this.clientHeight)
		this.#focus = index
		this.#draw()
		if (focus)
			/** @type {HTMLElement | null} */ (this.querySelector(`[aria-rowindex="${index + 2}"]`))?.focus()
	}
	/** @param {KeyboardEvent} e @param {any} row @param {number} i */
	#key(e, row, i) {
		const n = this.#o?.rows.length ?? 0
		const page = Math.max(1, Math.floor(this.clientHeight / (this.#o?.rowHeight ?? 40)) - 2)
		/** @type {Record<string, number>} */
		const to = { ArrowDown: i + 1, ArrowUp: i - 1, PageDown: i + page, PageUp: i - page, Home: 0, End: n - 1 }
		if (e.key in to && !e.altKey && !e.ctrlKey && !e.metaKey) {
			e.preventDefault()
			this.reveal(Math.max(0, Math.min(n - 1, to[e.key])), true)
		} else if ((e.key === 'Enter' || e.key === ' ') && e.target === e.currentTarget) {
			e.preventDefault()
			this.#o?.onpick?.(row, e)
		} else {
			this.#o?.onkey?.(row, e)
		}
	}
	#draw() {
		const o = this.#o
		if (!o)
			return
		const rh = o.rowHeight ?? 40
		const from = Math.max(0, Math.floor(this.scrollTop / rh) - 6)
		const to = Math.min(o.rows.length, Math.ceil((this.scrollTop + (this.clientHeight || 600)) / rh) + 6)
		const slice = []
		for (let i = from; i < to; i++)
			slice.push({ row: o.rows[i], i })
		this.setAttribute('aria-label', o.label)
		this.setAttribute('aria-rowcount', String(o.rows.length + 1))
		this.setAttribute('aria-colcount', String(o.columns.length))
		this.style.setProperty('--cols', o.columns.map((c) => c.width).join(' '))
		this.style.setProperty('--minw', o.minWidth ?? '100%')
		render(html`<div class="vh" role="row" aria-rowindex="1">${o.columns.map((c) =>
			html`<div role="columnheader" class=${c.num ? 'num' : ''}>${c.label}</div>`)}</div>
		<div class="vb" role="rowgroup" ${css({ '--h': o.rows.length * rh + 'px', '--rh': rh + 'px' })}>
		${repeat(slice, (s) => o.key(s.row), ({ row, i }) => html`<div class="vr" role="row" aria-rowindex=${i + 2} data-key=${o.key(row)}
			aria-selected=${o.selected ? String(o.selected(row)) : nothing} tabindex=${i === this.#focus || (i === from && (this.#focus < from || this.#focus >= to)) ? 0 : -1}
			${css({ '--y': i * rh + 'px' })}
			@click=${(/** @type {MouseEvent} */ e) => {
				this.#focus = i
				o.onpick?.(row, e)
			}}
			@pointerdown=${(/** @type {PointerEvent} */ e) => o.ondown?.(row, e)}
			@keydown=${(/** @type {KeyboardEvent} */ e) => this.#key(e, row, i)}>
			${o.columns.map((c) => html`<div role="gridcell" class=${c.num ? 'num' : ''}>${c.cell(row, i)}</div>`)}</div>`)}
		</div>`, this)
		if (to >= o.rows.length - 3)
			o.onend?.()
	}
}
customElements.define('bp-grid', Grid)
