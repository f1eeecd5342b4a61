// SPDX-License-Identifier: GPL-3.0-or-later
// Uploads into an import: up to ten at once, the rest in a queue; each goes on where it broke off, also after the browser was
// closed.  The server knows how many bytes it has; this browser remembers which file they belong to.
import { signal } from './html.js'
import { api } from './api.js'
import { base, changeHeaders, offline, problem, uuid } from './http.js'

/** @typedef {import('./http.js').Problem} Problem */
/** @typedef {import('./api.js').Transfer} Transfer */
/** @typedef {import('./api.js').Early} Early */
/**
 * One upload.  `left`: its first part is on the server and its file must be chosen again; `queued`, `sending`, `paused`,
 * `waiting` for the network, `failed`, `refused`.
 * @typedef {object} Item
 * @property {string} name
 * @property {number} size
 * @property {'left' | 'queued' | 'sending' | 'paused' | 'waiting' | 'failed' | 'refused'} state
 * @property {number} sent
 * @property {number} rate  bytes a second, 0 = not known yet
 * @property {Problem | null} problem
 * @property {Early | null} early  what its first rows look like
 * @property {number} askAt  bytes from which on to ask for that
 * @property {string} row  of XML: the element that is one row
 * @property {File | null} file
 * @property {number | null} id  transfer on the server
 * @property {any} tus
 * @property {[number, number][]} marks  time and bytes of the last seconds
 * @property {number} modified  when the file was changed, 0 = not known
 */

export const AT_ONCE = 10
const CHUNK = 32 << 20 // a request each, so that many uploads take turns on the server
const EARLY_BYTES = 128 << 10 // enough to see what a file looks like
const DELAYS = [0, 1000, 3000, 5000, 10000, 20000, 30000, 60000]

/** @returns {Promise<typeof import('../../vendor/tus-js-client/lib/index.js')>} */
async function library() {
	const bundle = '../../vendor/tus-js-client/tus.min.js'
	await import(bundle)
	return /** @type {any} */ (globalThis).tus
}

/** Seconds that are left, null when nobody can say. @param {Item} u */
export const secondsLeft = (u) => (u.rate > 0 ? (u.size - u.sent) / u.rate : null)

/** @param {Partial<Item>} u @returns {Item} */
const item = (u) => ({ name: '', size: 0, state: 'queued', sent: 0, rate: 0, problem: null, early: null, askAt: EARLY_BYTES, row: '', file: null, id: null, tus: null, marks: [], modified: 0, ...u })

/** The same file, by what both know of it. @param {Item} a @param {Item} b */
const same = (a, b) => a.name === b.name && a.size === b.size && (!a.modified || !b.modified || a.modified === b.modified)

/** What the server said, out of what the library throws. @param {any} error @returns {Problem} */
function problemOf(error) {
	const reply = error?.originalResponse
	if (!reply)
		return offline(error)
	try {
		return problem(reply.getStatus(), JSON.parse(reply.getBody()), null)
	} catch {
		return problem(reply.getStatus(), null, null)
	}
}

/**
 * @param {number} session
 * @param {(t: Transfer) => void} done  a file has become part of the session
 */
