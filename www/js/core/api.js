// SPDX-License-Identifier: GPL-3.0-or-later
// One function per endpoint, named after what it does.  Each answers [data, null] or [null, problem] (see http.js).
import { base, call, queryString } from './http.js'

/** @typedef {import('./http.js').Problem} Problem */
/** @template T @typedef {import('./http.js').Answer<T>} Answer */
/** @template T @typedef {{items: T[], next: string | null, total?: number}} List */

/** @typedef {{id: number, username: string, name: string, email: string | null, locale: string, role: string}} Self */
/** @typedef {{territoryId: number | null, territoryName?: string | null, role: string}} Scope */
/** @typedef {{user: Self, csrf: string, permissions: string[], worldPermissions: string[], scopes: Scope[], off: string[], levelNames: {code: string, name: string}[], mapPoints: number, demo: boolean, viewer: string | null, secondFactor: boolean, secondFactorAsked: boolean, temporaryUntil: string | null}} Me */
/** @typedef {{id: number, username: string, name: string, email: string | null, locale: string, active: boolean, lastLogin: string | null, secondFactor: boolean, signIns: number, programs: number, locked: number, scopes: Scope[]}} User */
/** @typedef {{id: number, since: string, lastSeen: string, address: string, agent: string, current: boolean}} SignIn */
/** @typedef {{id: number, name: string, createdAt: string, expiresAt: string, lastUsed: string | null, lastAddress: string, ended: string | null}} TokenRow */
/** @typedef {{id: number, accessToken: string, refreshToken: string, expiresIn: number}} Grant */
/** @typedef {{id: number, name: string, hint: string, permissions: string[], territoryId: number | null, territory: string | null, createdAt: string, expiresAt: string | null, lastUsed: string | null, lastAddress: string}} KeyRow */
/** @typedef {{role: string, label: string, permissions: string[]}} Role */
/** @typedef {{field: string, old: unknown, new: unknown}} Change */
/** @typedef {{checks: {name: string, verdict: string, what: string, detail: string, mend: string}[]}} SystemDoctor */
/** @typedef {{alarms: {name: string, grave: string, text: string, machine: string | null, sounds: boolean, since: string | null, toldAt: string | null, told: string[]}[], duties: {name: string, target: string, machine: string, at: string, okAt: string | null, failedAt: string | null, failures: number, error: string}[], givenUp: number, diskFree: number, diskSize: number, disks: {folders: string[], free: number, size: number, full: boolean}[], memories: {of: string, free: number, size: number, full: boolean}[], certificateEnds?: string | null, lately: {minutes: number, n: number, failed: number, p95: number | null, p99: number | null}, machines: {machine: string, runs: string, version: string, seenAt: string, quiet: boolean, obeys: boolean}[], maintenance?: {since: string, by: string} | null, databases: {host: string, follows: boolean, lag: number | null, behind: boolean, error: string, lookedAt: string}[], sessions: number, drafts: number, locks: number, outbox: number, auditWaiting: number, database: {version: string, uptime: number, connections: number, connectionsMost: number, deadlocks: number, lockWaits: number, slow: number}, pools: {name: string, threads: number, busy: number}[], jobs: {kind: string, state: string, n: number, oldest: number | null}[], calls: {at: string, endpoint: string, status: number, seconds: number, correlation: string}[], backupsWanted: boolean, backups: {id: number, dir: string, state: string, bytes: number, detail: string, startedAt: string, endedAt: string | null, pushedTo: string, pushBegunAt: string | null, pushedAt: string | null, pushFailures: number, pushError: string, pushBytes: number, pushSha256: string}[], drill: {dir: string, state: string, detail: string, plans: number, tables: number, rows: number, events: number, startedAt: string, endedAt: string} | null, drillNextAt: string | null}} SystemHealth */
/** @typedef {{name: string, type: 'NUMBER' | 'ADDRESS' | 'SWITCH', area: string, what: string, unit: string, least: number | null, most: number | null, value: string, default: string, change: number, user: string | null, at: string | null, reason: string | null}} Setting */
/** @typedef {{change: number, value: string | null, reason: string, reverts: number | null, user: string | null, at: string}} SettingChange */
/** @typedef {{id: number, at: string, user: string | null, action: string, label: string, resourceType: string | null, resourceId: string | number | null, territory: string | null, reason: string | null, ip: string | null, agent: string, channel: string, session: number, correlation: string, changes: Change[]}} AuditEvent */

/** @typedef {{channel: string, userId: number, user: string, since: string, lastSeen: string, stale: boolean, mine: boolean, sessionId: number | null}} Lock */
/** @typedef {{id: number, code: string, name: string, planned: boolean, levels: string[], levelNames: string[], named: {at: string, person: string | null, reason: string} | null, territories: number, outlets: number}} TerritoryModel */
/** @typedef {{lockId: number, territoryId: number, name: string, channel: string, since: string, lastSeen: string, setId: number | null}} OwnLock */
/** @typedef {{id: number, code: string, name: string, level: string, parentId: number | null, unit: boolean, modelId: number, outlets: number, placed: number, visits: number | null, hours: number | null, seats: number, partners: number, warning: string | null, warningLimit: number | null, plan: {id: number, channel: string, version: number | null, committedAt: string | null, unserved: number} | null, locks: Lock[], snapshot: string | null, path?: {id: number, name: string}[], bounds?: [number, number, number, number] | null}} Territory */
/** @typedef {{lockId: number, status: string, units: number[], refused: {territoryId: number, name: string, holder: string, since: string, lastSeen: string}[]}} LockReply */
/** @typedef {{name: string, type: string, value: number | null, valueText: string | null, valueDefault: number | null, least: number, most: number, own: boolean, what: string, why: string}} Param */
/** @typedef {{territoryId: number, channel: string, params: Param[]}} Profile */
/** @typedef {{territoryId: number, territory: string | null, day: string, name: string, own: boolean}} Holiday */
/** @typedef {{id: number, code: string, name: string, address: string | null, city: string | null, postcode: string | null, lat: number | null, lon: number | null, channel: string, tier: string | null, status: string, territoryId: number | null, territory: string | null, partner: string | null, account: string | null, salesVolume: number | null, visitsPer4Weeks: number | null}} Outlet */
/** @typedef {Outlet & {phone: string | null, salesModel: string | null, fulfilment: string | null, merchandising: boolean | null, owner: string, email: string, taxNo: string, since: string | null, firstSeen: number | null, lastSeen: number | null, closedDays: number, volumeFromSales: boolean, due: {date: string, last: string | null, imported: boolean, late: boolean, every: number | null, spread: number, gaps: number, score: number} | null, members: {modelId: number, code: string, model: string, territoryId: number, path: string}[], windows: {weekday: number, opens: number, closes: number, hard: boolean}[], needs: {id: number, line: string, visitsPer4Weeks: number | null, serviceMinutes: number | null, partner: string | null, seat: string | null, value: number | null, mandatory: boolean, days: {date: string, seat: string}[]}[], edits: {field: string, source: string | null, person: string | null, at: string}[], changes: (Change & {at: string, kind: string, import: number | null, person: string | null, reason: string})[]}} OutletDetail */
/** @typedef {{field: string, wins: string, edits: number}} FieldPolicy */
/** @typedef {{id: number, code: string, name: string, lat: number | null, lon: number | null, outlets: number, address: string, city: string, postcode: string, phone: string, email: string, taxNo: string}} Partner */
/** @typedef {{id: number, number: string, seller: string, date: string, outletId: number | null, outlet: string | null, storeBy: string, outletCode: string, outletName: string, currency: string, salesperson: string, lines: number, net: number, tax: number, gross: number}} Invoice */
/** @typedef {{line: number | null, product: string | null, name: string | null, quantity: number | null, unit: string, unitPrice: number | null, discount: number | null, net: number, tax: number, gross: number}} InvoiceLine */
/** @typedef {{month: string, amount: number | null, quantity: number | null, invoices: number, invoiced: number | null}} SalesMonth */
/** @typedef {{months: number, wins: string, newest: string | null}} SalesRule */
/** @typedef {{id: number, code: string, name: string, parent: string | null, parentName: string | null, outlets: number}} Account */
/** @typedef {{rank: number, name: string, aliases: string}} Tier */
/** @typedef {{id: number, outletId: number, outletCode: string, outlet: string, list: string, seat: string | null, territoryId: number | null, territory: string | null, from: string | null, to: string | null, reason: string, import: number}} ListEntry */
/** @typedef {{id: number, seatId: number, seatCode: string, person: string | null, from: string, to: string | null, kind: string, relief: string, note: string}} Absence */
/** @typedef {{id: number, code: string, name: string, person: string | null, personSince: string | null, personUntil: string | null, successor: string | null, successorFrom: string | null, vehicle: string | null, territoryId: number | null, territory: string | null, channel: string, lat: number | null, lon: number | null, shiftStart: number | null, shiftMinutes: number | null, workWeekdays: number | null, maxCalls: number | null, partners: string[]}} SeatRow */

