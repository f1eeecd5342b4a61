// SPDX-License-Identifier: GPL-3.0-or-later
// At the end: every operation ran, and every error it declares was provoked - but for those listed here with a reason.
import { declared } from './client.mjs'

/** [operation or *, code or 200, why it is not provoked by these tests] */
const excused = [
	['*', 'ERR_SYS_001', 'an internal error is a defect of ours; there is none to provoke'],
	['*', 'ERR_SYS_002', 'chaos.mjs stops the database and asks every operation'],
	['*', 'ERR_SYS_004', 'chaos.mjs fills the disk'],
	['*', 'ERR_AUTH_011', 'one counter before all operations: 31-programs.mjs runs into it'],
	['*', 'ERR_REQ_008', 'one question before all operations: 21-once.mjs asks'],
	['*', 'ERR_REQ_009', 'one question before all operations: 21-once.mjs asks'],
	['*', 'ERR_AUTH_010', 'one question before all operations: 96-settings.mjs sets it'],
	...['login', 'token', 'refresh', 'reset', 'reset/confirm'].map((o) => [`POST /auth/${o}`, 'ERR_REQ_005', 'nginx refuses it before we see it: 20-edge.mjs asks']),
	['POST /import/files/{id}/hierarchy/model', 'ERR_IMPORT_001', 'these bytes were read when they came: only what is damaged on the disk since cannot be read again'],
	['PUT /import/uploads', 'ERR_REQ_005', 'nginx refuses it before we see it: 90-limits.mjs asks'],
	['POST /import/uploads', 'ERR_REQ_005', 'nginx refuses it before we see it: 90-limits.mjs asks'],
	...['POST /import/watches', 'PUT /import/watches/{id}'].map((o) => [o, 'ERR_DATA_004', 'said where no folder is configured: the servers of the tests have one']),
	['POST /import/sessions/{id}/rows', 'ERR_REQ_005', 'nginx refuses it before we see it: as uploads, which 90-limits.mjs asks'],
	...['POST /import/sessions/{id}/rows', 'POST /import/transfers', 'PATCH /import/transfers/{id}', 'PUT /import/deliver/{ticket}', 'POST /import/deliver/{ticket}',
		'PATCH /import/deliver/{ticket}/transfer'].map((o) => [o, 'ERR_REQ_006', 'whoever went away does not read the reply: 42-upload.mjs looks at what was kept']),
	['POST /territories/{id}/boundaries', 'ERR_OPT_002', 'said beyond 200,000 outlets: the tests have no so many'],
	['GET /territories/{id}/boundaries/outside', 'ERR_OPT_002', 'said beyond the outlets of a map: the tests have no so many'],
	['POST /import/files/{id}/corrections', 'ERR_REQ_006', 'whoever went away does not read the reply'],
	['PUT /import/uploads', 'ERR_REQ_006', 'whoever went away does not read the reply: 40-import.mjs looks into the log'],
	['POST /import/uploads', 'ERR_REQ_006', 'whoever went away does not read the reply: 40-import.mjs looks into the log'],
]
const isExcused = (name, code) => excused.some(([op, c]) => (op === '*' || op === name) && c === code)

export function coverage(client) {
	const never = [], unprovoked = []
	for (const { name, op } of client.operations) {
		const seen = client.seen.get(name)
		if (!seen.has('200') && !isExcused(name, '200'))
			never.push(name)
		for (const { code } of declared(op))
			if (!seen.has(code) && !isExcused(name, code))
				unprovoked.push(`${name}: ${code}`)
	}
	const idle = excused.filter(([op, code]) => op !== '*' && client.seen.get(op)?.has(code)).map(([op, code]) => `${op}: ${code} was provoked`)
	return [
		{ name: 'coverage: every operation has answered with success', wrong: never },
		{ name: 'coverage: every declared error was provoked', wrong: unprovoked },
		{ name: 'coverage: no excuse stands for an error that was provoked', wrong: idle },
	]
}
