// SPDX-License-Identifier: GPL-3.0-or-later
// Small pieces every screen uses: islands, loading, notices, dialogs, toasts, menus.
import { cls, css, html, mount, nothing, repeat, signal } from '../core/html.js'
import { instant, t } from '../core/i18n.js'
import { icon } from './icons.js'

/** @typedef {import('../core/http.js').Problem} Problem */

/** A part of a page that renders on its own when the signals it reads change: `<bp-view .of=${stableFunction}>`. */
class View extends HTMLElement {
	/** @type {(() => unknown) | null} */
	#of = null
	/** @type {(() => void) | null} */
	#stop = null
	/** @param {() => unknown} f */
	set of(f) {
		if (f === this.#of)
			return
		this.#of = f
		if (this.isConnected)
			this.#start()
	}
	connectedCallback() {
		this.#start()
	}
	disconnectedCallback() {
		this.#stop?.()
		this.#stop = null
	}
	#start() {
		this.#stop?.()
		this.#stop = this.#of ? mount(this, this.#of) : null
	}
}
customElements.define('bp-view', View)

/**
 * Something fetched: `data`, `error` and `busy` as signals, `load` fetches anew.  A late answer of an older call is dropped.
 * @template T
 * @param {() => Promise<import('../core/http.js').Answer<T>>} get
 */
export function resource(get) {
	/** @type {import('../../vendor/signals-core/signals-core.js').Signal<T | null>} */
	const data = signal(/** @type {T | null} */ (null))
	/** @type {import('../../vendor/signals-core/signals-core.js').Signal<Problem | null>} */
	const error = signal(/** @type {Problem | null} */ (null))
	const busy = signal(false)
	let turn = 0
	const load = async () => {
		const mine = ++turn
		busy.value = true
		const [value, failed] = await get()
		if (mine !== turn)
			return
		busy.value = false
		error.value = failed
		if (!failed)
			data.value = value
	}
	return { data, error, busy, load }
}

/**
 * A list that comes in pages: `more` puts those that follow behind them, and is dropped when the list was fetched anew meanwhile.
 * @template T
 * @param {(after: string | null) => Promise<import('../core/http.js').Answer<{items: T[], next: string | null}>>} get
 */
export function paged(get) {
	const r = resource(() => get(null))
	const more = async () => {
		const seen = r.data.peek()
		if (!seen?.next)
			return
		const [part, failed] = await get(seen.next)
		if (failed)
			return toastProblem(failed)
		if (r.data.peek() === seen)
			r.data.value = { ...part, items: [...seen.items, ...part.items] }
	}
	/** @param {string} id */
	const moreButton = (id) => (r.data.value?.next ? html`<p><button class="btn small" id=${id} @click=${more}>${t('Show more')}</button></p>` : nothing)
	return { ...r, more, moreButton }
}

/** Runs f every `ms` while the page is visible, until stopped or f answers false. @param {() => Promise<boolean | void>} f @param {number} ms */
export function poll(f, ms) {
	let stopped = false
	const turn = async () => {
		if (stopped)
			return
		if (document.visibilityState !== 'hidden' && (await f()) === false)
			return
		setTimeout(turn, ms)
	}
	void turn()
	return () => {
		stopped = true
	}
}

/** Messages of the server are in the catalogue too; they begin small. @param {string} s */
export const capital = (s) => s.charAt(0).toUpperCase() + s.slice(1)

/** Instants in the server's words, in the reader's form. @param {string} s */
const localTimes = (s) => s.replace(/\d{4}-\d\d-\d\dT\d\d:\d\d:\d\d(\.\d+)?Z/g, (iso) => instant(iso))

/** @param {Problem} p @param {(() => void)} [retry] */
export const problemNotice = (p, retry) => html`<div class="notice bad" role="alert">${icon('warn')}
	<div class="grow"><p><b>${capital(t(p.message))}</b></p>${p.detail ? html`<p>${capital(localTimes(p.detail))}</p>` : nothing}
	${p.fields?.map((f) => html`<p><code>${f.pointer}</code> ${f.problem}</p>`)}
	<small>${p.code}${p.correlationId ? ` · ${p.correlationId}` : ''}</small></div>
	${retry ? html`<button class="btn small" @click=${retry}>${t('Try again')}</button>` : nothing}</div>`

/** @param {string} [text] @param {number | null} [share]  of it that has come, where that is known */
export const loading = (text, share) => html`<div class="loading" role="status"><span class="spin"></span>${text ?? t('Loading…')}${typeof share === 'number' ? bar(share, text ?? t('Loading…')) : nothing}</div>`

/** @param {string} name icon @param {string} title @param {unknown} text @param {unknown} [action] */
export const empty = (name, title, text, action) =>
	html`<div class="empty">${icon(name)}<h2>${title}</h2><p>${text}</p>${action ?? nothing}</div>`