/** @typedef {{name: string, label: string, required: boolean, key: boolean, type: string, aliases: string[], example: string | null, help: string | null}} EntityColumn */
/** @typedef {{entity: string, label: string, columns: EntityColumn[]}} Entity */
/** @typedef {{read: number, inserted: number, updated: number, unchanged: number, rejected: number, duplicate: number, warnings: number}} Counts */
/** @typedef {import('../plan/mapping.js').Mapping} Mapping */
/** @typedef {{id: number, name: string, bytes: number, entity: string | null, encoding: string, delimiter: string, headerRow: number, rows: number | null, status: string, mapping: Mapping[], counts: Counts | null, mode: string, complete: boolean, match: string[], sha256: string | null, sameAs: {session: number, name: string, at: string} | null, rawGoneAt: string | null}} ImportFile */
/** @typedef {{id: number, name: string, status: string, createdAt: string, createdBy: string | null, completedAt: string | null, job: {id: number, state: string, percent: number, step: string | null, rowsDone?: number, rowsTotal?: number, rowsPerSecond?: number | null, secondsLeft?: number | null, ahead?: number} | null, limits: Limits, error: {code: string, message: string, detail: string | null} | null, files: ImportFile[], counts: Counts | null, waiting: {territoryId: number, territory: string, channel: string, version: number}[]}} ImportSession */
/** @typedef {{index: number, name: string, samples: string[], fill: number, target: string | null, confidence: number, reason: string | null}} PreviewColumn */
/** @typedef {{target: string, dayFirst: number, monthFirst: number, either: number, reading: string | null, whole: boolean}} DateOrder */
/** @typedef {{columns: PreviewColumn[], rows: string[][], encoding: string, delimiter: string, headerRow: number, entity: string | null, missing: string[], memory: {name: string, used: string, new: string[], missing: string[]} | null, dates: DateOrder[], asks: {target: string, value: string, readings: string}[]}} Preview */
/** @typedef {{before: string, after: string | null, problem: string | null}} Sample */
/** @typedef {{kind: string, label: string, value: boolean}} FixKind */
/** @typedef {{id: number, source: string, entity: string, rule: string, column: string | null, kind: string, from: string, to: string, remembered: boolean, rows: number, createdBy: string | null, createdAt: string, label: string}} Fix */
/** @typedef {{rule: string, column: string | null, severity: string, count: number, message: string, remedy: string, type: string | null, fixes: FixKind[], values: {value: string, suggestion: string, count: number}[]}} Cause */
/** @typedef {{file: number, row: number, before: string, after: string | null, rejectedBefore: boolean, rejectedAfter: boolean, problem: string | null}} BeforeAfter */
/** @typedef {{index: number, name: string, target: string | null, profile: {rows: number, filled: number, distinct: number, numbers: number, least: string | null, most: string | null, top: {value: string, n: number}[], patterns: {pattern: string, n: number}[]}}} ColumnProfile */
/** @typedef {{column: string | null, rule: string, severity: string, suggestion: string, message: string}} RowIssue */
/** @typedef {{row: number, cells: string[], issues: RowIssue[]}} BadRow */
/** @typedef {{rule: string, severity: string, usual: string, message: string, remedy: string, open: boolean, fixes: FixKind[]}} Rule */
/** @typedef {{file: number, row: number, column: string | null, rule: string, severity: string, value: string | null, suggestion: string | null, message: string}} Issue */
/** @typedef {{rule: string, column: string | null, severity: string, count: number, message: string}} IssueGroup */
/** @typedef {{id: number, code: string, name: string, city: string, territory: string | null, status: string, visits: number}} Vanished */
/** @typedef {{kind: string, code: string, name: string, lat: number, lon: number, fromLat: number | null, fromLon: number | null}} DeltaPlace */
/** @typedef {{new: number, changed: number, unchanged: number, vanished: number, moved: number, held: number, taken: number, action: string, visits: {territoryId: number, territory: string, channel: string, reason: string, outlets: number, visits: number}[], locked: {territoryId: number, territory: string, channel: string, by: string}[], sizes: {territoryId: number, territory: string, before: number, after: number}[], samples: {kind: string, code: string, name: string, changes: Change[]}[]}} Delta */

/** @typedef {{possible: boolean, problem: string | null, laterImports: number, counts: {table: string, field: string, back: number, kept: number}[], kept: {id: number, code: string, name: string}[]}} UndoReport */

