// SPDX-License-Identifier: GPL-3.0-or-later
// What happens as it happens: events arrive after jobs, locks and notices, nothing of another territory does; the cap, the end by
// sign-out, going on behind the last one seen.
import { sleep } from './client.mjs'
import { services } from './services.mjs'
import { differs } from './steps.mjs'

async function* all({ client, saved }) {
	const call = (as, method, path, body) => client.call({ as, method, path, body })
	const open = []
	/** A stream of somebody: what came so far, and whether it has ended. */
	const follow = async (as, headers = {}, query = '') => {
		const stop = new AbortController(), s = client.sessions.get(as)
		const reply = await fetch(`${client.base}/api/v1/events${query}`, { signal: stop.signal, headers: { Cookie: `bp_session=${s.token}`, ...headers } })
		const one = { status: reply.status, headers: reply.headers, text: '', ended: false, stop: () => stop.abort() }
		open.push(one)
		void (async () => {
			const decoder = new TextDecoder()
			for await (const part of reply.body)
				one.text += decoder.decode(part, { stream: true })
		})().catch(() => {}).finally(() => {
			one.ended = true
		})
		return one
	}
	const events = (one, kind) => [...one.text.matchAll(/id: (\S+)\nevent: (\w+)\ndata: (.*)\n/g)].filter((m) => !kind || m[2] === kind).map((m) => ({ id: m[1], kind: m[2], data: JSON.parse(m[3]) }))
	const seen = async (one, choose, seconds = 8) => {
		for (let i = 0; i < seconds * 20; i++, await sleep(50)) {
			const found = events(one).find(choose)
			if (found)
				return found
		}
		return null
	}
	const setting = async (value) => {
		const { change } = (await call('admin', 'GET', '/settings')).json.items.find((s) => s.name === 'live_streams')
		const r = await call('admin', 'PUT', '/settings/live_streams', { value, reason: 'a test', change })
		await sleep(1300)
		return r.status !== 200 && r.text
	}
	const units = (await call('admin', 'GET', '/territories?units=1&limit=500&channel=GT')).json.items.filter((u) => u.unit && u.outlets && !u.locks.length)
	const [here, there] = units
	let narrow, wide

	yield { name: 'somebody of one territory, and a key of somebody', run: async () => {
		const username = `live${Date.now().toString(36)}`
		const made = (await call('admin', 'POST', '/users', { username, name: 'Live Wire', scopes: [{ territoryId: here.id, role: 'gt_planner' }] })).json
		await client.login('live', username, made.password)
		saved.eventKey = (await call('live', 'POST', '/auth/keys', { name: 'live', permissions: ['VIEW_TERRITORY'] })).json.key
		return !there && 'there are not two free units'
	} }
	yield { name: 'nobody follows without a session', get: '/events', status: 401, code: 'ERR_AUTH_001' }
	yield { name: 'nor a program', get: '/events', headers: { Authorization: 'Bearer {eventKey}' }, status: 403, code: 'ERR_AUTH_006' }
	yield { name: 'how long is bounded', as: 'admin', get: '/events?seconds=601', status: 422, fields: ['/seconds'] }
	yield { name: 'it ends when it is asked to', as: 'admin', get: '/events?seconds=1', check: (r) => [!/^retry: 3000\nid: [0-9a-f]{16}-\d+\nevent: ready\ndata: {"missed":false}\n\n/.test(r.text) && r.text, !/text\/event-stream/.test(r.headers.get('content-type')) && r.headers.get('content-type')] }
	yield { name: 'two follow', run: async () => {
		narrow = await follow('live')
		wide = await follow('admin')
		return [!await seen(narrow, (e) => e.kind === 'ready') && narrow.text, !await seen(wide, (e) => e.kind === 'ready') && wide.text]
	} }
	yield { name: 'a lock is told within a second or so', run: async () => {
		await call('planner', 'POST', `/territories/${there.id}/lock`, { channel: 'GT' })
		await call('planner', 'POST', `/territories/${here.id}/lock`, { channel: 'GT' })
		const mine = (e) => e.kind === 'lock' && e.data.territoryId === here.id
		return [!await seen(wide, mine, 3) && wide.text, !await seen(narrow, mine, 3) && narrow.text]
	} }
	yield { name: 'one of another territory only to who sees it', run: async () => {
		const other = (e) => e.data.territoryId === there.id
		return [!await seen(wide, other) && wide.text, events(narrow).some(other) && 'it came to who has no business there']
	} }
	yield { name: 'a notice reaches whom it is for, and nobody else', run: async () => {
		const planner = await follow('planner')
		await seen(planner, (e) => e.kind === 'ready')
		const asked = await call('live', 'POST', `/territories/${here.id}/lock/ask`, { channel: 'GT', text: 'please' })
		const told = await seen(planner, (e) => e.kind === 'notice' && e.data.kind === 'LOCK_ASKED')
		return [asked.status !== 200 && asked.text, !told && planner.text, events(wide, 'notice').length && 'it came to the administrator', events(narrow, 'notice').length && 'it came to who asked']
	} }
	yield { name: 'a job is told until it has ended, to its owner and to who sees its place', run: async () => {
		const session = (await call('planner', 'POST', '/planning/sessions', { territoryId: there.id, channel: 'GT' })).json
		const job = (await call('planner', 'POST', '/optimize', { sessionId: session.id, seconds: 1 })).json
		const ended = await seen(wide, (e) => e.kind === 'job' && e.data.id === job.jobId && e.data.state === 'done', 40)
		return [!ended && `${JSON.stringify(job)} ${wide.text.slice(-600)}`, !events(wide, 'job').some((e) => e.data.id === job.jobId && e.data.state !== 'done') && 'its way was not told', events(narrow, 'job').some((e) => e.data.id === job.jobId) && 'it came to who sees nothing of it']
	} }
	yield { name: 'who comes back with the last number misses nothing', run: async () => {
		const last = events(narrow).at(-1).id
		narrow.stop()
		await call('planner', 'DELETE', `/territories/${here.id}/lock?channel=GT`)
		await call('planner', 'DELETE', `/territories/${there.id}/lock?channel=GT`)
		await sleep(1500)
		const again = [await follow('live', { 'Last-Event-ID': last }), await follow('live', {}, `?after=${last}`)]
		const freed = (e) => e.kind === 'lock' && e.data.territoryId === here.id && e.data.userId === null
		return Promise.all(again.map(async (one) => [!await seen(one, freed, 3) && one.text, events(one)[0].data.missed && 'it says that something was missed', events(one).some((e) => e.data.territoryId === there.id) && 'a foreign one is told now']))
	} }
	for (const number of ['0000000000000000-1', 'x', '-1', `${'f'.repeat(16)}-99999999999999999999`])
		yield { name: `with the number ${number} it is told that something was missed`, run: async () => {
			const one = await follow('live', { 'Last-Event-ID': number })
			return !(await seen(one, (e) => e.kind === 'ready' && e.data.missed)) && one.text
		} }
	yield { name: 'signing out ends the stream', run: async () => {
		await client.login('leaving', 'dt', 'beatplan-demo')
		const one = await follow('leaving')
		await seen(one, (e) => e.kind === 'ready')
		await sleep(2500)
		const before = one.ended
		await call('leaving', 'POST', '/auth/logout', {})
		for (let i = 0; i < 100 && !one.ended; i++)
			await sleep(50)
		return [before && 'it ended before', !one.ended && 'it goes on']
	} }
	yield { name: 'a right that is taken away is gone from the stream', run: async () => {
		const username = `gone${Date.now().toString(36)}`
		const made = (await call('admin', 'POST', '/users', { username, name: 'Go Ner', scopes: [{ territoryId: here.id, role: 'gt_planner' }] })).json
		await client.login('goner', username, made.password)
		const one = await follow('goner')
		await seen(one, (e) => e.kind === 'ready')
		await call('admin', 'PATCH', `/users/${made.id}`, { scopes: [{ territoryId: there.id, role: 'gt_planner' }] })
		await sleep(17000)
		await call('planner', 'POST', `/territories/${there.id}/lock`, { channel: 'GT' })
		await call('planner', 'POST', `/territories/${here.id}/lock`, { channel: 'GT' })
		const now = await seen(one, (e) => e.kind === 'lock' && e.data.territoryId === there.id)
		await Promise.all([here, there].map((u) => call('planner', 'DELETE', `/territories/${u.id}/lock?channel=GT`)))
		return [!now && `the new one is not told: ${one.text}`, events(one).some((e) => e.data.territoryId === here.id) && 'the old one still is']
	} }
	yield { name: 'the others are as quick as ever beside a full pool; whoever comes too many is told to ask', run: async () => {
		open.forEach((o) => o.stop())
		await sleep(6000)
		const wrong = [await setting('40')]
		const many = await Promise.all(Array.from({ length: 40 }, () => follow('admin')))
		const failed = async () => (await call('admin', 'GET', '/system/health')).json.lately.failed, before = await failed()
		const more = await client.call({ as: 'admin', path: '/events' })
		wrong.push(await failed() !== before && 'a refusal that is meant counts as a failure')
		const began = Date.now()
		const replies = await Promise.all([...Array.from({ length: 20 }, () => call('admin', 'GET', '/auth/me')), client.call({ path: '/healthz' })])
		const took = Date.now() - began
		wrong.push(many.some((m) => m.status !== 200) && `${many.map((m) => m.status)}`, differs({ status: 503, json: { code: 'ERR_SYS_005', detail: /ask now and then/ } }, more), more.headers.get('retry-after') !== '60' && 'no Retry-After', replies.some((r) => r.status !== 200) && 'others are refused', took > 3000 && `${took} ms`)
		/* All of them hear the same, and the database is asked once. */
		await call('planner', 'POST', `/territories/${here.id}/lock`, { channel: 'GT' })
		const heard = await Promise.all(many.map((m) => seen(m, (e) => e.kind === 'lock' && e.data.userId)))
		await call('planner', 'DELETE', `/territories/${here.id}/lock?channel=GT`)
		const { database } = (await call('admin', 'GET', '/system/health')).json
		wrong.push(heard.some((h) => !h) && `${heard.filter((h) => !h).length} did not hear it`, database.connections > 60 && `${database.connections} connections`)
		many.forEach((m) => m.stop())
		return wrong
	} }
	yield { name: 'who went away makes room within seconds', run: async () => {
		await sleep(7000)
		const one = await follow('admin')
		return one.status !== 200 && `status ${one.status}`
	} }
	yield { name: 'a pool that starts anew tells that something was missed', run: async () => {
		const { killed, healthy } = services(client, client.state), one = await follow('admin')
		const { id } = await seen(one, (e) => e.kind === 'ready')
		await killed('events')
		await healthy()
		let again
		for (let i = 0; i < 40 && again?.status !== 200; i++, await sleep(100))
			again = await follow('admin', { 'Last-Event-ID': id })
		return !(await seen(again, (e) => e.kind === 'ready' && e.data.missed)) && `${again.status} ${again.text}`
	} }
	yield { name: 'as it was', run: async () => {
		open.forEach((o) => o.stop())
		return setting(null)
	} }
}
export const steps = all
