// SPDX-License-Identifier: GPL-3.0-or-later
// The wizard's first step: files in, by drop and by pick, from here and from elsewhere.
import { cls, html, nothing, signal } from '../core/html.js'
import { api } from '../core/api.js'
import { AT_ONCE, secondsLeft, uploads } from '../core/uploads.js'
import { bytes, elapsed, instant, num, t, tn } from '../core/i18n.js'
import { icon } from '../components/icons.js'
import { bar, field, problemNotice, toast, toastProblem } from '../components/ui.js'

/** @typedef {import('../core/uploads.js').Item} Item */

/**
 * @param {number} session
 * @param {{added: (t: import('../core/api.js').Transfer) => void, entityLabel: (name: string | null) => string | null}} wizard
 */
export function uploadStep(session, { added, entityLabel }) {
	const over = signal(false)
	const rowElement = signal('')
	const passed = signal(/** @type {{name: string, problem: string}[]} */ ([]))
	const addressName = signal('')
	const address = signal(/** @type {import('../core/api.js').Address | null} */ (null))
	const sending = uploads(session, (x) => {
		passed.value = [...passed.peek(), ...(x.tables ?? []).filter((y) => y.problem).map((y) => ({ name: y.name, problem: y.problem ?? '' }))]
		added(x)
	})
	void sending.load()
	const mendSession = () => {
		if (document.visibilityState === 'visible' && !sending.items.peek().length)
			void sending.load()
	}
	document.addEventListener('visibilitychange', mendSession)

	/** @param {FileList | null | undefined} list */
	const add = (list) => {
		if (list?.length)
			sending.add(list, rowElement.peek().trim())
	}
	const makeAddress = async () => {
		const name = addressName.peek().trim()
		if (!name)
			return
		const [made, failed] = await api.importAddresses(session, [name])
		if (made)
			address.value = made.items[0]
		else
			toastProblem(failed)
	}
	/** @param {string} text */
	const copy = async (text) => {
		await navigator.clipboard.writeText(text)
		toast(t('Copied'))
	}
	/** How it stands, in words. @param {Item} u */
	const state = (u) => {
		const left = secondsLeft(u)
		switch (u.state) {
		case 'left': return t('{sent} of {size} are here. Choose the file again to go on.', { sent: bytes(u.sent), size: bytes(u.size) })
		case 'queued': return t('waits for its turn')
		case 'paused': return t('paused at {sent} of {size}', { sent: bytes(u.sent), size: bytes(u.size) })
		case 'waiting': return t('no connection at {sent} of {size}: tries again by itself', { sent: bytes(u.sent), size: bytes(u.size) })
		case 'sending': return [t('{sent} of {size}', { sent: bytes(u.sent), size: bytes(u.size) }), u.rate ? t('{n} a second', { n: bytes(u.rate) }) : '', left === null ? '' : t('{time} left', { time: elapsed(left) })].filter(Boolean).join(' · ')
		default: return ''
		}
	}
	/** @param {Item} u */
	const early = (u) => (u.early?.columns.length ? html`<p class="faint">${u.early.entity ? html`<b>${entityLabel(u.early.entity)}</b> · ` : nothing}${tn('{n} column', '{n} columns', u.early.columns.length)} · ${t('about {n} rows', { n: num(u.early.rows) })} · ${u.early.encoding}: ${u.early.columns.slice(0, 6).join(', ')}${u.early.columns.length > 6 ? '…' : ''}</p>` : nothing)
	/** @param {Item} u */
	const card = (u) => html`<div class="card upload" data-state=${u.state}><div class="row between wrap"><b class="clip">${u.name}</b><span class="row">
			${u.state === 'sending' || u.state === 'waiting' || u.state === 'queued' ? html`<button class="btn quiet small" aria-label=${t('Pause {name}', { name: u.name })} @click=${() => sending.pause(u)}>${t('Pause')}</button>` : nothing}
			${u.state === 'paused' || u.state === 'failed' ? html`<button class="btn small" aria-label=${t('Go on with {name}', { name: u.name })} @click=${() => sending.resume(u)}>${t('Go on')}</button>` : nothing}
			${u.state === 'left' ? html`<label class="btn small primary" for="files">${t('Choose it again')}</label>` : nothing}
			<button class="btn quiet small icon-only" aria-label=${u.state === 'refused' ? t('Dismiss') : t('Give up {name}', { name: u.name })} @click=${() => (u.state === 'refused' ? sending.remove(u) : sending.cancel(u))}>${icon('close')}</button></span></div>
		${u.problem ? problemNotice(u.problem) : nothing}
		${u.state === 'refused' ? nothing : html`${bar(u.size ? u.sent / u.size : 0, t('Upload of {name}', { name: u.name }))}<p class="faint num">${state(u)}</p>`}
		${early(u)}</div>`
	const queue = () => {
		const waiting = sending.items.value.filter((u) => u.state === 'queued').length
		return html`${sending.items.value.map(card)}${waiting ? html`<p class="muted">${tn('{n} file waits: {most} are sent at once.', '{n} files wait: {most} are sent at once.', waiting, { most: num(AT_ONCE) })}</p>` : nothing}
			${passed.value.map((x) => html`<div class="notice warn">${icon('warn')}<div class="grow"><p><b>${x.name}</b>: ${t('This table was passed over')}</p><p>${x.problem}</p></div><button class="btn quiet small" @click=${() => {
				passed.value = passed.peek().filter((y) => y !== x)
			}}>${t('Dismiss')}</button></div>`)}`
	}
	const fromElsewhere = () => {
		const a = address.value, url = a ? location.origin + a.url : ''
		const line = a ? `curl --fail-with-body -T '${a.name.replaceAll("'", "'\\''")}' '${url}'` : ''
		return html`<details class="faint" id="elsewhere"><summary>${t('Another system sends the file?')}</summary><p>${t('An address takes one file, once, without signing in. Give it to a script or a colleague.')}</p>
			<form class="row wrap end" @submit=${(/** @type {Event} */ e) => {
				e.preventDefault()
				void makeAddress()
			}}>${field('fi-address', t('Name of the file'), html`<input id="fi-address" class="input" maxlength="255" autocomplete="off" spellcheck="false" .value=${addressName.value} @input=${(/** @type {any} */ e) => {
				addressName.value = e.target.value
			}}>`)}<button class="btn" ?disabled=${!addressName.value.trim()}>${t('Make an address')}</button></form>
			${a ? html`<p><code class="wrap">${line}</code></p><div class="row wrap"><button class="btn small" @click=${() => copy(url)}>${t('Copy the address')}</button><button class="btn small" @click=${() => copy(line)}>${t('Copy the command')}</button><span>${t('good until {when}', { when: instant(a.expiresAt) })}</span></div>` : nothing}</details>`
	}
	const view = () => html`<div class=${cls('drop', over.value && 'over')}
			@dragover=${(/** @type {DragEvent} */ e) => {
				e.preventDefault()
				over.value = true
			}} @dragleave=${() => {
				over.value = false
			}} @drop=${(/** @type {DragEvent} */ e) => {
				e.preventDefault()
				over.value = false
				add(e.dataTransfer?.files)
			}}>${icon('import')}<h2>${t('Drop files here')}</h2><p>${t('CSV or text of any size and encoding, Excel workbooks (XLSX), XML, JSON; also packed as gzip or ZIP. Several at once is fine: outlets, distributors, seats, a plan.')}</p>
			<label class="btn primary" for="files">${icon('file')}${t('Choose files')}</label><input id="files" class="sr" type="file" multiple accept=".csv,.txt,.tsv,.gz,.zip,.xlsx,.xml,.json,.jsonl,.ndjson,text/csv" @change=${(/** @type {any} */ e) => {
				add(e.target.files)
				e.target.value = ''
			}}></div>
		<details class="faint"><summary>${t('XML with an unusual structure?')}</summary>${field('fi-row', t('Element that is one row'), html`<input id="fi-row" class="input" maxlength="120" autocomplete="off" spellcheck="false" .value=${rowElement.value} @input=${(/** @type {any} */ e) => {
			rowElement.value = e.target.value
		}}>`, { help: t('Empty: the element that repeats. It holds for the files added after it.') })}</details>
		${fromElsewhere()}
		${sending.unknown.value ? html`<p>${t('What was sent earlier and broke off cannot be told:')}</p>${problemNotice(sending.unknown.value, () => void sending.load())}` : nothing}
		${queue()}`
	return { view, busy: sending.busy, dispose: () => {
		document.removeEventListener('visibilitychange', mendSession)
		sending.stop()
	} }
}
