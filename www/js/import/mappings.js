// SPDX-License-Identifier: GPL-3.0-or-later
// Saved mappings, above the cards of the wizard's map step: use one, keep the present one, rename, remove.
import { html, nothing, signal } from '../core/html.js'
import { api } from '../core/api.js'
import { ago, t, tn } from '../core/i18n.js'
import { icon } from '../components/icons.js'
import { ask, openMenu, toast, toastProblem } from '../components/ui.js'
import { applySchema, entriesOf, inUse, newest } from '../plan/mapping.js'

/** @typedef {import('../plan/mapping.js').Schema} Schema */

/** @param {{patch: (change: object) => Promise<void>, busy: {value: boolean}}} wizard */
export function savedMappings({ patch, busy }) {
	const all = signal(/** @type {Schema[]} */ ([]))
	const chosen = signal(0)
	const load = async () => {
		/** @type {Schema[]} */
		const items = []
		let after = /** @type {string | null} */ (null)
		do {
			const [part, failed] = await api.schemas({ limit: 500, after })
			if (failed) {
				toastProblem(failed)
				return
			}
			items.push(...part.items)
			after = part.next
		} while (after)
		all.value = items
	}
	void load()

	/** @param {Schema} s @param {import('../core/api.js').Preview} p */
	const use = async (s, p) => {
		const { mapping, missing } = applySchema(s, p.columns)
		await patch({ mapping })
		chosen.value = s.id
		toast(missing.length ? t('“{name}” is used; not in this file: {missing}', { name: s.name, missing: missing.join(', ') }) : t('“{name}” is used', { name: s.name }), { bad: missing.length > 0 })
	}
	/** @param {import('../core/api.js').Preview} p @param {import('../core/api.js').ImportFile} f @param {Schema | undefined} now */
	const save = async (p, f, now) => {
		const mapping = entriesOf(p.columns, f.mapping)
		const name = await ask({
			title: t('Save this mapping'), text: tn('{n} column is kept by its header text. A name that is there already gets a new version.', '{n} columns are kept by their header texts. A name that is there already gets a new version.', mapping.length),
			confirm: t('Save'), reason: 'required', reasonLabel: t('Name'), value: now?.name ?? f.name.replace(/\.[^.]*$/, ''),
		})
		if (name === null)
			return
		const [s, failed] = await api.saveSchema({ name, entity: f.entity, mapping })
		if (!s) {
			toastProblem(failed)
			return
		}
		await load()
		chosen.value = s.id
		toast(t('“{name}” is kept, version {n}', { name: s.name, n: s.version }))
	}
	/** @param {Schema} s */
	const rename = async (s) => {
		const name = await ask({ title: t('Rename “{name}”', { name: s.name }), text: t('All its versions go with it.'), confirm: t('Rename'), reason: 'required', reasonLabel: t('New name'), value: s.name })
		if (name === null || name === s.name)
			return
		const [, failed] = await api.renameSchema(s.id, name)
		if (failed)
			toastProblem(failed)
		await load()
	}
	/** @param {Schema} s */
	const remove = async (s) => {
		if ((await ask({ title: t('Remove “{name}”?', { name: s.name }), text: t('Files that were read with it stay as they are.'), confirm: t('Remove'), danger: true })) === null)
			return
		const [, failed] = await api.dropSchema(s.id)
		if (failed)
			toastProblem(failed)
		chosen.value = 0
		await load()
	}

	/** @param {import('../core/api.js').Preview} p @param {import('../core/api.js').ImportFile} f */
	const view = (p, f) => {
		const list = newest(all.value, f.entity)
		// Of those that serve, the chosen one, else the one that was kept last.
		const first = [...list].sort((a, b) => Number(b.id === chosen.value) - Number(a.id === chosen.value) || b.id - a.id)
		const used = first.find((s) => inUse(s, p.columns, f.mapping))
		const now = list.find((s) => s.id === chosen.value) ?? used
		const fits = used ? undefined : first.find((s) => !applySchema(s, p.columns).missing.length)
		return html`${fits ? html`<div class="notice">${icon('info')}<p class="grow">${t('This file has every column of the saved mapping “{name}”.', { name: fits.name })}</p><button class="btn small" ?disabled=${busy.value} @click=${() => use(fits, p)}>${t('Use it')}</button></div>` : nothing}
		<div class="row wrap mappings">${list.length ? html`<label class="row" for="saved-mapping"><span class="muted nowrap">${t('Saved mapping')}</span></label>
			<select id="saved-mapping" class="input small auto" ?disabled=${busy.value} @change=${(/** @type {any} */ e) => {
				const s = list.find((x) => String(x.id) === e.target.value)
				if (s)
					void use(s, p)
			}}><option value="" disabled ?selected=${!now}>${t('Choose')}</option>${list.map((s) => html`<option value=${s.id} ?selected=${s === now}>${s.name} · ${t('version {n}', { n: s.version })}</option>`)}</select>
			${now ? html`<small class="faint">${now.createdBy ?? ''} · ${ago(now.createdAt)}</small>
			<button class="btn quiet small icon-only" aria-label=${t('More for {name}', { name: now.name })} aria-haspopup="menu" @click=${(/** @type {any} */ e) => openMenu(e.currentTarget, [
				{ label: t('Use it again'), icon: 'check', disabled: used === now ? t('It is in use') : false, run: () => void use(now, p) },
				{ label: t('Rename…'), icon: 'file', run: () => void rename(now) },
				{ label: t('Remove…'), icon: 'trash', run: () => void remove(now) },
			])}>${icon('more')}</button>` : nothing}` : html`<span class="muted">${t('The next file of this kind can be read the same way.')}</span>`}
			<span class="grow"></span><button class="btn small" ?disabled=${busy.value || !entriesOf(p.columns, f.mapping).length} @click=${() => save(p, f, now)}>${icon('save')}${t('Save this mapping…')}</button></div>`
	}
	return { view }
}