/** Waiting, failed, empty or there. @template T @param {ReturnType<typeof resource<T>>} r @param {(data: T) => unknown} view */
export function shown(r, view) {
	if (r.error.value)
		return problemNotice(r.error.value, () => void r.load())
	return r.data.value === null ? loading() : view(/** @type {T} */ (r.data.value))
}

/** @param {number} share 0..1 @param {string} label @param {string} [colour] */
export const bar = (share, label, colour) => html`<div class="bar" role="progressbar" aria-label=${label} aria-valuemin="0" aria-valuemax="100"
	aria-valuenow=${Math.round(share * 100)}><i ${css({ '--v': Math.max(0, Math.min(1, share)), '--c': colour ?? null })}></i></div>`

/** A labelled form field; `problem` is announced with it. @param {string} id @param {string} label @param {unknown} control @param {{help?: unknown, problem?: unknown}} [o] */
export const field = (id, label, control, o = {}) => html`<div class="field"><label for=${id}>${label}</label>${control}
	${o.problem ? html`<span class="problem" role="alert">${o.problem}</span>` : nothing}
	${o.help ? html`<span class="help">${o.help}</span>` : nothing}</div>`

/** The message about one field of a 422 reply. @param {Problem | null} p @param {string} name */
export const fieldProblem = (p, name) => p?.fields?.find((f) => f.pointer === '/' + name)?.problem

// ---- toasts

/** @typedef {{id: number, text: string, bad: boolean, action?: {label: string, run: () => void}}} Toast */
/** @type {import('../../vendor/signals-core/signals-core.js').Signal<Toast[]>} */
const toasts = signal(/** @type {Toast[]} */ ([]))
let nextToast = 1

/** @param {string} text @param {{bad?: boolean, action?: {label: string, run: () => void}}} [o] */
export function toast(text, o = {}) {
	const id = nextToast++
	toasts.value = [...toasts.peek().slice(-2), { id, text, bad: !!o.bad, ...(o.action ? { action: o.action } : {}) }]
	setTimeout(() => dropToast(id), o.bad ? 9000 : 5000)
}
/** One that stays until it is taken away. @param {string} text @returns {() => void} takes it away */
export function standingToast(text) {
	const id = nextToast++
	toasts.value = [...toasts.peek(), { id, text, bad: false }]
	return () => dropToast(id)
}
/** @param {Problem} p */
export const toastProblem = (p) => {
	if (p.code !== 'ERR_ABORTED')
		toast(capital([t(p.message), p.detail && localTimes(p.detail), ...new Set((p.fields ?? []).slice(0, 3).map((f) => [f.pointer.split('/').pop(), t(f.problem)].filter(Boolean).join(' ')))].filter(Boolean).join(': ')), { bad: true })
}
/** @param {number} id */
const dropToast = (id) => {
	toasts.value = toasts.peek().filter((x) => x.id !== id)
}

/** @param {string} text */
export const copy = (text) => void navigator.clipboard?.writeText(text).then(() => toast(t('Copied')))

export function startLayers() {
	const node = document.createElement('div')
	node.className = 'toasts'
	node.setAttribute('role', 'status')
	node.setAttribute('aria-live', 'polite')
	document.getElementById('layers')?.append(node)
	mount(node, () => repeat(toasts.value, (x) => x.id, (x) => html`<div class=${cls('toast', x.bad && 'bad')}>
		<span class="grow">${x.text}</span>
		${x.action ? html`<button class="btn small" @click=${() => {
			dropToast(x.id)
			x.action?.run()
		}}>${x.action.label}</button>` : nothing}
		<button class="btn small icon-only" aria-label=${t('Dismiss')} @click=${() => dropToast(x.id)}>${icon('close')}</button></div>`))
}

// ---- dialogs

/**
 * A modal dialog; the template is an island.  Escape and the close button call `onclose`.
 * @param {{title: () => string, text?: () => unknown, body: () => unknown, foot?: () => unknown, wide?: boolean, onclose?: () => void}} o
 * @returns {() => void} close
 */