/** @typedef {{id: number, kind: string, state: string, subject: number, territory: string | null, percent: number, step: string | null, progress: any, result: any, error: {code: string, message: string, detail: string | null} | null, by: string | null, createdAt: string, startedAt: string | null, finishedAt: string | null}} Job */
/** @typedef {{at: string, attempt: number, what: string, text: string}} JobEntry */
/** @typedef {{name: string, what: string, every: number, nextAt: string, begunAt: string | null, took: number | null, problem: string | null, machine: string}} Schedule */
/** @typedef {{lockId: number, territoryId: number, name: string, channel: string, holder: string | null, since: string, lastSeen: string, stale: boolean, setId: number | null}} HeldLock */
/** @typedef {{id: number, name: string, ownerId: number, owner: string, permissions: string[], territory: string | null, createdAt: string, expiresAt: string | null, lastUsed: string | null, lastAddress: string}} Program */
/** @typedef {{id: number, territoryId: number, channel: string, anchor: string, weeks: number, current: Version | null}} Plan */
/** @typedef {{id: number, number: number, kind: string, notes: string, createdAt: string, createdBy: string | null, calls: number, travelMinutes: number, km: number, unserved: number, planHash: string, committed: boolean, waits: boolean, effectiveDate: string | null, anchor: string, weeks: number, run: RunRecord | null}} Version */
/** @typedef {{id: number, kind: string, what: string, territoryId: number, territory: string | null, channel: string, from: string | null, text: string, at: string, seen: boolean}} Notice */
/** @typedef {{day: string, need: number, outlet: number, code: string, name: string, line: string}} DatedVisit */
/** @typedef {{outlet: number[], weekday: number[], opens: number[], closes: number[], hard: number[], next: string | null}} WindowColumns */
/** @typedef {{id: number, planId: number, territory: string | null, day: string, name: string, format: string, bytes: number, createdAt: string}} KeptFile */
/** @typedef {{seed: number, iterations: number, seconds: number, build: string, solverHash: string, travel: string, input?: string, request?: Record<string, any>}} RunRecord */
/** @typedef {{session: number, seq: number, at: string, user: string | null, kind: string, label: string, reason: string, reasonCode: string, reasonLabel: string | null, minutes: number, price: number | null, undone: boolean, override: boolean, rules: string[], needs: number[]}} LedgerEntry */
/** @typedef {{user: string | null, reasonCode: string, reasonLabel: string | null, changes: number, minutes: number, price: number}} LedgerSum */
/** @typedef {{outlet: number, code: string, name: string, n: number, overridden: number}} LedgerOutlet */
/** @typedef {{id: number, versionId: number | null, number: number | null, baseId: number | null, need: number | null, seat: number | null, day: number | null, text: string, user: string | null, mine: boolean, at: string}} Comment */
/** @typedef {{seat: number, code: string, name: string, person: string | null, calls: number, days: number, outlets: number, minutes: number, travelMinutes: number, overtimeMinutes: number, km: number, value: number, minutesPct: number, callsPct: number, valuePct: number}} Share */
/** @typedef {{id: number, code: string | null, name: string | null, removed: number, added: number, needs: number[], gone: number[]}} DiffGroup */
/** @typedef {{items: {outlet: number, code: string, name: string, visits: number, unit: string | null, until: string | null}[], outlets: number, dropped: number, next: string | null}} Departed */
/** @typedef {{seats: Share[], minutes: number, calls: number, value: number, minutesPct: number, callsPct: number, valuePct: number}} Fairness */
/** @typedef {{seat: number, day: number, order: number[]}} Arrangement */
/** @typedef {{need: number, seat: number, day: number, detour: number, days: {day: number, minutes: number, broken: string[]}[], options: {seat: number, day: number, minutes: number, after: number, within: number, others: number, tours: Arrangement[]}[], due: {date: string, imported: boolean, late: boolean, every: number, score: number, worth: number, counts: boolean} | null}} WhyHere */
/** @typedef {{need: number, missing: number, relax: {kind: string, amount: number, unit: string | null, kind2: string | null, amount2: number, seat: number | null, day: number | null, position: number | null, minutes: number}}} WhyNot */
/** @typedef {{id: number, planId: number, territoryId: number, channel: string, status: string, seq: number, baseVersion: number | null, openedAt: string, lastSavedAt: string | null}} PlanningSession */
/** @typedef {{calls: number, travelMinutes: number, serviceMinutes: number, overtimeMinutes: number, km: number, unserved: number, balancePct: number, seats: number}} Totals */
/** @typedef {{need: number[], day: number[], seat: number[], beat: (number | null)[], pos: number[], from: (string | null)[], to: (string | null)[]}} Visits */
/** @typedef {{seat: number[], day: number[], calls: number[], travel: number[], service: number[], wait: number[], metres: number[], over: number[]}} Tours */
/** @typedef {{need: number[], missing: number[], reason: string[]}} Unserved */
/** @typedef {{need: number[], hold: number[]}} Pins */
/** @typedef {{id: number, code: string, name: string, person: string | null, personId?: number | null, vehicle: string | null, lat: number | null, lon: number | null, rural?: number, starts?: boolean, shiftStart: number, shiftSeconds: number, maxCalls: number, workDays: number[], absences?: {from: string, to: string | null, kind: string, relief: string, note: string}[]}} Seat */
/** @typedef {{vehicle: string, speedUrban: number, speedRural: number, roadFactorUrban: number, roadFactorRural: number, stopMinutes: number, walkSpeed: number, walkStopMinutes: number, walkMetres: number}} Travel */
/** @typedef {{id: number, code: string, name: string, seat: number | null}} Beat */
/** @typedef {{anchor: string, weeks: number, days: number, weekStart: number, workWeekdays: number[], closed: number[]}} Cycle */
/** @typedef {{need: number[], rules: string[]}} Overridden */
/** @typedef {{session: number | null, version: number | null, travel: Travel[], edits: number, seq: number, planId: number, territoryId: number, channel: string, cycle: Cycle, seats: Seat[], beats: Beat[], visits: Visits, tours: Tours, unserved: Unserved, pins: Pins, overridden: Overridden, totals: Totals, stale: boolean, undo: string | null, redo: string | null, undoAt: string | null, redoAt: string | null, undoLeft: string[], redoLeft: string[]}} Draft */
/** @typedef {{reasons: {reason: string, outlets: number}[], items: {id: number, code: string, name: string, reason: string, note: string | null, entry: number | null, until: string | null}[], next: string | null}} Unplanned */
/** @typedef {{id: number, at: string, user: string | null, what: string, reason: string, changes: {field: string, was: string | null, is: string | null}[]}} ProfileEvent */
/** @typedef {{cause: string, kind: string, what: string, remedy: string, conflicts: number, outlets: number}} ConflictCause */
/** @typedef {{cause: string, outletId: number | null, outletCode: string | null, outletName: string | null, unit: string | null, seat: string | null, other: string | null, outlets: number, hours: number | null, hasHours: number | null}} Conflict */
/** @typedef {{id: number, name: string, outlets: number, placed: number, hours: number, visits: number, bytes: number, fault: string | null}} UnitSize */
/** @typedef {{least: number, median: number, most: number}} Spread */
/** @typedef {{level: string, nodes: number, units: number, small: number, good: number, large: number, inSmall: number, inGood: number, inLarge: number, heavy: number, overworked: number, outlets: Spread, hours: Spread, bytes: Spread, recommended: boolean}} UnitLevel */
/** @typedef {{outletId: number, code: string, name: string, unitId: number, unit: string, over: boolean, reason: string, person: string | null, at: string}} UnitPin */
/** @typedef {{level: string, begun: number, ended: number, kept: number, least: number | null, most: number | null, plans: number, firstPlans: {territoryId: number, unit: string, channel: string, number: number, waits: boolean}[], locks: {name: string, channel: string, holder: string | null}[], uncovered: number, seats: number}} LevelChange */
/** @typedef {{units: UnitSize[], next: string | null, levels: UnitLevel[], chosen: {level: string, at: string, person: string | null, reason: string} | null, uncovered: number, nowhere: number | null, outside: number | null, least: number, most: number, warn: number, bytes: number, hoursMost: number, loadPercent: number}} UnitCheck */
/** @typedef {{number: number, territoryId: number | null, made: boolean, code: string, name: string, outlets: number, hours: number, pieces: number}} DesignUnit */
/** @typedef {{id: number, jobId: number, name: string, status: string, redraw: boolean, tolerancePct: number, units: number, outlets: number, unplaced: number, moved: number, maxDeviationPct: number, compactness: number, whole: number, cut: number, exact: boolean, createdAt: string, author: string | null, workJobId: number | null, discardedAt: string | null, undo?: number, redo?: number, came?: number, gone?: number, strayed?: number, strayedFrom?: string | null, strayedTo?: string | null, endedUnit?: string | null, cells?: DesignUnit[], plans: number}} Scenario */
/** @typedef {{name: string | null, status: string | null, units: number, outlets: number, moved: number, seats: number, maxDeviationPct: number, compactness: number, whole: number}} UnitSide */
/** @typedef {{left: UnitSide, right: UnitSide, same: number[], differ: number}} UnitComparison */
/** @typedef {{outletId: number, code: string, name: string, city: string, left: string, right: string, seat: string | null}} UnitDifference */
/** @typedef {{units: number, moved: number, maxDeviationPct: number, compactness: number, whole: number, undo: number, redo: number, cells: DesignUnit[]}} Edited */
/** @typedef {{id: number, code: string, name: string, city: string, postcode: string, unit: string}} Unplaced */
/** @typedef {{id: number, at: string, person: string | null, reason: string, territory: string | null, outlets: number, undone: boolean}} MemberChange */
/** @typedef {{id: number, at: string, person: string | null, reason: string, territoryId: number, territory: string, outlets: number, undone: boolean}} Placing */
/** @typedef {{id: number, code: string, name: string, level: string, levelName: string, rings: number, corners: number, set: number, at: string, person: string | null, reason: string}} Boundary */
/** @typedef {{number: number, name: string, code: string, territoryId: number | null, territory: string | null, replaces: boolean, rings: number, corners: number, inside: number | null, outside: number | null, fault: string | null, other: string | null, lat: number | null, lon: number | null}} BoundaryChecked */
/** @typedef {{boundaries: BoundaryChecked[], faults: number, outside: number | null, swapped: boolean, id: number | null}} Boundaries */
/** @typedef {{set: number, at: string, person: string | null, reason: string, put: number, removed: number, undone: boolean}} BoundaryChange */
/** @typedef {{id: number, code: string, name: string, city: string, lat: number, lon: number, territoryId: number, territory: string}} Outside */
/** @typedef {{boundaries: {number: number, name: string, code: string, rings: number, corners: number, outlets: number, fault: string | null, lat: number | null, lon: number | null}[], faults: number, inside: number, outside: number, twice: number, swapped: boolean, design: number | null}} UnitPolygons */
/** @typedef {{outletId: number, code: string, name: string, fromUnit: string, toUnit: string, seats: string[]}} OutletTransfer */
/** @typedef {{seat: number, code: string, name: string, person: string | null, unit: string | null, lost: number, lostHours: number, come: number, comeHours: number, sharing: number}} SeatChange */
/** @typedef {{calls: number, minutes: number, km: number}} TourSums */
/** @typedef {{rule: string, severity: string, message: string, need: number | null, seat: number | null, date: string | null}} Broken */
/** @typedef {{total: number, travel: number, overtime: number, missed: number, day: number, person: number, beat: number, imbalance: number, due: number, few: number, other: number}} Price */
/** @typedef {{price: Price | null, minutes: number, km: number, overtimeMinutes: number, dueMinutes: number, balanceBefore: number, balanceAfter: number, tours: {seat: number, date: string, before: TourSums, after: TourSums}[], broken: Broken[]}} Impact */
/** @typedef {{seq: number, impact: Impact | null, reload: boolean, edits: number, undo: string | null, redo: string | null, undoAt: string | null, redoAt: string | null, undoLeft: string[], redoLeft: string[], visits: Visits, tours: Tours, unserved: Unserved, pins: Pins | null, overridden: Overridden, totals: Totals}} OpsReply */
/** @typedef {{id: number, planId: number, territoryId: number, territory: string, channel: string, versionId: number, number: number, notes: string, base: number | null, effectiveDate: string, user: string | null, mine: boolean, at: string, state: string, decider: string | null, decidedAt: string | null, reason: string}} Submission */
/** @typedef {{id: number, code: string, label: string, retired: boolean, used: number}} OverrideReason */
/** @typedef {{clientId: string, kind: string, reason?: string, reasonCode?: string, [more: string]: unknown}} Op */
/** A draft among several that are worked on as one. @typedef {{sessionId: number, seq: number}} Seen */
/** @typedef {{parts: {sessionId: number, territoryId: number, change: OpsReply}[], left: string[]}} BoardReply */
/** @typedef {{parts: {sessionId: number, territoryId: number, version: Version | null}[]}} BoardVersions */
/** @typedef {{kind: 'DAY_EMPTY' | 'VISIT_LONG' | 'GAP' | 'CALLS' | 'TIME' | 'CALLS_ALL' | 'IDLE' | 'CHAIN_DAYS' | 'CHAIN_HOURS' | 'CHAIN_MOST' | 'CHAIN_DATES', tier: number | null, params: string[], asked: number, left: number, accountId: number | null, account: string | null}} Clash */
/** @typedef {{weekdays: number[], mostPerDay: number | null, mostPrice: number | null, gapDays: number | null, leastMinutes: number | null, windows: import('../plan/windows.js').Window[], blackouts: {from: string, to: string, name: string}[]}} ChainRules */
/** @typedef {{accountId: number, name: string, parent: string | null, own: ChainRules, above: ChainRules | null, stores: number, ownHours: number, at: string | null, person: string | null}} AccountRules */
/** @typedef {ChainRules & {accountId: number, code: string, name: string, mostOf: number | null}} Chain */
/** @typedef {{needs: number, visits: number, excluded: number, elsewhereDays: number, runs: number, ahead: number, overheadSeconds: number, secondsPerMillion: number}} RunEstimate */
/** @typedef {{jobId: number, optimisable: number, excluded: number, excludedReasons: {reason: string, count: number}[], estimatedSeconds: number}} OptimiseReply */
/** @typedef {{v: number, details: string, territory: {id: number, code: string, name: string}, made: string, n: number, outlets: any, needs: any, dict: any, seats: any[]}} Snapshot */
/** @typedef {{v: number, n: number, outlets: any, dict: any}} SnapshotDetails */
/** @typedef {{counts: {outlets: number, missingCoordinates: number, territories: number, seats: number, plans: number}, jobs: Job[], drafts: PlanningSession[], locks: any[], next: string}} Home */

