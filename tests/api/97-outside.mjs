// SPDX-License-Identifier: GPL-3.0-or-later
// Alarms, webhook and heartbeat, against a receiver of our own that can also misbehave: refuse, fail, hang, close, send elsewhere.
import { createHmac } from 'node:crypto'
import { readdirSync, readFileSync, writeFileSync } from 'node:fs'
import { createServer } from 'node:http'
import { join } from 'node:path'
import { sleep } from './client.mjs'
import { services } from './services.mjs'
import { beatplan } from './shell.mjs'

const secret = 'a secret of sixteen bytes or more', stamp = Date.now().toString(36)

export async function* steps({ client }) {
	const conf = join(client.state, 'beatplan.conf'), before = readFileSync(conf, 'utf8')
	const { killed, healthy } = services(client, client.state)
	const call = (method, path, body) => client.call({ as: 'admin', method, path, body })
	/** What came, and how the receiver answers now. */
	const got = [], beats = []
	let mood = 200, beat = 200
	const answer = (reply, how) => {
		if (how === 'close')
			reply.socket.destroy()
		else if (how !== 'hang')
			reply.writeHead(how, how === 302 ? { Location: '/elsewhere' } : {}).end('not for anybody to see')
	}
	const server = createServer((ask, reply) => {
		let text = ''
		ask.on('data', (d) => { text += d }).on('end', () => {
			if (ask.url === '/beat')
				beats.push(ask.method)
			else
				got.push({ url: ask.url, text, event: text && JSON.parse(text), headers: ask.headers, how: mood })
			answer(reply, ask.url === '/beat' ? beat : mood)
		})
	})
	await new Promise((done) => server.listen(0, '127.0.0.1', () => done(null)))
	const address = `http://127.0.0.1:${/** @type {any} */ (server.address()).port}`
	const until = async (fn, seconds = 25) => {
		for (const end = Date.now() + seconds * 1000; Date.now() < end; await sleep(100)) {
			const r = await fn()
			if (r)
				return r
		}
		return null
	}
	const health = async () => (await call('GET', '/system/health')).json
	const duty = async (name) => (await health()).duties.find((d) => d.name === name)
	const configure = async (lines) => {
		writeFileSync(conf, `${before}${lines}\n`)
		await killed('workerd')
		await healthy()
	}
	const setting = async (name, value) => {
		const { change } = (await call('GET', '/settings')).json.items.find((s) => s.name === name)
		const r = await call('PUT', `/settings/${name}`, { value, reason: 'a test', change })
		return r.status !== 200 && r.text
	}
	const back = []
	const set = async (name, value) => {
		back.push(name)
		return setting(name, value)
	}
	const test = () => call('POST', '/system/webhook/test')
	/** The first event that came after `n` others and was answered so. */
	const arrives = (n, how, seconds) => until(() => got.slice(n).find((g) => g.how === how), seconds)

	yield { name: 'without a webhook there is nothing to test', as: 'admin', post: '/system/webhook/test', status: 409, code: 'ERR_DATA_004' }
	yield { name: 'nor to send again', as: 'admin', post: '/system/webhook/again', status: 409, code: 'ERR_DATA_004' }
	yield { name: 'and nothing waits, whatever was committed', run: async () => (await health()).outbox !== 0 && 'something waits' }
	yield { name: 'no administrator sets an address by the web', run: async () => {
		const r = await call('GET', '/settings')
		return r.json.items.some((s) => /url|secret/.test(s.name) && s.type !== 'NUMBER') && 'a setting holds an address'
	} }
	yield { name: 'looks follow each other quickly for this', run: async () => [await set('watch_seconds', '5'), await set('webhook_seconds', '2'), await set('alarm_wait_minutes', '0'), await set('alarm_calm_minutes', '0')] }
	for (const [words, lines] of [['no address', `webhook_url = hooks.example.org\nwebhook_secret = ${secret}\nheartbeat_url = ftp://127.0.0.1/`], ['webhook_secret is missing', `webhook_url = ${address}/hook`]])
		yield { name: `a wrong configuration is told: ${words}`, run: async () => {
			await configure(lines)
			const told = await until(async () => (await duty('webhook'))?.error.includes(words))
			const doctor = (await call('GET', '/system/doctor')).json.checks.find((c) => c.name === 'WEBHOOK')
			return [!told && JSON.stringify(await duty('webhook')), got.length && 'something was sent all the same', doctor.verdict === 'ok' && 'the doctor is content']
		} }
	yield { name: 'a webhook and a heartbeat', run: async () => {
		await configure(`webhook_url = ${address}/hook?token=hidden\nwebhook_secret = ${secret}\nheartbeat_url = ${address}/beat`)
		const d = await until(async () => (await duty('webhook'))?.target === address)
		return [!d && JSON.stringify(await duty('webhook')), JSON.stringify(await health()).includes('hidden') && 'a secret part of the address is shown']
	} }
	yield { name: 'the heartbeat is sent while all is well', run: async () => {
		const n = beats.length
		return [!await until(() => beats.length > n + 1) && `${beats.length - n} beats`, beats.some((m) => m !== 'GET') && beats.join(), !(await duty('heartbeat')).okAt && 'Health does not say so']
	} }
	yield { name: 'one that is not taken is told', run: async () => {
		beat = 500
		const d = await until(async () => (await duty('heartbeat'))?.error === 'it answered 500')
		beat = 200
		return [!d && JSON.stringify(await duty('heartbeat')), !await until(async () => (await duty('heartbeat')).failures === 0) && 'it does not recover']
	} }
	yield { name: 'a test arrives, signed', run: async () => {
		const n = got.length, r = await test(), g = await arrives(n, 200)
		const mac = g && `sha256=${createHmac('sha256', secret).update(g.text).digest('hex')}`
		return [r.json?.events !== 1 && r.text, !g && 'it does not', g?.headers['beatplan-signature'] !== mac && 'the signature is another', g?.event.type !== 'webhook.test' && g?.text, g?.event.specversion !== '1.0' && 'no CloudEvent', !/^[0-9a-f-]{36}$/.test(g?.event.id) && 'no id', !/cloudevents\+json/.test(g?.headers['content-type']) && g?.headers['content-type']]
	} }
	for (const [how, words] of /** @type {[number | string, RegExp][]} */ ([[500, /answered 500/], [400, /answered 400/], [302, /redirects are not followed/], ['close', /./], ['hang', /no answer within 2 seconds/]]))
		yield { name: `${how}: it is told, and tried again with the same id`, run: async () => {
			const n = got.length
			mood = how
			await test()
			const first = await arrives(n, how), d = await until(async () => words.test((await duty('webhook')).error))
			mood = 200
			const second = await until(() => got.slice(n).find((g) => g.how === 200 && g.event.id === first?.event.id), 40)
			return [!first && 'it never came', !d && JSON.stringify(await duty('webhook')), !second && 'it is not sent again', got.some((g) => g.url === '/elsewhere') && 'a redirect is followed', !await until(async () => (await health()).outbox === 0) && 'it waits still']
		} }
	yield { name: 'a committed plan is told', run: async () => {
		const n = got.length
		const unit = (await call('GET', '/territories?units=1&limit=500&channel=GT')).json.items.find((u) => u.unit && u.outlets && !u.locks.length)
		const lock = await call('POST', `/territories/${unit.id}/lock`, { channel: 'GT' })
		const session = (await call('POST', '/planning/sessions', { territoryId: unit.id, channel: 'GT' })).json
		const commit = await call('POST', `/plans/${session.planId}/commit`, { sessionId: session.id, notes: 'a test' })
		const g = await until(() => got.slice(n).find((e) => e.event.type === 'plan.committed'))
		return [lock.status !== 200 && lock.text, commit.status !== 200 && commit.text, !g && 'it is not', g && (g.event.data.territoryId !== unit.id || g.event.data.planId !== session.planId || g.event.data.channel !== 'GT' || g.event.subject !== String(session.planId)) && g.text]
	} }
	yield { name: 'so is one that the shell commits, and people by notices', run: async () => {
		const n = got.length, unit = (await call('GET', '/territories?units=1&limit=500&channel=GT')).json.items.filter((u) => u.unit && u.outlets && u.plan && !u.locks.length).sort((a, b) => a.outlets - b.outlets)[0]
		beatplan('optimize', '--territory', unit.code, '--channel', 'GT', '--seconds', '1', '--commit', '--user', 'manager', '--state', client.state)
		const g = await until(() => got.slice(n).find((e) => e.event.type === 'plan.committed'))
		const notice = (await call('GET', '/notices?limit=20')).json.items.find((i) => i.kind === 'PLAN_COMMITTED' && i.territoryId === unit.id && /shell/.test(i.text))
		return [g?.event.data.territoryId !== unit.id && 'it is not told', !notice && 'no notice']
	} }
	for (const locale of ['en', 'fr'])
		yield { name: `one who looks after the system, in ${locale}`, as: 'admin', post: '/users', body: { username: `${locale}-${stamp}`, name: 'Who Looks', email: `${locale}-${stamp}@example.org`, locale, scopes: [{ territoryId: null, role: 'admin' }] } }
	yield { name: 'an alarm that begins is told: inbox, webhook, Health', run: async () => {
		const n = got.length
		beat = 500
		const g = await until(() => got.slice(n).find((e) => e.event.type === 'alarm.began' && e.event.data.alarm === 'HEARTBEAT_LOST'), 60)
		const notice = (await call('GET', '/notices')).json.items.find((i) => i.kind === 'ALARM_BEGAN' && /heartbeat/.test(i.text))
		const a = (await health()).alarms.find((i) => i.name === 'HEARTBEAT_LOST')
		return [!g && JSON.stringify(await duty('heartbeat')), g && g.event.data.machine !== null && g.text, !notice && 'no notice', !(a?.since && a.told.length && a.sounds) && JSON.stringify(a)]
	} }
	for (const [who, words] of [['en', /raises an alarm\n  the heartbeat does not reach/], ['fr', /donne l’alarme\n  le battement de cœur n’atteint pas/]])
		yield { name: `and by mail: ${who}`, run: async () => {
			const mine = () => readdirSync(join(client.state, 'mail')).map((f) => readFileSync(join(client.state, 'mail', f), 'utf8')).filter((m) => m.includes(`To: ${who}-${stamp}@example.org`))
			const [mail, ...more] = await until(() => mine().length && mine(), 45) ?? []
			return [!words.test(mail) && `no such mail: ${mail}`, more.length && 'twice']
		} }
	yield { name: 'once, and its end', run: async () => {
		await sleep(11000)
		const began = got.filter((e) => e.how === 200 && e.event.data.alarm === 'HEARTBEAT_LOST' && e.event.type === 'alarm.began').length
		const n = got.length
		beat = 200
		const g = await until(() => got.slice(n).find((e) => e.event.type === 'alarm.ended' && e.event.data.alarm === 'HEARTBEAT_LOST'), 30)
		return [began !== 1 && `it was told ${began} times`, !g && 'its end is not', (await health()).alarms.some((i) => i.name === 'HEARTBEAT_LOST') && 'it stands still']
	} }
	yield { name: 'what was given up is sent again', as: 'admin', post: '/system/webhook/again', json: { events: 0 } }
	yield { name: 'as it was', run: async () => {
		const wrong = []
		for (const name of back)
			wrong.push(await setting(name, name === 'watch_seconds' ? '60' : name === 'webhook_seconds' ? '10' : name === 'alarm_wait_minutes' ? '2' : '10'))
		await configure('')
		wrong.push(!await until(async () => !await duty('webhook')) && 'the webhook is still there')
		server.closeAllConnections?.()
		server.close()
		return wrong
	} }
}