export function openDialog(o) {
	const before = document.activeElement
	const node = document.createElement('dialog')
	node.className = cls('dialog', o.wide && 'wide')
	node.setAttribute('aria-labelledby', 'd-title')
	document.getElementById('layers')?.append(node)
	let open = true
	const close = () => {
		if (!open)
			return
		open = false
		node.close()
		stop()
		node.remove()
		o.onclose?.()
		if (before instanceof HTMLElement && before.isConnected)
			before.focus()
	}
	const stop = mount(node, () => html`<div class="d-head"><div><h2 id="d-title">${o.title()}</h2>${o.text ? html`<p>${o.text()}</p>` : nothing}</div>
		<button class="btn quiet small icon-only" aria-label=${t('Close')} @click=${close}>${icon('close')}</button></div>
		<div class="d-body">${o.body()}</div>${o.foot ? html`<div class="d-foot">${o.foot()}</div>` : nothing}`)
	node.addEventListener('cancel', (e) => {
		e.preventDefault()
		close()
	})
	/* A link to another page leaves it, as what is behind it is left. */
	node.addEventListener('click', (e) => {
		const a = e.target instanceof Element ? e.target.closest('a[href]') : null
		if (a && !a.hasAttribute('download') && !a.hasAttribute('target') && !e.ctrlKey && !e.metaKey && !e.shiftKey)
			close()
	})
	node.showModal()
	const first = /** @type {HTMLElement | null} */ (node.querySelector('[autofocus], .d-body input:not([type=hidden]), .d-body select, .d-body textarea'))
	first?.focus()
	return close
}

/**
 * Asks before something that cannot be taken back, or for a reason.
 * @param {{title: string, text: unknown, confirm: string, danger?: boolean, reason?: 'required' | 'optional', reasonLabel?: string, value?: string}} o
 * @returns {Promise<string | null>} the reason ('' without one), null when left
 */
export function ask(o) {
	return new Promise((done) => {
		const reason = signal(o.value ?? '')
		let answer = /** @type {string | null} */ (null)
		const ok = () => {
			if (o.reason === 'required' && !reason.value.trim())
				return
			answer = reason.value.trim()
			close()
		}
		const close = openDialog({
			title: () => o.title,
			body: () => html`<p>${o.text}</p>${o.reason ? field('ask-reason', o.reasonLabel ?? t('Reason'), html`<input id="ask-reason" class="input" maxlength="500" autocomplete="off"
				.value=${reason.value} @input=${(/** @type {any} */ e) => {
					reason.value = e.target.value
				}} @keydown=${(/** @type {KeyboardEvent} */ e) => {
					if (e.key !== 'Enter')
						return
					e.preventDefault() /* the key would press what is focused once the dialog is gone */
					ok()
				}}>`) : nothing}`,
			foot: () => html`<button class="btn" @click=${() => close()}>${t('Cancel')}</button>
				<button class=${cls('btn', o.danger ? 'danger' : 'primary')} ?disabled=${o.reason === 'required' && !reason.value.trim()} @click=${ok}>${o.confirm}</button>`,
			onclose: () => done(answer),
		})
	})
}

// ---- menus

/** @typedef {{label: string, icon?: string, keys?: string, disabled?: string | false, run: () => void} | null} MenuItem null is a line */

/** Opens a menu at an element or a point; arrows move, Escape closes. @param {Element | {x: number, y: number}} at @param {MenuItem[]} items */
export function openMenu(at, items) {
	const before = document.activeElement
	const node = document.createElement('div')
	node.className = 'menu'
	node.setAttribute('role', 'menu')
	document.getElementById('layers')?.append(node)
	const stop = mount(node, () => items.map((item) => (item === null ? html`<hr>` : html`<button role="menuitem" tabindex="-1"
		aria-disabled=${item.disabled ? 'true' : 'false'} title=${item.disabled || ''} @click=${() => {
			if (item.disabled)
				return
			close()
			item.run()
		}}>${item.icon ? icon(item.icon) : nothing}<span>${item.label}</span>${item.keys ? html`<small><kbd>${item.keys}</kbd></small>` : nothing}</button>`)))
	const close = () => {
		removeEventListener('pointerdown', outside, true)
		stop()
		node.remove()
		if (before instanceof HTMLElement && before.isConnected)
			before.focus()
	}
	/** @param {PointerEvent} e */
	const outside = (e) => {
		if (!node.contains(/** @type {Node} */ (e.target)))
			close()
	}
	addEventListener('pointerdown', outside, true)
	const r = at instanceof Element ? at.getBoundingClientRect() : { left: at.x, bottom: at.y, top: at.y }
	const box = node.getBoundingClientRect()
	node.style.left = Math.max(8, Math.min(r.left, innerWidth - box.width - 8)) + 'px'
	node.style.top = (r.bottom + 4 + box.height < innerHeight ? r.bottom + 4 : Math.max(8, r.top - box.height - 4)) + 'px'
	const buttons = /** @type {HTMLElement[]} */ ([...node.querySelectorAll('button')])
	buttons[0]?.focus()
	node.addEventListener('keydown', (e) => {
		const i = buttons.indexOf(/** @type {HTMLElement} */ (document.activeElement))
		if (e.key === 'ArrowDown' || e.key === 'ArrowUp') {
			e.preventDefault()
			buttons[(i + (e.key === 'ArrowDown' ? 1 : buttons.length - 1)) % buttons.length].focus()
		} else if (e.key === 'Escape' || e.key === 'Tab') {
			e.preventDefault()
			e.stopPropagation()
			close()
		}
	})
}
