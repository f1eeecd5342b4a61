// SPDX-License-Identifier: GPL-3.0-or-later
// What the person is told: read when something new is told of, else now and then while the page is in sight.
import { signal } from '../../vendor/signals-core/signals-core.js'
import { api } from './api.js'
import { watch } from './live.js'

/** How many are not read. */
export const unread = signal(0)
/** The newest, for whoever shows them. */
export const latest = signal(/** @type {import('./api.js').Notice[]} */ ([]))

let watching = false
export async function readNotices() {
	const [list] = await api.notices({ limit: 20 })
	if (list) {
		unread.value = list.unread
		latest.value = list.items
	}
}
/** Begins asking; once more does no harm. */
export function watchNotices() {
	if (watching)
		return
	watching = true
	watch(readNotices, 30000, ['notice'])
}
