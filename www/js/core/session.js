// SPDX-License-Identifier: GPL-3.0-or-later
// Who is signed in, what they may do, and how they like to see it.
import { signal } from '../../vendor/signals-core/signals-core.js'
import { api } from './api.js'
import { forget, onSignedOut, setCsrf } from './http.js'
import { forgetEvents } from './live.js'
import { preferred, useLanguage } from './i18n.js'
import { go, place } from './router.js'

/** @typedef {import('./api.js').Me} Me */

/** undefined = not asked yet, null = nobody. @type {import('../../vendor/signals-core/signals-core.js').Signal<Me | null | undefined>} */
export const me = signal(undefined)

/** @param {string} permission */
export const can = (permission) => !!me.value?.permissions.includes(permission)
/** Held everywhere: what concerns no single territory (imports, users, audit) asks for this. @param {string} permission */
export const canEverywhere = (permission) => !!me.value?.worldPermissions.includes(permission)

/** Did an administrator switch it off? @param {'password_reset' | 'notice_mail' | 'drop_folders' | 'optimizer'} feature */
export const isOff = (feature) => !!me.value?.off.includes(feature)
/** Outlets that a map draws one by one whatever they cover, as the administrator set it. */
export const mapPoints = () => me.peek()?.mapPoints ?? 0

/** @param {Me | null} m */
export async function setMe(m) {
	if (m) {
		setCsrf(m.csrf)
		await useLanguage(preferred(m.user.locale))
	} else {
		setCsrf('')
		forgetEvents()
		forget()
	}
	me.value = m
}

export async function startSession() {
	onSignedOut(() => {
		if (me.peek())
			void signedOut()
	})
	const [m] = await api.me()
	if (!m)
		await useLanguage(preferred())
	await setMe(m)
}

async function signedOut() {
	await setMe(null)
	const { path } = place.peek()
	go(path === '/' || path === '/login' ? '/login' : `/login?next=${encodeURIComponent(location.pathname + location.search)}`)
}

/** Look through the eyes of a user, without changing anything. @param {number} id */
export async function viewAs(id) {
	const [, failed] = await api.toUser(id, 'view-as')
	if (!failed)
		location.assign('/')
	return failed
}

export async function stopViewing() {
	await api.viewEnd()
	location.assign('/users')
}

/** Ask anew what this person may do. */
export async function renewMe() {
	const [m] = await api.me()
	if (m)
		await setMe(m)
}

export async function signOut() {
	await api.logout()
	location.assign('/login') // a new document: nothing of what was shown stays in memory
}

/** @typedef {'auto' | 'light' | 'dark'} Theme */
/** @returns {Theme} */
function storedTheme() {
	try {
		const s = localStorage.getItem('bp.theme')
		return s === 'light' || s === 'dark' ? s : 'auto'
	} catch {
		return 'auto'
	}
}
export const theme = signal(storedTheme())
const system = matchMedia('(prefers-color-scheme: dark)')
export const dark = signal(false)

function applyTheme() {
	const value = theme.peek()
	if (value === 'auto')
		delete document.documentElement.dataset.theme
	else
		document.documentElement.dataset.theme = value
	dark.value = value === 'dark' || (value === 'auto' && system.matches)
}
system.addEventListener('change', applyTheme)
applyTheme()

/** @param {Theme} value */
export function setTheme(value) {
	theme.value = value
	store('bp.theme', value === 'auto' ? null : value)
	applyTheme()
}

/** The whole page is in one language: it is loaded anew. Nothing is lost, edits are on the server. @param {string} code */
export function setLanguage(code) {
	store('bp.lang', code)
	location.reload()
}

/** @param {string} key @param {string | null} value */
export function store(key, value) {
	try {
		if (value === null)
			localStorage.removeItem(key)
		else
			localStorage.setItem(key, value)
	} catch {
		// A browser without storage only forgets.
	}
}
/** @param {string} key */
export function stored(key) {
	try {
		return localStorage.getItem(key)
	} catch {
		return null
	}
}