/** @typedef {{id: number, session: number, name: string, state: 'OPEN' | 'DONE' | 'REFUSED', bytes: number, offset: number, modified: number, mine: boolean, file: number | null, tables: {name: string, file: number | null, problem: string | null}[] | null, sha256: string | null, problem: string | null, createdAt: string, expiresAt: string}} Transfer */
/** @typedef {{encoding: string, delimiter: string, entity: string | null, headerRow: number, rows: number, columns: string[], sample: string[][]}} Early */
/** @typedef {{name: string, url: string, expiresIn: number, expiresAt: string}} Address */
/** @typedef {{stopPercent: number, stopAfter: number, stopRows: number}} Limits */
/** @typedef {{name: string, folder: string, pattern: string, entity: string, mapping: string | null, publish: boolean, everyMinutes: number, stopPercent: number, active: boolean}} WatchBody */
/** @typedef {WatchBody & {id: number, createdBy: string | null, nextAt: string, lastAt: string | null, lastProblem: string | null}} Watch */
/** @typedef {{id: number, session: number | null, name: string, bytes: number, sha256: string | null, state: 'TAKEN' | 'WAITING' | 'PUBLISHED' | 'REFUSED', movedTo: string, problem: string | null, foundAt: string, endedAt: string | null}} WatchFile */

const e = encodeURIComponent
/**
 * All rows of a list, however many pages it has.
 * @template T
 * @param {(query: Query) => Promise<Answer<List<T>>>} get @param {Query} [query] @returns {Promise<Answer<List<T>>>}
 */
export async function everything(get, query) {
	/** @type {T[]} */
	const items = []
	let after = /** @type {string | null} */ (null)
	do {
		const [part, failed] = await get({ ...query, limit: 500, after })
		if (failed)
			return [null, failed]
		items.push(...part.items)
		after = part.next
	} while (after)
	return [{ items, next: null }, null]
}
/** @typedef {Record<string, unknown>} Query */

