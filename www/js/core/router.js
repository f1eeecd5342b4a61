// SPDX-License-Identifier: GPL-3.0-or-later
// Addresses: a path names a screen, the query its filters, so that any view can be sent as a link.
import { signal } from '../../vendor/signals-core/signals-core.js'

/** @typedef {{path: string, params: Record<string, string>, query: Record<string, string>, route: any}} Place */

/**
 * Finds the route of a path; `:name` takes one segment.  Pure.
 * @template {{path: string}} R
 * @param {R[]} routes @param {string} path
 * @returns {{route: R, params: Record<string, string>} | null}
 */
export function match(routes, path) {
	const parts = path.split('/').filter(Boolean)
	for (const route of routes) {
		const want = route.path.split('/').filter(Boolean)
		if (want.length !== parts.length)
			continue
		/** @type {Record<string, string>} */
		const params = {}
		const ok = want.every((w, i) => {
			if (!w.startsWith(':'))
				return w === parts[i]
			try {
				params[w.slice(1)] = decodeURIComponent(parts[i])
			} catch {
				return false
			}
			return true
		})
		if (ok)
			return { route, params }
	}
	return null
}

/** @param {string} search */
export const parseQuery = (search) => Object.fromEntries(new URLSearchParams(search))

/** The path with a changed query; null and '' remove a key.  Pure.
 * @param {string} path @param {Record<string, string>} query @param {Record<string, string | number | null | undefined>} change */
export function withQuery(path, query, change) {
	const p = new URLSearchParams(query)
	for (const [k, v] of Object.entries(change)) {
		if (v === null || v === undefined || v === '')
			p.delete(k)
		else
			p.set(k, String(v))
	}
	const s = p.toString()
	return s ? `${path}?${s}` : path
}

const here = () => ({ path: location.pathname, query: parseQuery(location.search), hash: location.hash.slice(1) })
/** The current address; pages read it and never `location`. */
export const place = signal(typeof location === 'undefined' ? { path: '/', query: {}, hash: '' } : here())

/** Asked before leaving; true holds the user back. @type {(() => boolean) | null} */
let guard = null
/** @param {(() => boolean) | null} f */
export const guardLeaving = (f) => {
	guard = f
}

/** @param {string} url @param {{replace?: boolean}} [o] */
export function go(url, o = {}) {
	const samePath = new URL(url, location.href).pathname === location.pathname
	if (guard && !samePath && guard())
		return
	if (o.replace && new URL(url, location.href).href === location.href)
		return
	if (o.replace)
		history.replaceState(null, '', url)
	else
		history.pushState(null, '', url)
	place.value = here()
	if (!samePath)
		window.scrollTo(0, 0)
}
/** Changes filters in place. @param {Record<string, string | number | null | undefined>} change */
export const setQuery = (change) =>
	go(withQuery(place.peek().path, place.peek().query, change) + location.hash, { replace: true })

/** Own links are followed without a page load. */
export function startRouter() {
	place.value = here() // somebody may have gone back while the session was asked for
	addEventListener('popstate', () => {
		place.value = here()
	})
	document.addEventListener('click', (e) => {
		const a = e.target instanceof Element ? e.target.closest('a') : null
		if (!a || e.defaultPrevented || e.button || e.metaKey || e.ctrlKey || e.shiftKey || e.altKey)
			return
		if (a.target || a.hasAttribute('download') || a.origin !== location.origin || (a.pathname.startsWith('/api/') && a.pathname !== '/api/docs'))
			return
		if (a.hash && a.pathname === location.pathname)
			return
		e.preventDefault()
		go(a.pathname + a.search)
	})
}
