// SPDX-License-Identifier: GPL-3.0-or-later
// How the system goes: what is alarming, disk, database, pools, jobs, slow and failed requests, backups.
import { html, nothing } from '../core/html.js'
import { api } from '../core/api.js'
import { bytes, duration, elapsed, instant, num, t, tn } from '../core/i18n.js'
import { icon } from '../components/icons.js'
import { jobLabel } from '../components/job.js'
import { bar, capital, poll, resource, shown, toast, toastProblem } from '../components/ui.js'

export function page() {
	const health = resource(api.systemHealth)
	const doctor = resource(api.systemDoctor)
	void doctor.load()
	const stop = poll(async () => void (await health.load()), 10000)
	/** @type {Record<string, () => string>} */
	const states = { queued: () => t('waiting'), running: () => t('running'), done: () => t('done'), failed: () => t('failed'), cancelled: () => t('cancelled') }
	/** @param {number} seconds */
	const within = (seconds) => (seconds < 1 ? t('{n} ms', { n: num(1000 * seconds) }) : elapsed(seconds))
	/** @param {unknown} n @param {string} label */
	const stat = (n, label) => html`<div class="stat"><b>${n}</b><span>${label}</span></div>`
	/** @param {import('../core/api.js').SystemHealth} h */
	const alarms = (h) => (h.alarms.length ? h.alarms.map((a) => html`<div class=${`notice ${a.grave === 'BAD' ? 'bad' : 'warn'}`} role="alert">${icon('warn')}<div class="grow"><p>${capital(t(a.text))}${a.machine ? ` (${a.machine})` : ''}</p>
		<p class="muted">${a.since ? html`${t('Since {when}.', { when: instant(a.since) })} ${a.told.length ? t('Told: {names}.', { names: a.told.join(', ') }) : t('Nobody was told: nobody looks after the system.')}${a.sounds ? nothing : ' ' + t('It is well now; that it is over is told when it stays so.')}` : t('Nobody was told yet: it may pass.')}</p></div></div>`)
		: html`<div class="notice">${icon('check')}<div class="grow"><p>${t('Nothing is alarming.')}</p></div></div>`)
	/** @param {import('../core/api.js').SystemHealth} h */
	const closed = (h) => (h.maintenance ? html`<div class="notice warn" role="alert">${icon('warn')}<div class="grow"><p>${t('The doors are closed for maintenance: people and programs are told to come back, and nothing is begun.')}</p>
		<p class="muted">${t('Since {when}, by {who}. They are opened by {command}.', { when: instant(h.maintenance.since), who: h.maintenance.by, command: 'beatplan maintenance off' })}</p></div></div>` : nothing)
	/** @param {import('../core/api.js').SystemHealth} h @param {import('../core/api.js').SystemHealth['machines'][0]} m */
	const obeys = (h, m) => (m.quiet || m.obeys ? (h.maintenance && m.obeys ? html` <span class="chip warn">${t('closed')}</span>` : nothing) : html` <span class="chip bad">${t('does not hear of maintenance')}</span>`)
	/** @type {Record<string, () => string>} */
	const folders = { state: () => t('state folder'), uploads: () => t('uploads'), database: () => t('database'), binlog: () => t('log of transactions'), logs: () => t('logs'), backups: () => t('backups') }
	/** @type {Record<string, () => string>} */
	const duties = { alarms: () => t('Alarms are looked at'), backup: () => t('Daily backups'), webhook: () => t('Webhook'), heartbeat: () => t('Heartbeat'), snapshots: () => t('Snapshots are held against the database') }
	/** @param {() => Promise<any>} call @param {(n: number) => string} said */
	const send = async (call, said) => {
		const [r, problem] = await call()
		if (problem)
			toastProblem(problem)
		else
			toast(said(r.events))
		void health.load()
	}
	/** @type {Record<string, () => string>} */
	const parts = { database: () => t('database'), replica: () => t('copy of the database'), web: () => t('web server'), worker: () => t('worker'), optimizer: () => t('optimiser') }
	/** @param {import('../core/api.js').SystemHealth['databases'][0]} d */
	const copy = (d) => (!d.follows ? html`<span class="chip good">${t('takes changes')}</span>` : d.lag === null ? html`<span class="chip bad">${t('does not answer')}</span> ${d.error}`
		: html`<span class=${`chip ${d.behind ? 'bad' : 'good'}`}>${d.lag < 1 ? t('follows') : t('{time} behind', { time: elapsed(d.lag) })}</span>`)
	/** @param {import('../core/api.js').SystemHealth} h */
	const machines = (h) => html`<section class="card"><h2>${t('Machines')}</h2><div class="table-wrap" tabindex="0"><table class="table stack"><thead><tr><th>${t('Machine')}</th><th>${t('What runs there')}</th><th>${t('State')}</th><th>${t('Seen')}</th></tr></thead>
		<tbody>${h.databases.map((d) => html`<tr><td>${d.host}</td><td data-label=${t('What runs there')}>${d.follows ? t('copy of the database') : t('database')}</td><td data-label=${t('State')}>${copy(d)}</td><td data-label=${t('Seen')}>${instant(d.lookedAt)}</td></tr>`)}
		${h.machines.map((m) => html`<tr><td>${m.machine}</td><td data-label=${t('What runs there')}>${m.runs.split(/[, ]+/).map((p) => parts[p]?.() ?? p).join(', ')} <span class="muted">${m.version}</span></td>
			<td data-label=${t('State')}><span class=${`chip ${m.quiet ? 'bad' : 'good'}`}>${m.quiet ? t('has been silent for minutes') : t('is there')}</span>${obeys(h, m)}</td><td data-label=${t('Seen')}>${instant(m.seenAt)}</td></tr>`)}</tbody></table></div></section>`
	/** @param {import('../core/api.js').SystemHealth} h */
	const waiting = (h) => html`${h.outbox ? tn('{n} event waits.', '{n} events wait.', h.outbox) : nothing} ${h.givenUp ? tn('{n} was not taken in time and is no longer tried.', '{n} were not taken in time and are no longer tried.', h.givenUp) : nothing}`
	/** @param {import('../core/api.js').SystemHealth} h */
	const outside = (h) => {
		const webhook = h.duties.some((d) => d.name === 'webhook')
		return html`<section class="card"><div class="row wrap between"><h2>${t('To other systems')}</h2>${webhook ? html`<span class="row wrap">${h.givenUp ? html`<button class="btn" type="button" @click=${() => send(api.sendAgain, (n) => tn('{n} event is sent again.', '{n} events are sent again.', n))}>${t('Send again')}</button>` : nothing}
			<button class="btn" type="button" @click=${() => send(api.testWebhook, () => t('A test is on its way.'))}>${t('Send a test')}</button></span>` : nothing}</div>
		<div class="table-wrap" tabindex="0"><table class="table stack"><thead><tr><th>${t('What')}</th><th>${t('State')}</th><th>${t('Went well')}</th><th>${t('Machine')}</th></tr></thead>
		<tbody>${h.duties.map((d) => html`<tr><td>${duties[d.name]?.() ?? d.name} <span class="muted">${d.target}</span></td>
			<td data-label=${t('State')}><span class=${`chip ${d.failures ? 'bad' : d.okAt ? 'good' : ''}`}>${d.failures ? tn('{n} failure in a row', '{n} failures in a row', d.failures) : d.okAt ? t('fine') : t('not used yet')}</span> ${d.error} ${d.name === 'webhook' ? waiting(h) : nothing}</td>
			<td data-label=${t('Went well')}>${d.okAt ? instant(d.okAt) : '–'}</td><td data-label=${t('Machine')}>${d.machine}</td></tr>`)}</tbody></table></div>
		${webhook ? nothing : html`<p class="muted">${t('Committed plans and alarms can be sent to another system: set {key} in {file}.', { key: 'webhook_url', file: 'beatplan.conf' })}</p>`}</section>`
	}
	/** @param {import('../core/api.js').SystemHealth} h */
	const calls = (h) => html`<section class="card"><h2>${t('Slow and failed requests of the last hour')}</h2>${h.calls.length ? html`<div class="table-wrap" tabindex="0"><table class="table stack"><thead><tr><th>${t('When')}</th><th>${t('Request')}</th><th>${t('Status')}</th><th class="num">${t('Took')}</th><th>${t('To be found in the logs as')}</th></tr></thead>
		<tbody>${h.calls.slice(0, 50).map((c) => html`<tr><td class="nowrap">${instant(c.at)}</td><td data-label=${t('Request')}><code>${c.endpoint}</code></td><td data-label=${t('Status')}><span class=${`chip ${c.status >= 500 ? 'bad' : ''}`}>${c.status}</span></td>
			<td class="num" data-label=${t('Took')}>${elapsed(c.seconds)}</td><td data-label=${t('To be found in the logs as')}><code class="hash">${c.correlation}</code></td></tr>`)}</tbody></table></div>` : html`<p class="muted">${t('None.')}</p>`}</section>`
	/** @param {import('../core/api.js').SystemHealth} h */
	const jobs = (h) => html`<section class="card"><h2>${t('Jobs: waiting, running, ended within a day')}</h2>${h.jobs.length ? html`<div class="table-wrap" tabindex="0"><table class="table stack"><thead><tr><th>${t('Job')}</th><th>${t('State')}</th><th class="num">${t('Number')}</th><th class="num">${t('Oldest')}</th></tr></thead>
		<tbody>${h.jobs.map((j) => html`<tr><td>${jobLabel(/** @type {any} */ (j))}</td><td data-label=${t('State')}>${states[j.state]?.() ?? j.state}</td><td class="num" data-label=${t('Number')}>${num(j.n)}</td><td class="num" data-label=${t('Oldest')}>${j.oldest === null ? '–' : elapsed(j.oldest)}</td></tr>`)}</tbody></table></div>` : html`<p class="muted">${t('None.')}</p>`}</section>`
	/** @param {import('../core/api.js').SystemHealth['backups'][number]} b */
	const sent = (b) => (!b.pushedTo ? '–' : html`<span class=${`chip ${b.pushedAt ? 'good' : b.pushFailures ? 'bad' : 'info'}`}>${b.pushedAt ? t('arrived') : b.pushFailures ? tn('{n} failure in a row', '{n} failures in a row', b.pushFailures) : t('on its way')}</span>
		${b.pushedAt ? html`${instant(b.pushedAt)}, ${bytes(b.pushBytes)}` : b.pushError} <code class="hash">${b.pushedTo}</code>`)
	/** The last drill, and the next one. @param {import('../core/api.js').SystemHealth} h */
	const drill = (h) => html`<div class="drill col tight"><h3>${t('Last drill')}</h3>${h.drill ? html`<p><span class=${`chip ${h.drill.state === 'failed' ? 'bad' : 'good'}`}>${h.drill.state === 'failed' ? t('failed') : t('good')}</span> ${instant(h.drill.startedAt)}, ${elapsed((Date.parse(h.drill.endedAt) - Date.parse(h.drill.startedAt)) / 1000)} <code class="hash">${h.drill.dir}</code></p>
		${h.drill.detail ? html`<p>${capital(h.drill.detail)}</p>` : nothing}
		<p class="muted">${t('Compared: {plans}, {rows} in {tables}, {events} of the audit trail.', { plans: tn('{n} plan', '{n} plans', h.drill.plans), rows: tn('{n} row', '{n} rows', h.drill.rows), tables: tn('{n} table', '{n} tables', h.drill.tables), events: tn('{n} event', '{n} events', h.drill.events) })}</p>` : html`<p class="muted">${t('No backup was restored aside and held against what runs yet.')}</p>`}
		<p class="muted">${h.drillNextAt ? t('The next one is due on {when}.', { when: instant(h.drillNextAt) }) : t('None is due by itself: {command}, or the setting {key}.', { command: 'beatplan backup drill', key: 'backup_drill_days' })}</p></div>`
	/** @param {import('../core/api.js').SystemHealth} h */
	const backups = (h) => html`<section class="card"><h2>${t('Backups')}</h2>${h.backups.length ? html`<div class="table-wrap" tabindex="0"><table class="table stack"><thead><tr><th>${t('When')}</th><th>${t('State')}</th><th class="num">${t('Size')}</th><th>${t('Folder')}</th><th>${t('Off this machine')}</th></tr></thead>
		<tbody>${h.backups.map((b) => html`<tr><td class="nowrap">${instant(b.startedAt)}</td><td data-label=${t('State')}><span class=${`chip ${b.state === 'failed' ? 'bad' : b.state === 'done' ? 'good' : 'info'}`}>${states[b.state]?.()}</span> ${b.detail}</td>
			<td class="num" data-label=${t('Size')}>${bytes(b.bytes)}</td><td data-label=${t('Folder')}><code class="hash">${b.dir}</code></td><td data-label=${t('Off this machine')}>${sent(b)}</td></tr>`)}</tbody></table></div>` : nothing}
		${h.backupsWanted ? nothing : html`<p class="muted">${t('No folder for daily backups is named: set {key} in {file}.', { key: 'backup_dir', file: 'beatplan.conf' })}</p>`}
		${h.backups.some((b) => b.pushedTo) ? nothing : html`<p class="muted">${t('Backups stay on this machine: to send them elsewhere, encrypted, set {key} in {file}.', { key: 'backup_push', file: 'beatplan.conf' })}</p>`}${drill(h)}</section>`
	/** @type {Record<string, [string, () => string]>} */
	const verdicts = { ok: ['good', () => t('fine')], warn: ['warn', () => t('to be looked at')], bad: ['bad', () => t('bad')], skipped: ['', () => t('not looked at')] }
	/** @param {import('../core/api.js').SystemDoctor} d */
	const checks = (d) => {
		const order = ['bad', 'warn', 'ok', 'skipped'], list = d.checks.toSorted((a, b) => order.indexOf(a.verdict) - order.indexOf(b.verdict))
		return html`<div class="table-wrap" tabindex="0"><table class="table stack"><thead><tr><th>${t('What is looked at')}</th><th>${t('State')}</th><th>${t('What was found, and what to do')}</th></tr></thead>
		<tbody>${list.map((c) => html`<tr><td>${capital(t(c.what))}</td><td data-label=${t('State')}><span class=${`chip ${verdicts[c.verdict]?.[0]}`}>${verdicts[c.verdict]?.[1]()}</span></td>
			<td data-label=${t('What was found, and what to do')}>${['bad', 'warn'].includes(c.verdict) ? html`${c.detail ? html`<p>${c.detail}</p>` : nothing}<p class="muted">${t(c.mend)}</p>` : '–'}</td></tr>`)}</tbody></table></div>`
	}
	const view = () => html`<div class="page">
	<div class="page-head"><div><h1>${t('Health')}</h1><p>${t('How the system goes, looked at every ten seconds.')}</p></div></div>
	${shown(health, (h) => html`${closed(h)}${alarms(h)}
		<section class="card"><h2>${t('At a glance')}</h2><div class="stats">
			${stat(num(h.sessions), t('people at work'))}${stat(num(h.drafts), t('plans in work'))}${stat(num(h.locks), t('locks'))}${stat(num(h.outbox), t('waiting to go out'))}</div></section>
		<section class="card"><h2>${tn('Requests of the last minute', 'Requests of the last {n} minutes', h.lately.minutes)}</h2><div class="stats">
			${stat(num(h.lately.n), t('requests'))}${stat(h.lately.n ? `${num(100 * h.lately.failed / h.lately.n, 2)} %` : '–', t('failed'))}${stat(h.lately.p95 === null ? '–' : within(h.lately.p95), t('95 of 100 within'))}${stat(h.lately.p99 === null ? '–' : within(h.lately.p99), t('99 of 100 within'))}</div></section>
		<div class="grid-2">
		<section class="card"><h2>${t('Disk')}</h2>${h.disks.map((d) => html`<p>${capital(d.folders.map((f) => folders[f]?.() ?? f).join(', '))}: ${t('{free} of {size} free', { free: bytes(d.free), size: bytes(d.size) })} ${d.full ? html`<span class="chip bad">${t('full')}</span>` : nothing}</p>${bar(1 - d.free / Math.max(1, d.size), t('Disk in use'))}`)}</section>
		<section class="card"><h2>${t('Memory')}</h2>${h.memories.map((m) => html`<p>${m.of === 'machine' ? t('Of the machine') : t('Of what the programs may use')}: ${t('{free} of {size} free', { free: bytes(m.free), size: bytes(m.size) })} ${m.full ? html`<span class="chip bad">${t('full')}</span>` : nothing}</p>${bar(1 - m.free / Math.max(1, m.size), t('Memory in use'))}`)}
			${h.certificateEnds ? html`<p>${t('The certificate of the web server ends {when}.', { when: instant(h.certificateEnds) })}</p>` : nothing}</section>
		<section class="card"><h2>${t('Pools')}</h2><dl class="kv">${h.pools.map((p) => html`<dt>${{ api: t('Requests'), slow: t('Openings and commits'), uploads: t('Uploads'), events: t('Live events'), health: t('Health') }[p.name] ?? p.name}</dt><dd>${t('{busy} of {threads} threads busy', { busy: num(p.busy), threads: num(p.threads) })}</dd>`)}</dl></section>
		</div>
		<section class="card"><h2>${t('Database')}</h2><dl class="kv"><dt>${t('Version')}</dt><dd>${h.database.version}</dd><dt>${t('Runs since')}</dt><dd>${duration(h.database.uptime)}</dd>
			<dt>${t('Connections')}</dt><dd>${t('{n} of {most}', { n: num(h.database.connections), most: num(h.database.connectionsMost) })}</dd>
			<dt>${t('Deadlocks')}</dt><dd>${num(h.database.deadlocks)}</dd><dt>${t('Waits for a row')}</dt><dd>${num(h.database.lockWaits)}</dd><dt>${t('Slow statements')}</dt><dd>${num(h.database.slow)}</dd></dl></section>
		${machines(h)}${outside(h)}${backups(h)}${jobs(h)}${calls(h)}`)}
	<section class="card"><div class="row wrap between"><h2>${t('Installation')}</h2><button class="btn" type="button" @click=${() => doctor.load()}>${t('Look again')}</button></div>${shown(doctor, checks)}</section></div>`
	return { title: t('Health'), view, dispose: stop }
}
