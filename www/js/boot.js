/* SPDX-License-Identifier: GPL-3.0-or-later
 * Runs before the first paint, as a plain script, so that a dark page never flashes white.
 */
'use strict'
;(function () {
	try {
		const theme = localStorage.getItem('bp.theme')
		if (theme === 'light' || theme === 'dark')
			document.documentElement.dataset.theme = theme
		const lang = localStorage.getItem('bp.lang')
		if (lang)
			document.documentElement.lang = lang
	} catch {
		// Storage may be forbidden: the system's scheme and language then decide.
	}
})()
