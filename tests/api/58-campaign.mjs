// SPDX-License-Identifier: GPL-3.0-or-later
// The campaign of trust.mjs at a small size.
import { campaign } from './trust.mjs'

export const steps = ({ client }) => campaign({ client, size: 4, seed: 3, counts: {} })
