// SPDX-License-Identifier: GPL-3.0-or-later
// People, their roles and where they hold them.
import { html, nothing, signal } from '../core/html.js'
import { api, everything } from '../core/api.js'
import { ago, languages, t } from '../core/i18n.js'
import { me } from '../core/session.js'
import { icon } from '../components/icons.js'
import { pagedList } from '../components/list.js'
import { ask, empty, field, fieldProblem, openDialog, openMenu, problemNotice, resource, toast, toastProblem } from '../components/ui.js'

/** @typedef {import('../core/api.js').User} User */
/** @typedef {import('../core/api.js').Scope} Scope */

export function page() {
	const list = pagedList(api.users, ['q', 'active'])
	const roles = resource(api.roles)
	const territories = resource(() => everything(api.territories))
	void roles.load()
	void territories.load()
	/** @param {string} role */
	const roleName = (role) => t(roles.data.value?.items.find((r) => r.role === role)?.label ?? role)

	/** @param {string} name @param {string} password */
	const showPassword = (name, password) => {
		const close = openDialog({
			title: () => t('Password of {name}', { name }), text: () => t('It is shown once. Hand it over safely; it can be changed after signing in.'),
			body: () => html`<div class="row"><code class="input grow" id="one-time">${password}</code><button class="btn" @click=${() => {
				void navigator.clipboard?.writeText(password).then(() => toast(t('Copied')))
			}}>${t('Copy')}</button></div>`,
			foot: () => html`<button class="btn primary" @click=${() => close()}>${t('Done')}</button>`,
		})
	}
	/** @param {User | null} user */
	const edit = (user) => {
		const form = { username: user?.username ?? '', name: user?.name ?? '', email: user?.email ?? '', locale: user?.locale ?? 'en' }
		const scopes = signal(/** @type {Scope[]} */ (user ? user.scopes.map((x) => ({ territoryId: x.territoryId, role: x.role })) : [{ territoryId: null, role: roles.data.peek()?.items.find((r) => r.role === 'gt_planner')?.role ?? roles.data.peek()?.items[0]?.role ?? '' }]))
		const problem = signal(/** @type {import('../core/http.js').Problem | null} */ (null))
		const busy = signal(false)
		const save = async () => {
			if (form.email.trim() && !/^[^@\s]+@[^@\s]+$/.test(form.email.trim())) {
				problem.value = { code: 'ERR_REQ_004', status: 422, message: 'one or more fields are not acceptable', detail: null, fields: [{ pointer: '/email', problem: t('is no e-mail address') }] }
				return
			}
			busy.value = true
			const body = { name: form.name.trim(), email: form.email.trim() || null, locale: form.locale, scopes: scopes.peek() }
			const [reply, failed] = user ? await api.changeUser(user.id, body) : await api.addUser({ ...body, username: form.username.trim() })
			busy.value = false
			problem.value = failed
			if (failed)
				return
			close()
			void list.load()
			if (!user)
				showPassword(form.name, /** @type {any} */ (reply).password)
			else
				toast(t('Saved'))
		}
		/** @param {keyof typeof form} key */
		const text = (key) => html`<input id=${'us-' + key} class="input" autocomplete="off" .value=${form[key]} aria-invalid=${fieldProblem(problem.value, key) ? 'true' : nothing} @input=${(/** @type {any} */ e) => {
			form[key] = e.target.value
		}}>`
		/** @param {number} i @param {Partial<Scope>} change */
		const setScope = (i, change) => {
			scopes.value = scopes.peek().map((x, k) => (k === i ? { ...x, ...change } : x))
		}
		const close = openDialog({
			title: () => (user ? user.name : t('New user')),
			body: () => html`${user ? nothing : field('us-username', t('User name'), text('username'), { problem: fieldProblem(problem.value, 'username') })}
			<div class="grid-2">${field('us-name', t('Name'), text('name'), { problem: fieldProblem(problem.value, 'name') })}${field('us-email', t('E-mail'), text('email'), { problem: fieldProblem(problem.value, 'email') })}</div>
			${field('us-locale', t('Language'), html`<select id="us-locale" class="input" @change=${(/** @type {any} */ e) => {
				form.locale = e.target.value
			}}>${languages.map(([c, l]) => html`<option value=${c} ?selected=${form.locale === c}>${l}</option>`)}</select>`)}
			<div class="col tight"><span class="label">${t('Roles')}</span>${scopes.value.map((x, i) => html`<div class="row">
				<select class="input" aria-label=${t('Role')} @change=${(/** @type {any} */ e) => setScope(i, { role: e.target.value })}>${roles.data.value?.items.map((r) => html`<option value=${r.role} ?selected=${r.role === x.role}>${t(r.label)}</option>`)}</select>
				<select class="input" aria-label=${t('Where')} @change=${(/** @type {any} */ e) => setScope(i, { territoryId: e.target.value ? Number(e.target.value) : null })}><option value="">${t('everywhere')}</option>${territories.data.value?.items.map((y) => html`<option value=${y.id} ?selected=${y.id === x.territoryId}>${y.name}</option>`)}</select>
				<button class="btn quiet small icon-only" aria-label=${t('Remove this role')} @click=${() => {
					scopes.value = scopes.peek().filter((_, k) => k !== i)
				}}>${icon('trash')}</button></div>`)}
				<div><button class="btn small" @click=${() => {
					scopes.value = [...scopes.peek(), { territoryId: null, role: roles.data.peek()?.items[0]?.role ?? '' }]
				}}>${icon('plus')}${t('Add a role')}</button></div>
				<p class="faint">${t('A role holds for its territory and everything below it.')}</p></div>
			${problem.value ? problemNotice(problem.value) : nothing}`,
			foot: () => html`<button class="btn" @click=${() => close()}>${t('Cancel')}</button><button class="btn primary" ?disabled=${busy.value} @click=${save}>${t('Save')}</button>`,
		})
	}
	/** @param {User} u @param {boolean} active */
	const setActive = async (u, active) => {
		if (!active && (await ask({ title: t('Bar {name}?', { name: u.name }), text: t('They are signed out at once and cannot sign in. What they did stays.'), confirm: t('Bar'), danger: true })) === null)
			return
		const [, failed] = await api.changeUser(u.id, { active })
		if (failed)
			toastProblem(failed)
		void list.load()
	}
	/** @param {User} u */
	const reset = async (u) => {
		if ((await ask({ title: t('New password for {name}?', { name: u.name }), text: t('The old one stops working at once.'), confirm: t('Make a new one') })) === null)
			return
		const [reply, failed] = await api.resetPassword(u.id)
		if (reply)
			showPassword(u.name, reply.password)
		else if (failed)
			toastProblem(failed)
	}
	/** @param {string} p */
	const permissionName = (p) => t(({
		VIEW_TERRITORY: 'see territories, outlets and plans', PLAN_GT_ROUTES: 'plan general trade', PLAN_MT_ROUTES: 'plan modern trade', OPTIMIZE_ROUTES: 'run the optimiser',
		OVERRIDE_CHANGES: 'override a broken rule, with a reason', IMPORT_DATA: 'import master data and plans', MANAGE_USERS: 'manage users and their roles', COMMIT_PLAN: 'commit a plan',
		FORCE_UNLOCK: "break somebody else's lock, with a reason", MANAGE_TERRITORIES: 'change territories and planning parameters', MANAGE_RULES: 'change rules and segments', EXPORT_DATA: 'export plans and data',
		VIEW_AUDIT: 'read the audit trail', VIEW_REPORTS: 'read reports', ADMIN_SYSTEM: 'run the system: jobs, settings, health', EDIT_OUTLETS: 'change what is known of outlets',
	})[p] ?? p)
	const view = () => html`<div class="page">
	<div class="page-head"><div><h1>${t('Users')}</h1><p>${t('Who may do what, and where.')}</p></div><button class="btn primary" @click=${() => edit(null)}>${icon('plus')}${t('New user')}</button></div>
	<div class="filters">${list.search('q', t('Name or user name'))}${list.select('active', t('All'), [['1', t('active')], ['0', t('barred')]])}</div>
	${list.view((items) => html`<section class="card tight"><div class="table-wrap" tabindex="0"><table class="table stack"><thead><tr>${list.head('name', t('Name'))}${list.head('username', t('User name'))}<th>${t('Roles')}</th>${list.head('last', t('Last sign-in'))}<th></th></tr></thead>
		<tbody>${list.sorted(items, { name: (u) => u.name, username: (u) => u.username, last: (u) => u.lastLogin ?? '' }).map((u) => html`<tr><td>${u.name}${u.active ? nothing : html` <span class="chip bad">${t('barred')}</span>`}${u.email ? html`<br><small class="faint">${u.email}</small>` : nothing}</td><td data-label=${t('User name')}><code>${u.username}</code></td>
			<td data-label=${t('Roles')}><span class="row wrap">${u.scopes.map((x) => html`<span class="chip">${roleName(x.role)}${x.territoryId === null ? '' : ` · ${x.territoryName ?? '#' + x.territoryId}`}</span>`)}</span></td><td data-label=${t('Last sign-in')}>${u.lastLogin ? ago(u.lastLogin) : t('never')}</td>
			<td class="actions"><button class="btn small" @click=${() => edit(u)}>${t('Change')}</button> <button class="btn quiet small icon-only" aria-label=${t('More for {name}', { name: u.name })} aria-haspopup="menu" @click=${(/** @type {any} */ e) => openMenu(e.currentTarget, [
				{ label: t('New password'), icon: 'lock', run: () => void reset(u) },
				{ label: u.active ? t('Bar') : t('Let in again'), icon: 'user', disabled: u.id === me.peek()?.user.id ? t('That is you') : false, run: () => void setActive(u, !u.active) },
			])}>${icon('more')}</button></td></tr>`)}</tbody></table></div></section>`, () => html`<section class="card">${empty('users', t('Nobody found'), t('No user fits. Change the search, or add them.'), html`<button class="btn" @click=${() => edit(null)}>${icon('plus')}${t('New user')}</button>`)}</section>`)}
	<details class="card more"><summary>${t('What each role may do')}</summary><dl class="kv">${roles.data.value?.items.map((r) => html`<dt>${t(r.label)}</dt><dd>${r.permissions.map(permissionName).join(', ')}</dd>`)}</dl></details></div>`
	return { title: t('Users'), view, dispose: list.dispose }
}
