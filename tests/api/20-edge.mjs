// SPDX-License-Identifier: GPL-3.0-or-later
// The web edge: headers, limits, methods, correlation ids, ETags, older addresses.

const security = {
	'content-security-policy': "^default-src 'self'.*object-src 'none'.*frame-ancestors 'none'",
	'x-content-type-options': '^nosniff$', 'referrer-policy': '^same-origin$', 'cross-origin-opener-policy': '^same-origin$',
}

export const steps = [
	{ name: 'replies carry the security headers', as: 'admin', get: '/auth/me', header: { ...security, 'cache-control': '^no-store$', server: '^nginx$' } },
	{ name: 'so do refusals', get: '/auth/me', status: 401, header: security },
	{ name: 'so do the files of the screens', get: '=/gen/api.js', header: { ...security, 'content-type': '^text/javascript' } },
	{ name: 'an unknown address', as: 'admin', get: '/no/such/thing', status: 404, code: 'ERR_REQ_001', json: { correlationId: /^t-/ } },
	{ name: 'an unknown address is no secret', get: '/no/such/thing', status: 404, code: 'ERR_REQ_001' },
	{ name: 'a number that is none', as: 'admin', get: '/users/abc', judge: false, status: 404, code: 'ERR_REQ_001' },
	{ name: 'a number beyond all numbers', as: 'admin', get: '/users/99999999999999999999999', judge: false, status: 404, code: 'ERR_REQ_001' },
	{ name: 'a trailing slash is another address', as: 'admin', get: '/users/', status: 404, code: 'ERR_REQ_001' },
	{ name: 'a method that the address does not know', as: 'admin', put: '/auth/me', status: 405, code: 'ERR_REQ_002', judge: false },
	{ name: 'the private folder of snapshots is not for browsers', get: '=/private/snapshots/x', status: 404 },
	{ name: 'nothing above the web folder can be read', get: '=/..%2f..%2f..%2fbeatplan.conf', status: 400, check: (r) => /password/.test(r.text) && r.text },
	{ name: 'a file that is not there', get: '=/no/such/file.js', status: 404 },
	{
		name: 'a correlation id of ours is made when none is given', get: '/healthz', judge: false, headers: { 'X-Correlation-Id': null },
		header: { 'x-correlation-id': '^[0-9a-f]{24}$' },
	},
	{
		name: 'an odd correlation id is not taken over', get: '/healthz', judge: false, headers: { 'X-Correlation-Id': 'a b"<script>' },
		header: { 'x-correlation-id': '^[0-9a-f]{24}$' },
	},
	{ name: 'a body that is no JSON', post: '/auth/login', raw: '{"username": "a"', headers: { 'Content-Type': 'application/json' }, status: 400, code: 'ERR_REQ_003', json: { detail: /line 1/ } },
	{ name: 'an empty body', post: '/auth/login', raw: '', headers: { 'Content-Type': 'application/json' }, status: 400, code: 'ERR_REQ_003' },
	{ name: 'a key that stands twice', post: '/auth/login', raw: '{"username":"a","username":"b","password":"c"}', headers: { 'Content-Type': 'application/json' }, status: 400, code: 'ERR_REQ_003' },
	{ name: 'bytes that are no UTF-8', post: '/auth/login', raw: Buffer.from([0x22, 0xff, 0xfe, 0x22]), headers: { 'Content-Type': 'application/json' }, status: 400, code: 'ERR_REQ_003' },
	{ name: 'a body that is no object', post: '/auth/login', body: [1], status: 422, code: 'ERR_REQ_004' },
	{ name: 'a thousand brackets', post: '/auth/login', raw: '['.repeat(5000), headers: { 'Content-Type': 'application/json' }, status: 400, code: 'ERR_REQ_003' },
	{ name: 'a media type that is not JSON', post: '/auth/login', raw: 'username=a', headers: { 'Content-Type': 'application/x-www-form-urlencoded' }, status: 415, code: 'ERR_REQ_007' },
	{ name: 'a query value that is no UTF-8 is told, not passed over', as: 'admin', get: '/users?q=%FF%FE', status: 422, code: 'ERR_REQ_004', fields: ['/q'] },
	{ name: 'nor is a query field whose name is none', as: 'admin', get: '/users?q%FF=a', status: 422, code: 'ERR_REQ_004' },
	{ name: 'every bad field is named at once', post: '/auth/login', body: { username: 5, colour: 'red' }, status: 422, code: 'ERR_REQ_004', fields: ['/username', '/password', '/colour'] },
	{ name: 'a sign-in larger than 64 KiB', post: '/auth/login', raw: ' '.repeat(70000), headers: { 'Content-Type': 'application/json' }, status: 413, code: 'ERR_REQ_005', judge: false, header: { 'x-correlation-id': '^[0-9a-f]{32}$' } },
	{ name: 'a body beyond what nginx takes', as: 'admin', post: '/users', raw: ' '.repeat(6 << 20), headers: { 'Content-Type': 'application/json' }, status: 413, code: 'ERR_REQ_005', judge: false, header: { 'x-correlation-id': '^[0-9a-f]{32}$' } },
	{ name: 'a header line that is too long', get: '/healthz', headers: { 'X-Long': 'x'.repeat(20000) }, status: 400, judge: false },
	{ name: 'a reply has an ETag', as: 'admin', get: '/roles', header: { etag: '^(W/)?"[0-9a-f]{32}"$' }, save: { etag: (r) => r.headers.get('etag') } },
	{
		name: 'which saves sending it again', run: async ({ client, saved }) => {
			const r = await client.call({ as: 'admin', path: '/roles', headers: { 'If-None-Match': saved.etag } })
			return [r.status !== 304 && `status ${r.status}`, r.bytes.length && `${r.bytes.length} bytes`]
		},
	},
	{ name: 'another ETag does not', as: 'admin', get: '/roles', headers: { 'If-None-Match': '"00000000000000000000000000000000"' } },
	{ name: 'long replies are compressed', as: 'admin', get: '/roles', headers: { 'Accept-Encoding': 'gzip' }, header: { 'content-encoding': '^gzip$' } },
	{ name: 'the document of the interface is there', get: '=/api/v1/openapi.json', json: { openapi: /^3\.1/ } },
]
