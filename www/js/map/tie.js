// SPDX-License-Identifier: GPL-3.0-or-later
// Maps that look at the same: when one moves, the others do.

/** @typedef {import('./surface.js').Surface} Surface */

/** How a surface joins; what it returns is called when it goes. @returns {(surface: Surface) => () => void} */
export function tied() {
	/** @type {Set<Surface>} */
	const all = new Set()
	let following = false
	return (surface) => {
		all.add(surface)
		surface.onMove.add(() => {
			if (following)
				return
			following = true
			const v = surface.view()
			for (const other of all) {
				const is = other.view()
				if (other !== surface && (is.lon !== v.lon || is.lat !== v.lat || is.zoom !== v.zoom))
					other.look(v)
			}
			following = false
		})
		return () => all.delete(surface)
	}
}
