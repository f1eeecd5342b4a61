// SPDX-License-Identifier: GPL-3.0-or-later
import { after } from 'node:test'
import { stop } from './lib.mjs'
await import('./together.mjs')
await import('./stores.mjs')
await import('./lockset.mjs')
after(stop)
