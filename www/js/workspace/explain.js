// SPDX-License-Identifier: GPL-3.0-or-later
// Questions about a plan that a job answers: asked, waited for, answered.
import { api } from '../core/api.js'

/** @typedef {import('../core/http.js').Problem} Problem */
/** @typedef {import('../plan/store.js').Store} Store */

/** The draft in hand, or else the version that is shown. @param {Store} s */
export const subject = (s) => {
	const session = s.session.peek(), version = s.plan.peek()?.version
	return session ? { sessionId: session.id } : version ? { versionId: version } : {}
}

/**
 * @template T
 * @param {number} planId @param {Record<string, unknown>} question @param {{gone?: () => boolean, onJob?: (id: number) => void}} [o] `gone` stops the waiting
 * @returns {Promise<[T, null] | [null, Problem | null]>}
 */
export async function explain(planId, question, o = {}) {
	const [asked, failed] = await api.explain(planId, question)
	if (!asked)
		return [null, failed]
	o.onJob?.(asked.jobId)
	return jobEnd(asked.jobId, o.gone)
}

/** Waits for a job: its result, or why there is none. @param {number} id @param {() => boolean} [gone] @returns {Promise<[any, null] | [null, Problem | null]>} */
export async function jobEnd(id, gone) {
	while (!gone?.()) {
		const [job, trouble] = await api.job(id)
		if (trouble && trouble.status && trouble.status < 500)
			return [null, trouble]
		if (job?.state === 'done')
			return [job.result, null]
		if (job?.error)
			return [null, { status: 0, correlationId: '', ...job.error }]
		if (job?.state === 'cancelled')
			return [null, null]
		await new Promise((done) => setTimeout(done, 300))
	}
	return [null, null]
}