export function uploads(session, done) {
	const items = signal(/** @type {Item[]} */ ([]))
	/** Why nobody can say what an earlier visit has left. */
	const unknown = signal(/** @type {Problem | null} */ (null))
	/** While it is asked what an earlier visit has left nothing is begun, or the answer would name it as left. */
	let asking = false
	/** Transfers that have their place in the list, or had it. @type {Set<number>} */
	const known = new Set()
	void library().catch(() => {}) // so that it is here when the network is not
	const tell = () => {
		items.value = [...items.peek()]
	}
	/** @param {Item} u */
	const remove = (u) => {
		items.value = items.peek().filter((x) => x !== u)
	}
	/** Every upload that may run does. */
	const pump = () => {
		const running = items.peek().filter((u) => u.state === 'sending' || u.state === 'waiting').length
		for (const u of items.peek().filter((x) => x.state === 'queued' && !asking).slice(0, Math.max(0, AT_ONCE - running))) {
			u.state = 'sending'
			void send(u)
		}
		tell()
	}

	/** @param {Item} u @param {number} sent */
	const progress = (u, sent) => {
		const now = performance.now()
		if (u.state === 'waiting')
			u.state = 'sending'
		if (u.marks.length && sent < u.marks[u.marks.length - 1][1])
			u.marks = [] // the server has less than was thought
		u.sent = sent
		u.marks = [...u.marks.filter(([at]) => now - at < 5000), [now, sent]]
		const [at, bytes] = u.marks[0]
		if (now - at > 500)
			u.rate = (sent - bytes) * 1000 / (now - at)
		if (!u.early && u.id && sent > u.askAt && sent < u.size) {
			u.askAt = sent + EARLY_BYTES * 4 // what was sent may not have arrived yet
			void api.earlyPreview(u.id).then(([early]) => {
				u.early = early
				tell()
			})
		}
		tell()
	}

	/** @param {Item} u */
	async function send(u) {
		const file = /** @type {File} */ (u.file), tus = await library().catch(() => null)
		if (!tus) { // the network went before anything was sent
			u.state = 'waiting'
			window.addEventListener('online', () => {
				if (u.state === 'waiting')
					u.state = 'queued'
				pump()
			}, { once: true })
			tell()
			return
		}
		if (u.state !== 'sending')
			return
		u.problem = null
		u.marks = []
		u.rate = 0
		let key = uuid() // one beginning that is sent again after a reply that got lost begins once
		u.tus = new tus.Upload(file, {
			endpoint: `${base}/import/transfers`, chunkSize: CHUNK, retryDelays: DELAYS, removeFingerprintOnSuccess: true,
			...(u.id ? { uploadUrl: `${base}/import/transfers/${u.id}` } : {}),
			metadata: { session: String(session), filename: u.name, modified: String(file.lastModified), ...(u.row ? { row: u.row } : {}) },
			fingerprint: async () => ['beatplan', session, u.name, u.size, file.lastModified].join('-'),
			onBeforeRequest: (rq) => {
				for (const [k, v] of Object.entries({ ...changeHeaders(), ...(rq.getMethod() === 'POST' ? { 'Idempotency-Key': key } : {}) }))
					rq.setHeader(k, v)
			},
			onUploadUrlAvailable: () => {
				u.id = Number(/\d+$/.exec(u.tus?.url ?? '')?.[0] ?? 0) || null
				known.add(u.id ?? 0)
				key = uuid()
			},
			onShouldRetry: (error) => {
				const status = error.originalResponse?.getStatus() ?? 0
				const again = status === 0 || status === 409 || status === 423 || status === 429 || status >= 500
				if (again) {
					u.state = 'waiting'
					u.rate = 0
					tell()
				}
				return again && status !== 507
			},
			onProgress: (sent) => progress(u, sent),
			onError: (error) => {
				const failed = problemOf(error)
				/* What was refused for what it holds is over; anything else can go on. */
				u.state = failed.status === 400 || failed.status === 410 || failed.status === 413 || failed.status === 422 ? 'refused' : 'failed'
				u.problem = failed
				pump()
			},
			onSuccess: async () => {
				const [t, failed] = u.id ? await api.transfer(u.id) : [null, offline(null)]
				remove(u)
				pump()
				if (t)
					done(t)
				else
					items.value = [...items.peek(), { ...u, state: 'failed', problem: failed }]
			},
		})
		if (!u.id) {
			const before = await u.tus.findPreviousUploads()
			if (before.length) // of this browser, this session and this very file
				u.tus.resumeFromPreviousUpload(before[0])
			if (u.state !== 'sending') // paused or given up in the meantime
				return
		}
		u.tus.start()
	}

	/** @param {Item} u */
	const pause = (u) => {
		void u.tus?.abort()
		u.state = 'paused'
		u.rate = 0
		pump()
	}
	/** @param {Item} u */
	const resume = (u) => {
		u.state = 'queued'
		u.problem = null
		pump()
	}
	/** @param {Item} u */
	const cancel = async (u) => {
		u.state = 'paused'
		await u.tus?.abort()
		remove(u)
		pump()
		if (u.id) // what has come is of no use any more
			await fetch(`${base}/import/transfers/${u.id}`, { method: 'DELETE', credentials: 'same-origin', headers: { 'Tus-Resumable': '1.0.0', ...changeHeaders() } }).catch(() => null)
	}
	/** @param {FileList | File[]} files @param {string} row */
	const add = (files, row) => {
		const now = items.peek()
		const fresh = [...files].map((file) => {
			const u = item({ name: file.name, size: file.size, state: 'queued', row, file, modified: file.lastModified }), left = now.find((x) => x.state === 'left' && same(x, u))
			return left ? Object.assign(left, { file, state: 'queued' }) : u
		})
		items.value = [...now.filter((u) => !fresh.includes(u)), ...fresh]
		pump()
	}
	/** What an earlier visit has left half-way. */
	const load = async () => {
		asking = true
		const [list, failed] = await api.transfers(session)
		asking = false
		unknown.value = failed
		for (const t of list?.items ?? []) {
			if (!t.mine || known.has(t.id))
				continue
			const left = item({ name: t.name, size: t.bytes, state: 'left', sent: t.offset, id: t.id, modified: t.modified })
			const chosen = items.peek().find((u) => u.file && !u.id && same(u, left))
			known.add(t.id)
			if (!chosen)
				items.value = [...items.peek(), left]
			else if (!chosen.tus)
				Object.assign(chosen, { id: t.id, sent: t.offset })
		}
		pump()
	}
	/** Leaving the page: what is sent so far stays on the server. */
	const stop = () => {
		for (const u of items.peek())
			void u.tus?.abort()
	}
	return { items, unknown, add, pause, resume, cancel, remove, load, stop, busy: () => items.value.some((u) => ['queued', 'sending', 'waiting', 'paused'].includes(u.state)) }
}
