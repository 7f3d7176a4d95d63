// SPDX-License-Identifier: GPL-2.0-or-later
// Dialogs. The browser keeps the focus inside, Escape closes them.
import { element } from "./dom.js";

export function openDialog(title, body, buttons) {
	const close = () => dialog.close();
	const dialog = element("dialog", { "aria-labelledby": "dialog-title", onclose: () => dialog.remove() },
		element("h2", { id: "dialog-title" }, title),
		element("div", { class: "body" }, ...body),
		element("div", { class: "buttons" }, ...buttons(close)));
	document.body.append(dialog);
	dialog.showModal();
	// the button with the focus may be below
	dialog.scrollTop = 0;
	return dialog;
}

// confirmRun("Switch it off?", "what it means", ["nft-offload", ...], run): run() only after a yes;
// what fails is told in the dialog
export function confirmRun(title, text, words, verb, run) {
	const failure = element("p", { class: "failure", role: "alert" });
	const yes = close => element("button", {
		type: "button", class: "primary", "data-action": "confirm",
		onclick: async event => {
			const button = event.currentTarget;
			button.disabled = true;
			try {
				await run();
				close();
			} catch (error) {
				failure.textContent = error.message || String(error.problem);
				button.disabled = false;
			}
		},
	}, verb);
	openDialog(title, [
		element("p", {}, text),
		element("p", {}, element("code", {}, words.join(" "))),
		failure,
	], close => [
		element("button", { type: "button", "data-action": "cancel", onclick: close }, "Cancel"),
		yes(close),
	]);
}