export const api = {
	/** @param {string} username @param {string} password @param {string} [code] of the second factor @returns {Promise<Answer<Me>>} */
	login: (username, password, code) => call('POST', '/auth/login', { body: { username, password, ...(code ? { code } : {}) } }),
	logout: () => call('POST', '/auth/logout', { body: {} }),
	logoutEverywhere: () => call('POST', '/auth/logout-everywhere', { body: {} }),
	/** @returns {Promise<Answer<Me>>} */
	me: () => call('GET', '/auth/me'),
	/** @param {string} current @param {string} next */
	changePassword: (current, next) => call('POST', '/auth/password', { body: { current, next } }),
	/** @param {string} who */
	askReset: (who) => call('POST', '/auth/reset', { body: { who } }),
	/** @param {string} token @param {string} password */
	confirmReset: (token, password) => call('POST', '/auth/reset/confirm', { body: { token, password } }),
	/** @param {string} password */
	prove: (password) => call('POST', '/auth/proof', { body: { password } }),
	/** @returns {Promise<Answer<List<SignIn>>>} */
	signIns: () => call('GET', '/auth/sessions'),
	/** @param {number} id */
	endSignIn: (id) => call('DELETE', `/auth/sessions/${e(id)}`),
	/** @returns {Promise<Answer<{on: boolean, recoveryCodes: number}>>} */
	secondFactor: () => call('GET', '/auth/second-factor'),
	/** @returns {Promise<Answer<{secret: string, uri: string, qr: string, size: number}>>} */
	newSecondFactor: () => call('POST', '/auth/second-factor'),
	/** @param {'confirm' | 'codes' | 'off'} what @param {string} code @returns {Promise<Answer<{codes: string[]}>>} */
	provedByCode: (what, code) => call('POST', `/auth/second-factor/${what}`, { body: { code } }),
	/** @returns {Promise<Answer<List<TokenRow>>>} */
	tokens: () => call('GET', '/auth/tokens'),
	/** @param {string} name @returns {Promise<Answer<Grant>>} */
	addTokens: (name) => call('POST', '/auth/tokens', { body: { name } }),
	/** @param {number} id */
	endTokens: (id) => call('DELETE', `/auth/tokens/${e(id)}`),
	/** @returns {Promise<Answer<List<KeyRow>>>} */
	keys: () => call('GET', '/auth/keys'),
	/** @param {object} body @returns {Promise<Answer<{id: number, key: string}>>} */
	addKey: (body) => call('POST', '/auth/keys', { body }),
	/** @param {number} id */
	revokeKey: (id) => call('DELETE', `/auth/keys/${e(id)}`),
	viewEnd: () => call('POST', '/auth/view-end'),

	/** @param {Query} query @returns {Promise<Answer<List<User>>>} */
	users: (query) => call('GET', '/users', { query }),
	/** @param {object} body @returns {Promise<Answer<{id: number, password: string}>>} */
	addUser: (body) => call('POST', '/users', { body }),
	/** @param {number} id @param {object} body @returns {Promise<Answer<User>>} */
	changeUser: (id, body) => call('PATCH', `/users/${e(id)}`, { body }),
	/** @param {number} id @returns {Promise<Answer<{password: string}>>} */
	resetPassword: (id) => call('POST', `/users/${e(id)}/password`, { body: {} }),
	/** @param {number} id @param {'unlock' | 'sign-out' | 'view-as'} what */
	toUser: (id, what) => call('POST', `/users/${e(id)}/${what}`),
	/** @param {number} id @param {string} reason */
	dropSecondFactor: (id, reason) => call('DELETE', `/users/${e(id)}/second-factor`, { query: { reason } }),
	/** @returns {Promise<Answer<List<Role>>>} */
	roles: () => call('GET', '/roles'),
	/** @param {Query} query @returns {Promise<Answer<List<AuditEvent>>>} */
	audit: (query) => call('GET', '/audit', { query }),
	/** @returns {Promise<Answer<List<{action: string, label: string}>>>} */
	auditActions: () => call('GET', '/audit/actions'),
	/** Open to anybody. @returns {Promise<Answer<{off: string[]}>>} */
	healthz: () => call('GET', '/healthz'),
	/** @returns {Promise<Answer<List<Setting>>>} */
	settings: () => call('GET', '/settings'),
	/** @param {string} name @param {{value: string | null, reason: string, change: number}} body @returns {Promise<Answer<Setting>>} */
	setSetting: (name, body) => call('PUT', `/settings/${e(name)}`, { body }),
	/** @param {string} name @param {{to: number, reason: string, change: number}} body @returns {Promise<Answer<Setting>>} */
	revertSetting: (name, body) => call('POST', `/settings/${e(name)}/revert`, { body }),
	/** @param {string} name @param {Query} [query] @returns {Promise<Answer<List<SettingChange>>>} */
	settingHistory: (name, query) => call('GET', `/settings/${e(name)}/history`, { query }),
	/** @returns {Promise<Answer<{events: number}>>} */
	testWebhook: () => call('POST', '/system/webhook/test'),
	/** @returns {Promise<Answer<{events: number}>>} */
	sendAgain: () => call('POST', '/system/webhook/again'),
	/** @returns {Promise<Answer<SystemDoctor>>} */
	systemDoctor: () => call('GET', '/system/doctor'),
	/** @returns {Promise<Answer<SystemHealth>>} */
	systemHealth: () => call('GET', '/system/health'),
	/** @returns {Promise<Answer<{seal: number, event: number, sealedAt: string | null, head: string | null, waiting: number, archives: number, archivedUntil: string | null}>>} */
	auditChain: () => call('GET', '/audit/chain'),
	/** @param {Query} query */
	auditUrl: (query) => `${base}/audit/export${queryString(query)}`,
	/** @returns {Promise<Answer<Home>>} */
	home: () => call('GET', '/home'),

	/** @returns {Promise<Answer<List<TerritoryModel>>>} */
	territoryModels: () => call('GET', '/territory-models'),
	/** @param {{code: string, name: string, levels: string[]}} body @returns {Promise<Answer<TerritoryModel>>} */
	addModel: (body) => call('POST', '/territory-models', { body }),
	/** @param {number} id @param {{name: string, levels: string[]}} body @returns {Promise<Answer<TerritoryModel>>} */
	changeModel: (id, body) => call('PATCH', `/territory-models/${e(id)}`, { body }),
	/** @param {number} id @param {string[]} names @param {string} reason @returns {Promise<Answer<TerritoryModel>>} */
	nameLevels: (id, names, reason) => call('PUT', `/territory-models/${e(id)}/level-names`, { body: { names, reason } }),
	/** @param {number} id @param {string} reason @returns {Promise<Answer<TerritoryModel>>} */
	undoLevelNames: (id, reason) => call('POST', `/territory-models/${e(id)}/level-names/undo`, { body: { reason } }),
	/** @param {number} id */
	dropModel: (id) => call('DELETE', `/territory-models/${e(id)}`),
	/** @param {number} id @param {{outlets: number[], reason: string, territoryId?: number, path?: string[]}} body @returns {Promise<Answer<{id: number, outlets: number}>>} */
	putMembers: (id, body) => call('PUT', `/territory-models/${e(id)}/members`, { body }),
	/** @param {number} id @param {number} change @param {string} reason @returns {Promise<Answer<{back: number, kept: number}>>} */
	undoMembers: (id, change, reason) => call('POST', `/territory-models/${e(id)}/members/undo`, { body: { id: change, reason } }),
	/** @param {number} id @param {Query} query @returns {Promise<Answer<List<MemberChange>>>} */
	memberChanges: (id, query) => call('GET', `/territory-models/${e(id)}/members/changes`, { query }),
	/** @param {Query} query @returns {Promise<Answer<List<Territory>>>} */
	territories: (query) => call('GET', '/territories', { query }),
	/** @param {number | string} id @param {Query} query @returns {Promise<Answer<UnitCheck>>} */
	unitCheck: (id, query) => call('GET', `/territories/${e(id)}/units`, { query }),
	/** @param {number | string} id @param {string} level @returns {Promise<Answer<LevelChange>>} */
	lookAtLevel: (id, level) => call('GET', `/territories/${e(id)}/units/choice`, { query: { level } }),
	/** @param {number | string} id @param {{level: string, reason: string, endPlans: boolean}} body @returns {Promise<Answer<LevelChange>>} */
	chooseLevel: (id, body) => call('PUT', `/territories/${e(id)}/units`, { body }),
	/** @param {number | string} id @param {string} reason @returns {Promise<Answer<{units: number}>>} */
	undoLevel: (id, reason) => call('POST', `/territories/${e(id)}/units/undo`, { body: { reason } }),
	/** @param {number | string} id @param {Query} query @returns {Promise<Answer<{causes: ConflictCause[], items: Conflict[], next: string | null}>>} */
	conflicts: (id, query) => call('GET', `/territories/${e(id)}/conflicts`, { query }),
	/** @param {number | string} id @param {string} format */
	conflictsUrl: (id, format) => `${base}/territories/${e(id)}/conflicts/export${queryString({ format })}`,
	/** @param {number} id @param {number[]} outlets @param {string} reason @returns {Promise<Answer<{id: number, outlets: number}>>} */
	placeOutlets: (id, outlets, reason) => call('POST', `/territories/${e(id)}/placings`, { body: { outlets, reason } }),
	/** @param {number} id @param {number} change @param {string} reason @returns {Promise<Answer<{back: number, kept: number}>>} */
	undoPlacing: (id, change, reason) => call('POST', `/territories/${e(id)}/placings/undo`, { body: { id: change, reason } }),
	/** @param {number | string} id @param {Query} query @returns {Promise<Answer<List<Placing>>>} */
	placings: (id, query) => call('GET', `/territories/${e(id)}/placings`, { query }),
	/** @param {number | string} id @param {Query} query @returns {Promise<Answer<List<Scenario>>>} */
	designs: (id, query) => call('GET', `/territories/${e(id)}/designs`, { query }),
	/** @param {number | string} id @param {object} body @returns {Promise<Answer<{jobId: number}>>} */
	startDesign: (id, body) => call('POST', `/territories/${e(id)}/designs`, { body }),
	/** @param {number | string} id @param {number} design @returns {Promise<Answer<Scenario>>} */
	design: (id, design) => call('GET', `/territories/${e(id)}/designs/${e(design)}`),
	/** @param {number | string} id @param {number} design @param {Query} query @returns {Promise<Answer<List<OutletTransfer>>>} */
	outletTransfers: (id, design, query) => call('GET', `/territories/${e(id)}/designs/${e(design)}/transfers`, { query }),
	/** @param {number | string} id @param {number} design @returns {Promise<Answer<List<SeatChange>>>} */
	seatChanges: (id, design) => call('GET', `/territories/${e(id)}/designs/${e(design)}/transfers/seats`),
	/** @param {number | string} id @param {number} design */
	seatChangesUrl: (id, design) => `${base}/territories/${e(id)}/designs/${e(design)}/transfers/seats/rows`,
	/** @param {number | string} id @param {Query} query @param {import('./http.js').Tell} [tell] @returns {Promise<Answer<import('../units/model.js').PlaceColumns>>} */
	places: (id, query, tell) => call('GET', `/territories/${e(id)}/places`, { query, tell }),
	/** @param {number | string} id @param {Query} query @returns {Promise<Answer<{items: UnitPin[], next: string | null, all: number}>>} */
	unitPins: (id, query) => call('GET', `/territories/${e(id)}/pins`, { query }),
	/** @param {number | string} id @param {number[]} outlets @param {number | null} unit none = they are pinned no more @param {string} reason */
	pinOutlets: (id, outlets, unit, reason) => call('PUT', `/territories/${e(id)}/pins`, { body: { outlets, unit, reason } }),
	/** @param {number | string} id @param {Query} query @returns {Promise<Answer<import('../units/overview.js').Overview>>} */
	overview: (id, query) => call('GET', `/territories/${e(id)}/overview`, { query }),
	/** @param {number | string} id @param {Query} query @returns {Promise<Answer<{features: any[], borders: number[]}>>} */
	outlines: (id, query) => call('GET', `/territories/${e(id)}/outlines`, { query }),
	/** @param {number | string} id @param {Query} query @returns {Promise<Answer<UnitComparison>>} */
	compareUnits: (id, query) => call('GET', `/territories/${e(id)}/comparison`, { query }),
	/** @param {number | string} id @param {Query} query @returns {Promise<Answer<List<UnitDifference>>>} */
	unitDifferences: (id, query) => call('GET', `/territories/${e(id)}/differences`, { query }),
	/** @param {number | string} id @param {Query} query @returns {Promise<Answer<List<Unplaced>>>} */
	unplaced: (id, query) => call('GET', `/territories/${e(id)}/unplaced`, { query }),
	/** @param {number | string} id @param {{geojson: unknown, swap: boolean, keep: boolean}} body @returns {Promise<Answer<UnitPolygons>>} */
	takeUnitPolygons: (id, body) => call('POST', `/territories/${e(id)}/boundaries`, { body }),
	/** @param {number | string} id @param {Query} query @returns {Promise<Answer<List<Boundary>>>} */
	boundaries: (id, query) => call('GET', `/territories/${e(id)}/boundaries`, { query }),
	/** @param {number | string} id @param {{geojson: unknown, swap: boolean, named: string, level: string | null, keep: boolean, reason: string | null}} body @returns {Promise<Answer<Boundaries>>} */
	putBoundaries: (id, body) => call('PUT', `/territories/${e(id)}/boundaries`, { body }),
	/** @param {number | string} id @param {number[]} territories @param {string} reason @returns {Promise<Answer<{id: number}>>} */
	removeBoundaries: (id, territories, reason) => call('POST', `/territories/${e(id)}/boundaries/removal`, { body: { territories, reason } }),
	/** @param {number | string} id @param {number} change @param {string} reason @returns {Promise<Answer<{back: number, kept: number}>>} */
	undoBoundaries: (id, change, reason) => call('POST', `/territories/${e(id)}/boundaries/undo`, { body: { id: change, reason } }),
	/** @param {number | string} id @param {Query} query @returns {Promise<Answer<List<BoundaryChange>>>} */
	boundaryChanges: (id, query) => call('GET', `/territories/${e(id)}/boundaries/changes`, { query }),
	/** @param {number | string} id @param {Query} query @returns {Promise<Answer<List<Outside>>>} */
	boundaryOutside: (id, query) => call('GET', `/territories/${e(id)}/boundaries/outside`, { query }),
	/** @param {number | string} id @returns {Promise<Answer<{geometry: {coordinates: number[][][][]}}>>} */
	boundary: (id) => call('GET', `/territories/${e(id)}/boundary`),
	/** @param {number | string} id */
	boundaryUrl: (id) => `${base}/territories/${e(id)}/boundary`,
	/** @param {number | string} id @param {Query} query @returns {Promise<Answer<{features: any[]}>>} */
	lines: (id, query) => call('GET', `/territories/${e(id)}/lines`, { query }),
	/** @param {number | string} id @returns {Promise<Answer<{design: number}>>} */
	designByHand: (id) => call('POST', `/territories/${e(id)}/designs/hand`),
	/** @param {number | string} id @param {number} design @param {{outlets: number[], unit?: number, to: number | null, name?: string, preview: boolean}} body @returns {Promise<Answer<Edited>>} */
	moveOutlets: (id, design, body) => call('POST', `/territories/${e(id)}/designs/${e(design)}/moves`, { body }),
	/** @param {number | string} id @param {number} design @returns {Promise<Answer<Edited>>} */
	undoMove: (id, design) => call('POST', `/territories/${e(id)}/designs/${e(design)}/moves/undo`),
	/** @param {number | string} id @param {number} design @returns {Promise<Answer<Edited>>} */
	redoMove: (id, design) => call('POST', `/territories/${e(id)}/designs/${e(design)}/moves/redo`),
	/** @param {number | string} id @param {number} design @param {number} number @param {string} name */
	nameUnit: (id, design, number, name) => call('PUT', `/territories/${e(id)}/designs/${e(design)}/name`, { body: { number, name } }),
	/** @param {number | string} id @param {number} design */
	approveDesign: (id, design) => call('POST', `/territories/${e(id)}/designs/${e(design)}/approve`),
	/** @param {number | string} id @param {number} design @param {string} reason @returns {Promise<Answer<{jobId: number}>>} */
	publishDesign: (id, design, reason) => call('POST', `/territories/${e(id)}/designs/${e(design)}/publish`, { body: { reason } }),
	/** @param {number | string} id @param {number} design @param {string} reason @returns {Promise<Answer<{jobId: number}>>} */
	undoDesign: (id, design, reason) => call('POST', `/territories/${e(id)}/designs/${e(design)}/undo`, { body: { reason } }),
	/** @param {number | string} id @param {number} design */
	dropDesign: (id, design) => call('DELETE', `/territories/${e(id)}/designs/${e(design)}`),
	/** @param {number | string} id @returns {Promise<Answer<Territory>>} */
	territory: (id) => call('GET', `/territories/${e(id)}`),
	/** @param {number | string} id @param {import('./http.js').Tell} [tell] @returns {Promise<Answer<Snapshot>>} */
	snapshot: (id, tell) => call('GET', `/territories/${e(id)}/snapshot`, { tell }),
	/** @param {number | string} id @param {string} v as the snapshot names them @returns {Promise<Answer<SnapshotDetails>>} */
	snapshotDetails: (id, v) => call('GET', `/territories/${e(id)}/snapshot/details`, { query: { v } }),
	/** @param {number} id @param {string} channel @returns {Promise<Answer<LockReply>>} */
	lock: (id, channel) => call('POST', `/territories/${e(id)}/lock`, { body: { channel } }),
	/** @param {number} id @param {string} channel @param {string} [reason] */
	unlock: (id, channel, reason) => call('DELETE', `/territories/${e(id)}/lock`, { query: { channel, reason } }),
	/** @param {number | string} id @param {string} channel @returns {Promise<Answer<Profile>>} */
	profile: (id, channel) => call('GET', `/territories/${e(id)}/profile`, { query: { channel } }),
	/** @param {number | string} id @param {string} channel @returns {Promise<Answer<List<Clash>>>} */
	clashes: (id, channel) => call('GET', `/territories/${e(id)}/profile/clashes`, { query: { channel } }),
	/** @param {number | string} id @param {string} channel @param {Record<string, unknown>} set  null puts a parameter back to what it inherits @param {Record<string, unknown>} seen  what the territory itself said of them, null = nothing @param {string} reason @returns {Promise<Answer<Profile>>} */
	setProfile: (id, channel, set, seen, reason) => call('PUT', `/territories/${e(id)}/profile`, { query: { channel }, body: { set, seen, reason } }),
	/** @param {number | string} id @param {string} channel @param {{entry: number, seen: Record<string, unknown>, reason: string}} body @returns {Promise<Answer<Profile>>} */
	revertProfile: (id, channel, body) => call('POST', `/territories/${e(id)}/profile/revert`, { query: { channel }, body }),
	/** @param {number | string} id @param {Query} query @returns {Promise<Answer<List<ProfileEvent>>>} */
	profileHistory: (id, query) => call('GET', `/territories/${e(id)}/profile/history`, { query }),
	/** @param {number | string} id @returns {Promise<Answer<List<Holiday> & {pending: number}>>} */
	holidays: (id) => call('GET', `/territories/${e(id)}/holidays`),
	/** @param {number | string} id @param {string} day @param {string} name @param {string} reason @returns {Promise<Answer<List<Holiday>>>} */
	setHoliday: (id, day, name, reason) => call('PUT', `/territories/${e(id)}/holidays`, { body: { day, name, reason } }),
	/** @param {number | string} id @param {string} day @param {string} reason */
	dropHoliday: (id, day, reason) => call('DELETE', `/territories/${e(id)}/holidays`, { query: { day, reason } }),
	/** @param {Query} query @returns {Promise<Answer<List<Outlet>>>} */
	outlets: (query) => call('GET', '/outlets', { query }),
	/** @param {number | string} id @returns {Promise<Answer<OutletDetail>>} */
	outlet: (id) => call('GET', `/outlets/${e(id)}`),
	/** @param {number} id @param {{values: {field: string, value: string | null}[], reason?: string}} body @returns {Promise<Answer<{changed: number}>>} */
	editOutlet: (id, body) => call('PATCH', `/outlets/${e(id)}`, { body }),
	/** @returns {Promise<Answer<List<FieldPolicy>>>} */
	fieldPolicies: () => call('GET', '/import/policies'),
	/** @param {string} field @param {string} wins @param {string} reason @returns {Promise<Answer<List<FieldPolicy>>>} */
	setFieldPolicy: (field, wins, reason) => call('PUT', `/import/policies/${e(field)}`, { body: { wins, reason } }),
	/** @param {Query} query @returns {Promise<Answer<List<Partner>>>} */
	partners: (query) => call('GET', '/partners', { query }),
	/** @param {Query} query @returns {Promise<Answer<List<Invoice>>>} */
	invoices: (query) => call('GET', '/invoices', { query }),
	/** @param {number} id @returns {Promise<Answer<List<InvoiceLine>>>} */
	invoiceLines: (id) => call('GET', `/invoices/${e(id)}/lines`),
	/** @param {number | string} id @returns {Promise<Answer<List<SalesMonth>>>} */
	outletSales: (id) => call('GET', `/outlets/${e(id)}/sales`),
	/** @returns {Promise<Answer<SalesRule>>} */
	salesRule: () => call('GET', '/sales/rule'),
	/** @param {{months: number, wins: string, reason: string}} body @returns {Promise<Answer<SalesRule>>} */
	setSalesRule: (body) => call('PUT', '/sales/rule', { body }),
	/** @param {Query} query @returns {Promise<Answer<List<Account>>>} */
	accounts: (query) => call('GET', '/accounts', { query }),
	/** @param {number | string} territory @returns {Promise<Answer<List<Chain> & {outlet: number[], account: number[]}>>} */
	chains: (territory) => call('GET', `/territories/${e(territory)}/chains`),
	/** @param {number} account @returns {Promise<Answer<AccountRules>>} */
	accountRules: (account) => call('GET', `/accounts/${e(account)}/rules`),
	/** @param {number} account @param {ChainRules} rules @param {string} reason @returns {Promise<Answer<AccountRules>>} */
	setAccountRules: (account, rules, reason) => call('PUT', `/accounts/${e(account)}/rules`, { body: { ...rules, reason } }),
	/** @param {number} account @param {string} reason */
	dropAccountRules: (account, reason) => call('DELETE', `/accounts/${e(account)}/rules`, { query: { reason } }),
	/** @returns {Promise<Answer<List<Tier>>>} */
	tiers: () => call('GET', '/tiers'),
	/** @param {number | string} id @param {Query} query @returns {Promise<Answer<Unplanned>>} */
	unplanned: (id, query) => call('GET', `/territories/${e(id)}/unplanned`, { query }),
	/** @param {number | string} id @param {{outlets: number[], reason: string, until?: string}} body */
	leaveOut: (id, body) => call('POST', `/territories/${e(id)}/unplanned`, { body }),
	/** @param {Query} query @returns {Promise<Answer<List<ListEntry>>>} */
	outletLists: (query) => call('GET', '/outlet-lists', { query }),
	/** @param {number} outlet @param {number} entry */
	dropListEntry: (outlet, entry) => call('DELETE', `/outlets/${e(outlet)}/lists`, { query: { entry } }),
	/** @param {Query} query @returns {Promise<Answer<List<Absence>>>} */
	absences: (query) => call('GET', '/absences', { query }),
	/** @param {number} seat @param {object} body */
	addAbsence: (seat, body) => call('POST', `/seats/${e(seat)}/absences`, { body }),
	/** @param {number} seat @param {number} id @param {object} body */
	changeAbsence: (seat, id, body) => call('PUT', `/seats/${e(seat)}/absences/${e(id)}`, { body }),
	/** @param {number} seat @param {number} id */
	dropAbsence: (seat, id) => call('DELETE', `/seats/${e(seat)}/absences/${e(id)}`),
	/** @param {number} seat @param {object} body */
	seatPerson: (seat, body) => call('PUT', `/seats/${e(seat)}/person`, { body }),
	/** @param {number} seat @param {{lat: number | null, lon: number | null, reason: string | null}} body @returns {Promise<Answer<null>>} */
	seatStart: (seat, body) => call('PUT', `/seats/${e(seat)}/start`, { body }),
	/** @param {Query} query @returns {Promise<Answer<List<SeatRow>>>} */
	seats: (query) => call('GET', '/seats', { query }),

	/** @returns {Promise<Answer<List<Entity>>>} */
	entities: () => call('GET', '/import/entities'),
	/** @param {Query} query @returns {Promise<Answer<List<import('../plan/mapping.js').Schema>>>} */
	schemas: (query) => call('GET', '/import/schemas', { query }),
	/** @param {object} body @returns {Promise<Answer<import('../plan/mapping.js').Schema>>} */
	saveSchema: (body) => call('POST', '/import/schemas', { body }),
	/** @param {number} id @param {string} name @returns {Promise<Answer<import('../plan/mapping.js').Schema>>} */
	renameSchema: (id, name) => call('PATCH', `/import/schemas/${e(id)}`, { body: { name } }),
	/** @param {number} id */
	dropSchema: (id) => call('DELETE', `/import/schemas/${e(id)}`),
	/** @param {string} name @returns {Promise<Answer<ImportSession>>} */
	addImport: (name) => call('POST', '/import/sessions', { body: { name } }),
	/** @param {Query} [query] @returns {Promise<Answer<List<ImportSession>>>} */
	imports: (query) => call('GET', '/import/sessions', { query }),
	/** @param {number | string} id @returns {Promise<Answer<ImportSession>>} */
	importSession: (id) => call('GET', `/import/sessions/${e(id)}`),
	/** Uploads of a session on their way. @param {number} session @returns {Promise<Answer<{items: Transfer[]}>>} */
	transfers: (session) => call('GET', '/import/transfers', { query: { session } }),
	/** @param {number} id @returns {Promise<Answer<Transfer>>} */
	transfer: (id) => call('GET', `/import/transfers/${e(id)}`),
	/** What has come so far. @param {number} id @returns {Promise<Answer<Early>>} */
	earlyPreview: (id) => call('GET', `/import/transfers/${e(id)}/preview`),
	/** @param {number} session @param {string[]} files @returns {Promise<Answer<{items: Address[]}>>} */
	importAddresses: (session, files) => call('POST', `/import/sessions/${e(session)}/addresses`, { body: { files } }),
	/** @param {number} session @param {Limits} limits @returns {Promise<Answer<ImportSession>>} */
	setLimits: (session, limits) => call('PUT', `/import/sessions/${e(session)}/limits`, { body: limits }),
	/** @returns {Promise<Answer<List<Watch> & {root: string | null}>>} */
	watches: () => call('GET', '/import/watches'),
	/** @param {Watch | WatchBody} body @returns {Promise<Answer<Watch>>} */
	addWatch: (body) => call('POST', '/import/watches', { body }),
	/** @param {number} id @param {WatchBody} body @returns {Promise<Answer<Watch>>} */
	setWatch: (id, body) => call('PUT', `/import/watches/${e(id)}`, { body }),
	/** @param {number} id */
	dropWatch: (id) => call('DELETE', `/import/watches/${e(id)}`),
	/** @param {number} id @returns {Promise<Answer<{jobId: number}>>} */
	runWatch: (id) => call('POST', `/import/watches/${e(id)}/run`),
	/** @param {number} id @param {Query} [query] @returns {Promise<Answer<List<WatchFile>>>} */
	watchFiles: (id, query) => call('GET', `/import/watches/${e(id)}/files`, { query }),
	/** @param {number} id @returns {Promise<Answer<Preview>>} */
	preview: (id) => call('GET', `/import/files/${e(id)}/preview`),
	/** @param {number} id @param {object} body @returns {Promise<Answer<ImportFile>>} */
	changeFile: (id, body) => call('PATCH', `/import/files/${e(id)}`, { body }),
	/** @param {number} id */
	dropFile: (id) => call('DELETE', `/import/files/${e(id)}`),
	/** @param {number} id @returns {Promise<Answer<{jobId: number}>>} */
	validateImport: (id) => call('POST', `/import/sessions/${e(id)}/validate`),
	/** @param {number} id @param {Query} query @returns {Promise<Answer<List<Issue> & {groups: IssueGroup[]}>>} */
	issues: (id, query) => call('GET', `/import/sessions/${e(id)}/issues`, { query }),
	/** @param {number} id @param {object} body @returns {Promise<Answer<{samples: Sample[]}>>} */
	tryMapping: (id, body) => call('POST', `/import/files/${e(id)}/try`, { body }),
	/** @param {number} id @returns {Promise<Answer<List<ColumnProfile>>>} */
	profiles: (id) => call('GET', `/import/files/${e(id)}/profiles`),
	/** @param {number} id @param {number[]} [columns] of levels whose contradictions are told, in place of those found @returns {Promise<Answer<{jobId: number}>>} */
	findLevels: (id, columns) => call('POST', `/import/files/${e(id)}/hierarchy`, { body: columns ? { columns } : {} }),
	/** @param {number} id @returns {Promise<Answer<{hierarchy: import('../plan/levels.js').Hierarchy | null}>>} */
	levels: (id) => call('GET', `/import/files/${e(id)}/hierarchy`),
	/** Columns become the levels of a model. @param {number} id @param {string} model its code @param {number[]} columns widest first @returns {Promise<Answer<ImportFile>>} */
	modelLevels: (id, model, columns) => call('POST', `/import/files/${e(id)}/hierarchy/model`, { body: { model, columns } }),
	/** @param {number} id */
	levelRowsUrl: (id) => `${base}/import/files/${e(id)}/hierarchy/rows`,
	/** @param {number} id @param {Query} query @returns {Promise<Answer<List<BadRow> & {columns: string[]}>>} */
	badRows: (id, query) => call('GET', `/import/files/${e(id)}/rows`, { query }),
	/** @param {number} id @param {object} body @returns {Promise<Answer<{rejected: boolean, issues: RowIssue[]}>>} */
	putCell: (id, body) => call('PUT', `/import/files/${e(id)}/cells`, { body }),
	/** @param {number} id @param {File} file @returns {Promise<Answer<{rows: number, cells: number, unknown: number}>>} */
	corrections: (id, file) => call('POST', `/import/files/${e(id)}/corrections`, { body: new Blob([file], { type: 'text/csv' }) }),
	/** @param {number} id @returns {Promise<Answer<List<Cause> & {fixes: Fix[]}>>} */
	causes: (id) => call('GET', `/import/sessions/${e(id)}/causes`),
	/** @param {number} id @param {object} body @returns {Promise<Answer<List<Fix>>>} */
	addFix: (id, body) => call('POST', `/import/sessions/${e(id)}/fixes`, { body }),
	/** @param {number} id @param {object} body @returns {Promise<Answer<{items: BeforeAfter[]}>>} */
	previewFix: (id, body) => call('POST', `/import/sessions/${e(id)}/fixes/preview`, { body }),
	/** @param {Query} query @returns {Promise<Answer<List<Fix>>>} */
	fixes: (query) => call('GET', '/import/fixes', { query }),
	/** @param {number} id */
	dropFix: (id) => call('DELETE', `/import/fixes/${e(id)}`),
	/** @returns {Promise<Answer<List<Rule>>>} */
	importRules: () => call('GET', '/import/rules'),
	/** @param {string} rule @param {string | null} severity @param {string} reason @returns {Promise<Answer<Rule>>} */
	setRule: (rule, severity, reason) => call('PATCH', `/import/rules/${e(rule)}`, { body: { severity, reason } }),
	/** @param {number} id @returns {Promise<Answer<Delta>>} */
	delta: (id) => call('GET', `/import/sessions/${e(id)}/delta`),
	/** @param {number} id @returns {Promise<Answer<List<DeltaPlace>>>} */
	deltaPlaces: (id) => call('GET', `/import/sessions/${e(id)}/places`),
	/** @param {number} id @returns {Promise<Answer<{jobId: number}>>} */
	processImport: (id) => call('POST', `/import/sessions/${e(id)}/process`, { body: {} }),
	/** @param {number} id @param {Query} query @returns {Promise<Answer<List<Vanished>>>} */
	vanished: (id, query) => call('GET', `/import/sessions/${e(id)}/vanished`, { query }),
	/** @param {number} id @param {string} action @returns {Promise<Answer<Delta>>} */
	answerVanished: (id, action) => call('PUT', `/import/sessions/${e(id)}/vanished`, { body: { action } }),
	/** @param {number} file @param {{mode: string, complete: boolean, match?: string[]}} body @returns {Promise<Answer<ImportFile>>} */
	meetFile: (file, body) => call('PUT', `/import/files/${e(file)}/delta`, { body }),
	/** @param {number} id @returns {Promise<Answer<UndoReport>>} */
	undoReport: (id) => call('GET', `/import/sessions/${e(id)}/undo`),
	/** @param {number} id @param {string} reason @returns {Promise<Answer<{jobId: number}>>} */
	undoImport: (id, reason) => call('POST', `/import/sessions/${e(id)}/undo`, { body: { reason } }),
	/** @param {number} id @returns {Promise<Answer<ImportSession>>} */
	cancelImport: (id) => call('POST', `/import/sessions/${e(id)}/cancel`, { body: {} }),
	/** @param {string} entity */
	templateUrl: (entity) => `${base}/import/templates/${e(entity)}`,
	/** @param {number} file */
	rejectsUrl: (file) => `${base}/import/files/${e(file)}/rejects`,

	/** @param {number | string} id @returns {Promise<Answer<Job>>} */
	job: (id) => call('GET', `/jobs/${e(id)}`),
	/** @param {Query} query @returns {Promise<Answer<List<Job>>>} */
	jobs: (query) => call('GET', '/jobs', { query }),
	/** @param {number} id @returns {Promise<Answer<List<JobEntry>>>} */
	jobLog: (id) => call('GET', `/jobs/${e(id)}/log`, { query: { limit: 500 } }),
	/** @returns {Promise<Answer<List<Schedule>>>} */
	schedules: () => call('GET', '/schedules'),
	/** @param {string} name @returns {Promise<Answer<List<Schedule>>>} */
	runSchedule: (name) => call('POST', `/schedules/${e(name)}/run`),
	/** @param {'keys' | 'tokens'} kind @param {Query} query @returns {Promise<Answer<List<Program>>>} */
	programs: (kind, query) => call('GET', `/programs/${kind}`, { query }),
	/** @param {'keys' | 'tokens'} kind @param {number} id @param {string} reason */
	endProgram: (kind, id, reason) => call('DELETE', `/programs/${kind}/${e(id)}`, { query: { reason } }),
	/** @param {number} id @returns {Promise<Answer<Job>>} */
	retryJob: (id) => call('POST', `/jobs/${e(id)}/retry`),
	/** @param {number} id */
	cancelJob: (id) => call('POST', `/jobs/${e(id)}/cancel`, { body: {} }),

	/** @param {Query} query @returns {Promise<Answer<List<Plan>>>} */
	plans: (query) => call('GET', '/plans', { query }),
	/** @param {number} id @returns {Promise<Answer<List<Version>>>} */
	versions: (id) => call('GET', `/plans/${e(id)}/versions`),
	/** @param {number} id @param {number} [version]  the committed one without @param {import('./http.js').Tell} [tell] @returns {Promise<Answer<Draft>>} */
	planDraft: (id, version, tell) => call('GET', `/plans/${e(id)}/draft`, { query: { version }, tell }),
	/** @param {number} territoryId @param {string} channel @returns {Promise<Answer<PlanningSession>>} */
	openSession: (territoryId, channel) => call('POST', '/planning/sessions', { body: { territoryId, channel } }),
	/** @returns {Promise<Answer<List<PlanningSession>>>} */
	mySessions: () => call('GET', '/planning/sessions'),
	/** @param {number} id @returns {Promise<Answer<PlanningSession>>} */
	planningSession: (id) => call('GET', `/planning/sessions/${e(id)}`),
	/** @param {number} id @param {import('./http.js').Tell} [tell] @returns {Promise<Answer<Draft>>} */
	draft: (id, tell) => call('GET', `/planning/sessions/${e(id)}/draft`, { tell }),
	/** @param {number} id @param {Op[]} ops @param {AbortSignal} [signal] @returns {Promise<Answer<Impact>>} */
	price: (id, ops, signal) => call('POST', `/planning/sessions/${e(id)}/price`, { body: { ops }, signal }),
	/** @param {number} id @param {number} seq @param {Op[]} ops @returns {Promise<Answer<OpsReply>>} */
	ops: (id, seq, ops) => call('POST', `/planning/sessions/${e(id)}/ops`, { body: { seq, ops, together: ops.length > 1 } }),
	/** @param {number} id @param {number} seq @returns {Promise<Answer<OpsReply>>} */
	undo: (id, seq) => call('POST', `/planning/sessions/${e(id)}/undo`, { body: { seq } }),
	/** @param {number} id @param {number} seq @returns {Promise<Answer<OpsReply>>} */
	redo: (id, seq) => call('POST', `/planning/sessions/${e(id)}/redo`, { body: { seq } }),
	/** @param {(Seen & {ops: Op[]})[]} parts @returns {Promise<Answer<BoardReply>>} */
	boardOps: (parts) => call('POST', '/planning/board/ops', { body: { parts } }),
	/** @param {'undo' | 'redo'} which @param {Seen[]} parts @returns {Promise<Answer<BoardReply>>} */
	boardStep: (which, parts) => call('POST', `/planning/board/${which}`, { body: { parts } }),
	/** @param {'save' | 'commit'} what @param {object} body @returns {Promise<Answer<BoardVersions>>} */
	boardKeep: (what, body) => call('POST', `/planning/board/${what}`, { body }),
	/** @param {number} id @param {number} versionId @param {string} [reason] @returns {Promise<Answer<OpsReply>>} */
	adopt: (id, versionId, reason) => call('POST', `/planning/sessions/${e(id)}/adopt`, { body: { versionId, ...(reason ? { reason } : {}) } }),
	/** @param {number} id @param {string} anchor @param {number} weeks @param {string} [reason] @returns {Promise<Answer<OpsReply>>} */
	newCycle: (id, anchor, weeks, reason) => call('POST', `/planning/sessions/${e(id)}/cycle`, { body: { anchor, weeks, ...(reason ? { reason } : {}) } }),
	/** @param {number} id */
	closeSession: (id) => call('POST', `/planning/sessions/${e(id)}/close`, { body: {} }),
	/** @param {number} planId @param {number} sessionId @param {string} notes @returns {Promise<Answer<Version>>} */
	saveVersion: (planId, sessionId, notes) => call('POST', `/plans/${e(planId)}/save`, { body: { sessionId, notes } }),
	/** @param {number} planId @param {object} body @returns {Promise<Answer<Version>>} */
	commit: (planId, body) => call('POST', `/plans/${e(planId)}/commit`, { body }),
	/** @param {number} planId @returns {Promise<Answer<List<Submission>>>} */
	submissions: (planId) => call('GET', `/plans/${e(planId)}/submissions`),
	/** @returns {Promise<Answer<List<Submission>>>} */
	waiting: () => call('GET', '/submissions'),
	/** @param {number} planId @param {'approve' | 'send-back' | 'withdraw'} what @param {{versionId: number, reason?: string}} body @returns {Promise<Answer<List<Submission>>>} */
	decide: (planId, what, body) => call('POST', `/plans/${e(planId)}/submission/${what}`, { body }),
	/** @param {Query} [query] @returns {Promise<Answer<List<Notice> & {unread: number, mail: boolean}>>} */
	notices: (query) => call('GET', '/notices', { query }),
	/** @param {number} upto @returns {Promise<Answer<List<Notice> & {unread: number, mail: boolean}>>} */
	readNotices: (upto) => call('POST', '/notices/read', { body: { upto } }),
	/** @param {boolean} mail @returns {Promise<Answer<List<Notice> & {unread: number, mail: boolean}>>} */
	noticeMail: (mail) => call('PUT', '/notices/mail', { body: { mail } }),
	/** @returns {Promise<Answer<List<OverrideReason>>>} */
	reasons: () => call('GET', '/reasons'),
	/** @param {string} code @param {string} label @param {string} reason why the list is changed @returns {Promise<Answer<List<OverrideReason>>>} */
	addReason: (code, label, reason) => call('POST', '/reasons', { body: { code, label, reason } }),
	/** @param {number} id @param {string} label @param {boolean} retired @param {string} reason @returns {Promise<Answer<List<OverrideReason>>>} */
	setReason: (id, label, retired, reason) => call('PUT', `/reasons/${e(id)}`, { body: { label, retired, reason } }),
	/** @returns {Promise<Answer<List<OwnLock>>>} */
	myLocks: () => call('GET', '/locks'),
	/** Those of everybody that I may break. @returns {Promise<Answer<List<HeldLock>>>} */
	allLocks: () => call('GET', '/locks', { query: { all: true } }),
	/** All or none. @param {string} channel @param {number[]} territories @returns {Promise<Answer<unknown>>} */
	lockSet: (channel, territories) => call('POST', '/locks', { body: { channel, territories } }),
	/** @param {number} territory @param {string} channel @param {string} text @returns {Promise<Answer<{holder: string}>>} */
	askForLock: (territory, channel, text) => call('POST', `/territories/${e(territory)}/lock/ask`, { body: { channel, text } }),
	/** Says so to those who asked. @param {number} territory @param {string} channel @returns {Promise<Answer<unknown>>} */
	keepLock: (territory, channel) => call('POST', `/territories/${e(territory)}/lock/keep`, { body: { channel } }),
	/** @param {number} territory @param {Query} query @returns {Promise<Answer<WindowColumns>>} */
	windows: (territory, query) => call('GET', `/territories/${e(territory)}/windows`, { query }),
	/** @param {number} outlet @param {import('../plan/windows.js').Window[]} windows @returns {Promise<Answer<{windows: import('../plan/windows.js').Window[]}>>} */
	setWindows: (outlet, windows) => call('PUT', `/outlets/${e(outlet)}/windows`, { body: { windows } }),
	/** A question that a job answers. @param {number} planId @param {Record<string, unknown>} body @returns {Promise<Answer<{jobId: number, estimatedSeconds: number}>>} */
	explain: (planId, body) => call('POST', `/plans/${e(planId)}/explain`, { body }),
	/** @param {number} planId @param {Query} query @returns {Promise<Answer<List<LedgerEntry> & {sums: LedgerSum[], outlets: LedgerOutlet[], changes: number, minutes: number, price: number}>>} */
	ledger: (planId, query) => call('GET', `/plans/${e(planId)}/ledger`, { query }),
	/** @param {number} planId @param {Query} query @returns {Promise<Answer<List<Comment>>>} */
	comments: (planId, query) => call('GET', `/plans/${e(planId)}/comments`, { query }),
	/** @param {number} planId @param {{code: string, name: string}} body @returns {Promise<Answer<{id: number}>>} */
	addBeat: (planId, body) => call('POST', `/plans/${e(planId)}/beats`, { body }),
	/** @param {number} planId @param {number} beat @param {{code: string, name: string, reason: string}} body */
	renameBeat: (planId, beat, body) => call('PUT', `/plans/${e(planId)}/beats/${e(beat)}`, { body }),
	/** @param {number} planId @param {number} beat */
	dropBeat: (planId, beat) => call('DELETE', `/plans/${e(planId)}/beats/${e(beat)}`),
	/** @param {number} planId @param {{text: string, versionId?: number, baseId?: number, need?: number, seat?: number, day?: number}} body @returns {Promise<Answer<Comment>>} */
	addComment: (planId, body) => call('POST', `/plans/${e(planId)}/comments`, { body }),
	/** @param {number} planId @param {number} id @returns {Promise<Answer<null>>} */
	dropComment: (planId, id) => call('DELETE', `/plans/${e(planId)}/comments/${e(id)}`),
	/** @param {number} planId @param {Query} query @returns {Promise<Answer<List<DiffGroup>>>} */
	planDiff: (planId, query) => call('GET', `/plans/${e(planId)}/diff`, { query }),
	/** @param {number} planId @param {Query} query @returns {Promise<Answer<List<DatedVisit>>>} */
	visits: (planId, query) => call('GET', `/plans/${e(planId)}/visits`, { query }),
	/** @param {number} planId @param {Query} query @returns {Promise<Answer<Departed>>} */
	departed: (planId, query) => call('GET', `/plans/${e(planId)}/departed`, { query }),
	/** @param {number} planId @param {Query} query @returns {Promise<Answer<Fairness>>} */
	fairness: (planId, query) => call('GET', `/plans/${e(planId)}/fairness`, { query }),
	/** @param {number} session @returns {Promise<Answer<RunEstimate>>} */
	runEstimate: (session) => call('GET', `/planning/sessions/${e(session)}/estimate`),
	/** @param {object} body @returns {Promise<Answer<OptimiseReply>>} */
	optimise: (body) => call('POST', '/optimize', { body }),
	/** @param {number} id @returns {Promise<Answer<Job>>} */
	optimiseJob: (id) => call('GET', `/optimize/${e(id)}`),
	/** @param {number} planId @param {Record<string, unknown>} body @returns {Promise<Answer<{jobId: number}>>} */
	keepExport: (planId, body) => call('POST', `/plans/${e(planId)}/exports`, { body }),
	/** @param {Query} [query] @returns {Promise<Answer<List<KeptFile>>>} */
	keptExports: (query) => call('GET', '/exports', { query }),
	/** @param {number} id */
	keptUrl: (id) => `${base}/exports/${e(id)}/file`,
	/** @param {number | string} id @param {Query} query */
	differencesUrl: (id, query) => `${base}/territories/${e(id)}/differences/rows${queryString(query)}`,
	/** @param {number} planId @param {Query} query */
	exportUrl: (planId, query) => `${base}/plans/${e(planId)}/export${queryString(query)}`,
}
