// SPDX-License-Identifier: GPL-3.0-or-later
// People, their roles and where they hold them.
import { html, nothing, signal } from '../core/html.js'
import { api, everything } from '../core/api.js'
import { ago, languages, t, tn } from '../core/i18n.js'
import { permissionName, roleSentence } from '../core/permissions.js'
import { me, viewAs } from '../core/session.js'
import { icon } from '../components/icons.js'
import { pagedList } from '../components/list.js'
import { showSecret } from '../components/secret.js'
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
	const showPassword = (name, password) => showSecret({
		title: t('Password of {name}', { name }), text: t('It is shown once. Hand it over safely; it can be changed after signing in.'), secrets: [{ value: password }],
	})
	/** The territories as a tree, in reading order, each with how deep it lies. */
	const places = () => {
		const all = territories.data.value?.items ?? [], known = new Set(all.map((x) => x.id))
		/** @type {{id: number, name: string, depth: number}[]} */
		const out = []
		/** @param {number | null} parent @param {number} depth */
		const walk = (parent, depth) => {
			for (const x of all.filter((y) => (parent === null ? y.parentId === null || !known.has(y.parentId) : y.parentId === parent))) {
				out.push({ id: x.id, name: x.name, depth })
				walk(x.id, depth + 1)
			}
		}
		walk(null, 0)
		return out
	}
	/** @param {Scope} x as it stands in the dialog */
	const meaning = (x) => {
		const role = roles.data.value?.items.find((r) => r.role === x.role)
		return role ? `${roleSentence(t(role.label), { territoryId: x.territoryId, territoryName: territories.data.value?.items.find((y) => y.id === x.territoryId)?.name ?? null })}: ${role.permissions.map(permissionName).join(', ')}.` : ''
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
			body: () => {
				const tree = places()
				return html`${user ? nothing : field('us-username', t('User name'), text('username'), { problem: fieldProblem(problem.value, 'username') })}
			<div class="grid-2">${field('us-name', t('Name'), text('name'), { problem: fieldProblem(problem.value, 'name') })}${field('us-email', t('E-mail'), text('email'), { problem: fieldProblem(problem.value, 'email') })}</div>
			${field('us-locale', t('Language'), html`<select id="us-locale" class="input" @change=${(/** @type {any} */ e) => {
				form.locale = e.target.value
			}}>${languages.map(([c, l]) => html`<option value=${c} ?selected=${form.locale === c}>${l}</option>`)}</select>`)}
			<div class="col tight"><span class="label">${t('Roles')}</span>${scopes.value.map((x, i) => html`<div class="col tight"><div class="row">
				<select class="input" aria-label=${t('Role')} @change=${(/** @type {any} */ e) => setScope(i, { role: e.target.value })}>${roles.data.value?.items.map((r) => html`<option value=${r.role} ?selected=${r.role === x.role}>${t(r.label)}</option>`)}</select>
				<select class="input" aria-label=${t('Where')} @change=${(/** @type {any} */ e) => setScope(i, { territoryId: e.target.value ? Number(e.target.value) : null })}><option value="">${t('everywhere')}</option>${tree.map((y) => html`<option value=${y.id} ?selected=${y.id === x.territoryId}>${'\u2003'.repeat(y.depth)}${y.name}</option>`)}</select>
				<button class="btn quiet small icon-only" aria-label=${t('Remove this role')} @click=${() => {
					scopes.value = scopes.peek().filter((_, k) => k !== i)
				}}>${icon('trash')}</button></div><small class="faint">${meaning(x)}</small></div>`)}
				<div><button class="btn small" @click=${() => {
					scopes.value = [...scopes.peek(), { territoryId: null, role: roles.data.peek()?.items[0]?.role ?? '' }]
				}}>${icon('plus')}${t('Add a role')}</button></div>
				<p class="faint">${t('A role holds for its territory and everything below it.')}</p></div>
			${problem.value ? problemNotice(problem.value) : nothing}`
			},
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
	/** @param {User} u @param {'unlock' | 'sign-out' | 'second-factor'} what @param {Parameters<typeof ask>[0] | null} question @param {string} said */
	const act = async (u, what, question, said) => {
		const answer = question ? await ask(question) : ''
		if (answer === null)
			return
		const [, failed] = what === 'second-factor' ? await api.dropSecondFactor(u.id, answer) : await api.toUser(u.id, what)
		if (failed)
			toastProblem(failed)
		else
			toast(said)
		void list.load()
	}
	/** @param {User} u */
	const look = async (u) => {
		const failed = await viewAs(u.id)
		if (failed)
			toastProblem(failed)
	}
	/** @param {User} u @returns {import('../components/ui.js').MenuItem[]} */
	const menu = (u) => {
		const self = u.id === me.peek()?.user.id ? t('That is you') : false
		return [
			{ label: t('See what they see'), icon: 'eye', disabled: self || (!u.active && t('Barred users see nothing')), run: () => void look(u) },
			null,
			{ label: t('New password'), icon: 'lock', run: () => void reset(u) },
			{ label: t('Let them try again'), icon: 'unlock', disabled: !u.locked && t('No failed sign-ins hold them back'), run: () => void act(u, 'unlock', null, t('They may try again')) },
			{ label: t('Take the second factor away'), icon: 'phone', disabled: !u.secondFactor && t('None is set up'), run: () => void act(u, 'second-factor', {
				title: t('Take the second factor of {name} away?', { name: u.name }), text: t('For a lost phone: the password alone opens the account then, so be sure who asks. Their sessions end, and they are told, by mail too.'), confirm: t('Take away'), danger: true, reason: 'required', reasonLabel: t('How do you know that it is them?'),
			}, t('The second factor is gone')) },
			{ label: t('End all their sessions'), icon: 'logout', disabled: !u.signIns && !u.programs && t('They are signed in nowhere'), run: () => void act(u, 'sign-out', {
				title: t('End all sessions of {name}?', { name: u.name }), text: t('They are signed out on every device, and programs with tokens too. They can sign in again.'), confirm: t('End all'), danger: true,
			}, t('They are signed out everywhere')) },
			null,
			{ label: u.active ? t('Bar') : t('Let in again'), icon: 'user', disabled: self, run: () => void setActive(u, !u.active) },
		]
	}
	const view = () => html`<div class="page">
	<div class="page-head"><div><h1>${t('Users')}</h1><p>${t('Who may do what, and where.')}</p></div><button class="btn primary" @click=${() => edit(null)}>${icon('plus')}${t('New user')}</button></div>
	<div class="filters">${list.search('q', t('Name or user name'))}${list.select('active', t('All'), [['1', t('active')], ['0', t('barred')]])}</div>
	${list.view((items) => html`<section class="card tight"><div class="table-wrap" tabindex="0"><table class="table stack"><thead><tr>${list.head('name', t('Name'))}${list.head('username', t('User name'))}<th>${t('Roles')}</th>${list.head('last', t('Last sign-in'))}<th></th></tr></thead>
		<tbody>${list.sorted(items, { name: (u) => u.name, username: (u) => u.username, last: (u) => u.lastLogin ?? '' }).map((u) => html`<tr><td>${u.name}${u.active ? nothing : html` <span class="chip bad">${t('barred')}</span>`}${u.locked ? html` <span class="chip warn" title=${t('After too many failed sign-ins')}>${t('must wait')}</span>` : nothing}${u.secondFactor ? html` <span class="chip good">${t('second factor')}</span>` : nothing}${u.email ? html`<br><small class="faint">${u.email}</small>` : nothing}</td><td data-label=${t('User name')}><code>${u.username}</code></td>
			<td data-label=${t('Roles')}>${u.scopes.length ? u.scopes.map((x) => html`<div>${roleSentence(roleName(x.role), x)}</div>`) : html`<span class="faint">${t('none')}</span>`}</td><td data-label=${t('Last sign-in')}>${u.lastLogin ? ago(u.lastLogin) : t('never')}${u.signIns || u.programs ? html`<br><small class="faint">${[u.signIns && tn('{n} session', '{n} sessions', u.signIns, { n: u.signIns }), u.programs && tn('{n} program', '{n} programs', u.programs, { n: u.programs })].filter(Boolean).join(', ')}</small>` : nothing}</td>
			<td class="actions"><button class="btn small" @click=${() => edit(u)}>${t('Change')}</button> <button class="btn quiet small icon-only" aria-label=${t('More for {name}', { name: u.name })} aria-haspopup="menu" @click=${(/** @type {any} */ e) => openMenu(e.currentTarget, menu(u))}>${icon('more')}</button></td></tr>`)}</tbody></table></div></section>`, () => html`<section class="card">${empty('users', t('Nobody found'), t('No user fits. Change the search, or add them.'), html`<button class="btn" @click=${() => edit(null)}>${icon('plus')}${t('New user')}</button>`)}</section>`)}
	<details class="card more"><summary>${t('What each role may do')}</summary><dl class="kv">${roles.data.value?.items.map((r) => html`<dt>${t(r.label)}</dt><dd>${r.permissions.map(permissionName).join(', ')}</dd>`)}</dl></details></div>`
	return { title: t('Users'), view, dispose: list.dispose }
}
