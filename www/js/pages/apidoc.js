// SPDX-License-Identifier: GPL-3.0-or-later
// The interface for programs: every operation, its fields, errors and examples, and what it answers to the reader.
import { cls, computed, css, effect, html, keyed, nothing, signal } from '../core/html.js'
import { call, look, queryString } from '../core/http.js'
import { bytes, num, t, tn } from '../core/i18n.js'
import { permissionName } from '../core/permissions.js'
import { place, setQuery } from '../core/router.js'
import { me } from '../core/session.js'
import { curl, example, fieldsOf, found, limitsOf, operationsOf, typeOf } from '../apidoc/document.js'
import { icon } from '../components/icons.js'
import { capital, copy, empty, problemNotice, resource, shown } from '../components/ui.js'

/** @typedef {import('../apidoc/document.js').Operation} Operation */
const MOST = 200000

/** @param {string} scope */
const scopeWords = (scope) => ({
	public: t('Nobody needs to be signed in.'), self: t('Whoever is signed in may call it.'), anywhere: t('The permission must be held somewhere; the reply holds what one may see.'), world: t('The permission must be held everywhere.'),
	territory: t('The permission must be held on the territory of the path.'), plan: t('The permission must be held on the territory of the plan.'), session: t('The permission must be held on the territory of the draft.'),
	outlet: t('The permission must be held on the territory of the outlet.'), job: t('The permission must be held on the territory of the job, or the job is one’s own.'),
}[scope] ?? scope)

/** @param {string} text */
const pretty = (text) => {
	try {
		return JSON.stringify(JSON.parse(text), null, 2)
	} catch {
		return text
	}
}

