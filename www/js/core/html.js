// SPDX-License-Identifier: GPL-3.0-or-later
// One import for views: templates, directives and signals.  Values in a template become text, never markup.
import { html, svg, nothing, render } from '../../vendor/lit-html/lit-html.js'
import { repeat } from '../../vendor/lit-html/directives/repeat.js'
import { live } from '../../vendor/lit-html/directives/live.js'
import { ref } from '../../vendor/lit-html/directives/ref.js'
import { keyed } from '../../vendor/lit-html/directives/keyed.js'
import { directive, Directive } from '../../vendor/lit-html/directive.js'
import { signal, computed, effect, batch, untracked } from '../../vendor/signals-core/signals-core.js'

export { html, svg, nothing, render, repeat, live, ref, keyed }
export { signal, computed, effect, batch, untracked }

/**
 * `<i ${css({'--load': 0.4})}>` sets style through the object model: the policy forbids style attributes.
 */
class CssDirective extends Directive {
	/** @type {Record<string, string>} */
	last = {}
	/** @param {Record<string, string|number|null>} _style */
	render(_style) {
		return nothing
	}
	/** @param {any} part @param {[Record<string, string|number|null>]} args */
	update(part, [style]) {
		for (const [name, value] of Object.entries(style)) {
			const text = value === null ? '' : String(value)
			if (this.last[name] !== text)
				part.element.style.setProperty(name, text)
			this.last[name] = text
		}
		return nothing
	}
}
export const css = directive(CssDirective)

/** Joins the class names whose condition holds. @param {...(string|false|null|undefined)} names */
export const cls = (...names) => names.filter(Boolean).join(' ')

/**
 * Renders a template into a node now and whenever a signal read by it changes; returns the stop function.
 * @param {HTMLElement} node
 * @param {() => unknown} template
 */
export function mount(node, template) {
	const stop = effect(() => {
		render(template(), node)
	})
	return () => {
		stop()
		render(nothing, node)
	}
}
