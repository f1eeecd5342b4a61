// SPDX-License-Identifier: GPL-3.0-or-later
// What is done by the clock: when it last was, what became of it, and having it done now.
import { html, nothing } from '../core/html.js'
import { api } from '../core/api.js'
import { ago, elapsed, instant, t } from '../core/i18n.js'
import { capital, poll, resource, shown, toast, toastProblem } from './ui.js'

export function schedules() {
	const list = resource(api.schedules)
	void list.load()
	const stop = poll(() => list.load(), 10000)
	/** @param {string} name */
	const run = async (name) => {
		const [, failed] = await api.runSchedule(name)
		if (failed)
			toastProblem(failed)
		else
			toast(t('The worker begins within seconds'))
		await list.load()
	}
	/** @param {import('../core/api.js').Schedule} x */
	const became = (x) => (x.problem ? html`<span class="up">${x.problem}</span>` : x.took !== null ? t('done in {time}', { time: elapsed(x.took / 1000) }) : x.begunAt ? t('running') : '–')
	const view = () => shown(list, (l) => (l.items.length ? html`<section class="card tight"><h2 class="pad">${t('By the clock')}</h2><div class="table-wrap" tabindex="0"><table class="table stack"><caption class="sr">${t('By the clock')}</caption><thead><tr><th>${t('What')}</th><th>${t('Last')}</th><th>${t('Outcome')}</th><th>${t('Next')}</th><th></th></tr></thead>
		<tbody>${l.items.map((x) => html`<tr><td>${capital(t(x.what))}</td><td data-label=${t('Last')}>${x.begunAt ? html`<span class="two"><span title=${instant(x.begunAt)}>${ago(x.begunAt)}</span><small class="faint">${x.machine}</small></span>` : '–'}</td><td data-label=${t('Outcome')}>${became(x)}</td>
			<td data-label=${t('Next')}>${instant(x.nextAt)}</td><td class="actions"><button class="btn small" aria-label=${t('Run now: {what}', { what: t(x.what) })} @click=${() => run(x.name)}>${t('Run now')}</button></td></tr>`)}</tbody></table></div></section>` : nothing))
	return { view, dispose: stop }
}