export function page() {
	const doc = resource(() => call('GET', '/openapi.json'))
	void doc.load()
	const unfolded = signal(/** @type {ReadonlySet<string>} */ (new Set()))
	const answer = signal(/** @type {import('../core/http.js').Answer<import('../core/http.js').Reply> | null} */ (null)), busy = signal(false)
	/** @type {Record<string, string>} what the reader typed into "try it" */
	let values = {}
	const all = computed(() => (doc.data.value ? operationsOf(doc.data.value) : []))
	let last = '', turn = 0
	const stop = effect(() => {
		const { hash } = place.value
		if (hash === last)
			return
		last = hash
		turn++
		values = {}
		answer.value = null
		busy.value = false
		unfolded.value = new Set()
		setTimeout(() => document.getElementById('operation')?.focus())
	})

	/** @param {KeyboardEvent} e */
	const keys = (e) => {
		const at = e.target
		if (e.key === '/' && !e.ctrlKey && !e.metaKey && !(at instanceof HTMLInputElement || at instanceof HTMLSelectElement)) {
			e.preventDefault()
			document.getElementById('api-q')?.focus()
		} else if ((e.key === 'ArrowDown' || e.key === 'ArrowUp') && at instanceof HTMLElement && at.closest('.api-list')) {
			const stops = /** @type {HTMLElement[]} */ ([...document.querySelectorAll('#api-q, .api-list a')])
			e.preventDefault()
			stops[stops.indexOf(at) + (e.key === 'ArrowDown' ? 1 : -1)]?.focus()
		} else if (e.key === 'Enter' && at instanceof HTMLInputElement && at.id === 'api-q') {
			const first = /** @type {HTMLAnchorElement | null} */ (document.querySelector('.api-list a'))
			first?.click()
		}
	}
	addEventListener('keydown', keys)

	const list = () => {
		const hits = found(all.value, place.value.query.q ?? '')
		const tags = [...new Set(hits.map((o) => o.tag))]
		return html`<nav class="api-list col" aria-label=${t('Operations')}>
		<div class="search">${icon('search')}<input id="api-q" class="input" type="search" maxlength="100" autocomplete="off" aria-keyshortcuts="/" aria-label=${t('Path, word, permission or error code')} placeholder=${t('Path, word, permission or error code')}
			.value=${place.value.query.q ?? ''} @input=${(/** @type {any} */ e) => setQuery({ q: e.target.value })}></div>
		<small class="faint" role="status">${tn('{n} operation', '{n} operations', hits.length)}</small>
		<div class="api-tags">${tags.map((tag) => html`<h2 class="label">${tag}</h2><ul>${hits.filter((o) => o.tag === tag).map((o) => html`<li><a href=${'#' + o.id} aria-current=${place.value.hash === o.id ? 'true' : nothing}>
			<span class="api-line"><b class=${'verb ' + o.method.toLowerCase()}>${o.method}</b> <code class=${cls(o.deprecated && 'old')}>${o.path}</code></span><small class="muted">${o.summary}</small></a></li>`)}</ul>`)}</div></nav>`
	}
	/** @param {string} title @param {string} text @param {string} [id] */
	const code = (title, text, id) => html`<div class="col tight"><div class="row between"><h3>${title}</h3><button class="btn small" aria-label=${t('Copy {what}', { what: title })} @click=${() => copy(text)}>${t('Copy')}</button></div><pre class="code" tabindex="0" id=${id ?? nothing}>${text}</pre></div>`

	/** @param {string} title @param {string} kind @param {import('../apidoc/document.js').Schema} schema */
	const fields = (title, kind, schema) => {
		const rows = fieldsOf(doc.data.value, schema, (key) => unfolded.value.has(kind + key))
		return rows.length ? html`<section class="card tight"><h2 class="pad">${title}</h2><div class="table-wrap" tabindex="0"><table class="table stack"><thead><tr><th>${t('Field')}</th><th>${t('Type')}</th><th>${t('Limits')}</th><th>${t('What it is')}</th></tr></thead>
			<tbody>${rows.map((f) => html`<tr><td class="indent" ${css({ '--depth': f.depth })}>${f.inner ? html`<button class="btn small quiet icon-only" aria-expanded=${unfolded.value.has(kind + f.key)} aria-label=${t('Fields of {name}', { name: f.name })} @click=${() => {
				const next = new Set(unfolded.peek())
				if (!next.delete(kind + f.key))
					next.add(kind + f.key)
				unfolded.value = next
			}}>${unfolded.value.has(kind + f.key) ? '−' : '+'}</button>` : nothing}<code class=${cls(f.deprecated && 'old')}>${f.name}</code>${f.required ? html` <span class="chip accent">${t('required')}</span>` : nothing}</td>
			<td data-label=${t('Type')}><code>${f.type}</code>${f.nullable ? html` <small class="muted">${t('or null')}</small>` : nothing}</td><td class=${f.limits.length ? '' : 'void'} data-label=${t('Limits')}><small>${f.limits.join(', ')}</small></td><td data-label=${t('What it is')}>${f.description}</td></tr>`)}</tbody></table></div></section>` : nothing
	}

	/** @param {Operation} o */
	const run = async (o) => {
		const mine = ++turn
		busy.value = true
		const path = o.path.replace(/\{(\w+)\}/g, (_all, name) => encodeURIComponent(values['path ' + name] ?? ''))
		const got = await look(path + queryString(Object.fromEntries(o.parameters.filter((p) => p.in === 'query').map((p) => [p.name, values['query ' + p.name]]))))
		if (mine !== turn)
			return
		answer.value = got
		busy.value = false
	}
	/** @param {import('../apidoc/document.js').Parameter} p */
	const input = (p) => {
		const id = `try-${p.in}-${p.name}`, key = `${p.in} ${p.name}`
		const choices = p.schema.enum ?? p.schema.anyOf?.find((/** @type {any} */ s) => s.enum)?.enum
		const set = (/** @type {any} */ e) => {
			values[key] = e.target.value
		}
		return html`<div class="field"><label for=${id}>${p.name}${p.required ? ' *' : ''}</label>${choices ? html`<select id=${id} class="input" ?required=${p.required} @change=${set}><option value=""></option>${choices.map((/** @type {string} */ c) => html`<option>${c}</option>`)}</select>`
			: html`<input id=${id} class="input" maxlength="500" autocomplete="off" ?required=${p.required} @input=${set}>`}</div>`
	}
	const answered = () => {
		const [reply, failed] = answer.value ?? [null, null]
		if (failed)
			return problemNotice(failed)
		if (!reply)
			return nothing
		const text = pretty(reply.text.slice(0, MOST))
		return html`<div class="row wrap" role="status"><span id="try-status" class=${cls('chip', reply.status < 400 ? 'good' : 'bad')}>${reply.status}</span><span class="muted">${t('{n} ms', { n: num(reply.ms) })} · ${bytes(reply.text.length)} · ${reply.type}</span><small class="faint">${t('Correlation id')} <code>${reply.correlationId}</code></small></div>
		${reply.text.length > MOST ? html`<p class="muted">${t('Only the beginning is shown.')}</p>` : nothing}${code(t('Reply'), text, 'try-reply')}`
	}
	/** @param {Operation} o */
	const attempt = (o) => (o.method !== 'GET' || o.reply?.media === 'text/event-stream' ? nothing : html`<section class="card col"><h2>${t('Try it')}</h2>
		${o.open || me.value ? html`<p class="muted">${me.value ? t('Asks with your own session: you see what you may see.') : t('Asks without a session.')}</p>
		<form class="col" @submit=${(/** @type {Event} */ e) => {
			e.preventDefault()
			void run(o)
		}}>${o.parameters.length ? html`<div class="grid-2">${o.parameters.map((p) => input(p))}</div>` : nothing}<div class="row"><button class="btn primary" ?disabled=${busy.value}>${t('Ask')}</button></div></form>${answered()}`
		: html`<p class="muted">${t('Sign in to ask with your own session.')}</p>`}</section>`)

	/** @param {Operation} o */
	const detail = (o) => {
		const d = doc.data.value
		const address = `${location.origin}/api/v1`
		return html`<article class="api-detail col gap-l" aria-labelledby="operation"><a class="api-back" href="#">${t('All operations')}</a>
		<header class="col tight"><h1 id="operation" tabindex="-1">${o.summary}</h1><div class="api-line"><b class=${'verb ' + o.method.toLowerCase()}>${o.method}</b> <code>/api/v1${o.path}</code></div><small class="faint"><code>${o.id}</code></small></header>
		${o.deprecated ? html`<div class="notice warn">${icon('warn')}<p>${o.sunset ? t('On its way out: it stays until {day}.', { day: o.sunset }) : t('On its way out.')}</p></div>` : nothing}
		<section class="card col"><h2>${t('Who may call it')}</h2>${o.permission ? html`<p>${permissionName(o.permission) === o.permission ? nothing : html`<b>${capital(permissionName(o.permission))}</b> `}<code>${o.permission}</code></p>` : nothing}<p>${scopeWords(o.scope)}</p>${o.person ? html`<p>${t('Only a person who is signed in by a browser; no key and no token.')}</p>` : nothing}${o.unkeyed ? html`<p>${t('Takes no Idempotency-Key: {why}.', { why: o.unkeyed })}</p>` : nothing}</section>
		${o.parameters.length ? html`<section class="card tight"><h2 class="pad">${t('Parameters')}</h2><div class="table-wrap" tabindex="0"><table class="table stack"><thead><tr><th>${t('Name')}</th><th>${t('Type')}</th><th>${t('Limits')}</th><th>${t('What it is')}</th></tr></thead>
			<tbody>${o.parameters.map((p) => html`<tr><td><code>${p.name}</code> <span class="chip">${p.in}</span>${p.required ? html` <span class="chip accent">${t('required')}</span>` : nothing}</td><td data-label=${t('Type')}><code>${typeOf(d, p.schema)}</code></td><td class=${limitsOf(d, p.schema).length ? '' : 'void'} data-label=${t('Limits')}><small>${limitsOf(d, p.schema).join(', ')}</small></td><td class=${p.description ? '' : 'void'} data-label=${t('What it is')}>${p.description ?? ''}</td></tr>`)}</tbody></table></div></section>` : nothing}
		${o.body ? fields(t('Body'), 'body', o.body.schema) : nothing}
		${o.reply ? fields(t('Reply'), 'reply', o.reply.schema) : nothing}
		<section class="card col"><h2>${t('Examples')}</h2>${o.person ? nothing : code(t('Call'), curl(d, o, address), 'curl')}
			${o.body?.media === 'application/json' ? code(t('Example body'), JSON.stringify(example(d, o.body.schema), null, 2), 'example-body') : nothing}
			${o.reply?.media === 'application/json' ? code(t('Example reply'), JSON.stringify(example(d, o.reply.schema), null, 2), 'example-reply') : html`<p class="muted">${o.status} ${o.reply?.media ?? t('without a body')}</p>`}</section>
		${attempt(o)}
		<section class="card tight"><h2 class="pad">${t('Errors')}</h2><div class="table-wrap" tabindex="0"><table class="table stack"><thead><tr><th>${t('Code')}</th><th>${t('Status')}</th><th>${t('Message')}</th></tr></thead>
			<tbody>${o.failures.map((f) => html`<tr><td><code>${f.code}</code></td><td data-label=${t('Status')}>${f.status}</td><td data-label=${t('Message')}>${f.message}</td></tr>`)}</tbody></table></div></section></article>`
	}
	const welcome = () => html`<div class="api-detail col"><h1>${t('Interface for programs')}</h1><p class="muted">${t('Every operation of the interface, made from the programs themselves. Choose one, or type / to search.')}</p>
		<p><a class="btn" download href="/api/v1/openapi.json">${icon('export')}${t('OpenAPI document')}</a></p></div>`
	const view = () => {
		const chosen = place.value.hash
		return html`<div class="page api-page">${me.value ? nothing : html`<header class="row between"><a class="brand" href="/login?next=%2Fapi%2Fdocs"><img src="/img/beatplan.svg" alt=""><span>Beatplan</span></a><a class="btn" href=${`/login?next=${encodeURIComponent('/api/docs')}`}>${t('Sign in')}</a></header>`}
		${shown(doc, () => {
			const o = all.value.find((x) => x.id === chosen)
			return html`<div class=${cls('api', chosen && 'chosen')}>${list()}${o ? keyed(o.id, detail(o)) : chosen ? html`<div class="api-detail"><a class="api-back" href="#">${t('All operations')}</a>${empty('search', t('There is no such operation'), t('The link may be old, or mistyped.'))}</div>` : welcome()}</div>`
		})}</div>`
	}
	return {
		title: t('Interface for programs'), view,
		dispose: () => {
			stop()
			removeEventListener('keydown', keys)
		},
	}
}
