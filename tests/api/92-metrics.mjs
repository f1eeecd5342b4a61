// SPDX-License-Identifier: GPL-3.0-or-later
// What is counted, by all pools together; the rules and the dashboard name nothing that is not; the Health screen.
import { readFileSync } from 'node:fs'
import { dirname, join } from 'node:path'
import { fileURLToPath } from 'node:url'
import { some } from './steps.mjs'

const monitoring = join(dirname(fileURLToPath(import.meta.url)), '../../conf/monitoring')
/** "name{labels}" -> number, of Prometheus' text. */
const parse = (text) => new Map(text.split('\n').filter((l) => l && l[0] !== '#').map((l) => /^(\S+(?:\{.*\})?) (\S+)$/.exec(l)).map((m) => [m?.[1], Number(m?.[2])]))

async function* all({ client }) {
	const scrape = async (headers) => client.call({ as: null, method: 'GET', path: '/metrics', headers })
	yield {
		name: 'requests of every pool are counted', run: async () => {
			const before = parse((await scrape()).text), name = 'beatplan_http_requests_total{endpoint="GET /auth/me",status="200"}'
			for (let i = 0; i < 20; i++)
				await client.call({ as: 'admin', method: 'GET', path: '/auth/me' })
			await client.call({ as: 'admin', method: 'GET', path: '/users/987654321' })
			const r = await scrape(), after = parse(r.text), grown = (n) => (after.get(n) ?? 0) - (before.get(n) ?? 0)
			const buckets = [...after].filter(([n]) => n.startsWith('beatplan_http_request_seconds_bucket{endpoint="GET /auth/me"')), counts = buckets.map(([, v]) => v)
			return [grown(name) !== 20 && `${grown(name)} of 20 are counted`, grown('beatplan_http_request_seconds_count{endpoint="GET /auth/me"}') !== 20 && 'the histogram counts otherwise',
				counts.some((v, i) => i && v < counts[i - 1]) && 'buckets do not add up', buckets.length !== 12 && `${buckets.length} buckets`,
				grown('beatplan_errors_total{code="ERR_DATA_003"}') !== 1 && 'the error is not counted', after.get('beatplan_pool_threads{pool="api"}') !== 16 && 'the pool does not say its threads',
				['slow', 'uploads'].some((p) => !after.has(`beatplan_pool_threads{pool="${p}"}`)) && 'the other pools do not say their threads', after.get('beatplan_up') !== 1 && 'it is not up', ![...after.keys()].some((k) => k?.startsWith('beatplan_jobs_ended_total{kind="SNAPSHOT",state="failed"')) && 'the worker does not count',
				[...after].filter(([n, v]) => !n || Number.isNaN(v)).map(([n]) => `no line of the format: ${n}`)]
		},
	}
	for (const file of ['alerts.yml', 'dashboard.json'])
		yield {
			name: `${file} names what exists`, run: async () => {
				const text = readFileSync(join(monitoring, file), 'utf8'), now = (await scrape()).text
				/* A gauge of which there is nothing at the moment is declared all the same. */
				const there = new Set([...parse(now).keys()].map((k) => k?.replace(/\{.*/, '')).concat([...now.matchAll(/^# TYPE (\S+)/gm)].map((m) => m[1])))
				const named = [...new Set(text.match(/\bbeatplan_[a-z_]+/g))]
				return [named.length < 10 && 'it names next to nothing', named.filter((n) => !there.has(n)).map((n) => `${n} is not counted`)]
			},
		}
	yield { name: 'who comes through a proxy does not get the counters', run: async () => ((await client.call({ as: null, method: 'GET', path: '/metrics', headers: { 'X-Forwarded-For': '203.0.113.9' }, judge: false })).status === 403 ? [] : 'it does') }
	yield { name: 'nor who asks for something', get: '/metrics?noSuchField=1', status: 422, code: 'ERR_REQ_004' }
	yield { name: 'how it goes', as: 'admin', get: '/system/health', json: { diskFree: (n) => n > 0, disks: (l) => l[0].folders[0] === 'state' && l[0].free > 0, pools: some({ name: 'api', threads: 16 }), database: { connections: (n) => n > 0 }, jobs: (l) => l.length > 0, alarms: (l) => Array.isArray(l), lately: (l) => l.n > 20 && l.failed >= 0 && l.p95 > 0 && l.p99 >= l.p95, machines: (l) => l.length === 1 && !l[0].quiet && l[0].runs.includes('worker') } }
	yield { name: 'is for administrators', as: 'planner', get: '/system/health', status: 403, code: 'ERR_AUTH_002' }
}
export const steps = all
