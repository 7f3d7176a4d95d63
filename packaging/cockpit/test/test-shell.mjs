// SPDX-License-Identifier: GPL-2.0-or-later
// The page inside of Cockpit's shell, where it is installed (package cockpit-system).
import { existsSync } from "node:fs";
import { router } from "./fixtures.mjs";

const frameHas = (page, selector, wanted) => page.until((s, w) => {
	const frame = [...document.querySelectorAll("iframe")].find(f => f.src.includes("nft-offload"));
	return frame?.contentDocument.querySelector(s)?.textContent.includes(w);
}, `${selector} has "${wanted}"`, selector, wanted);

export const shellTests = [
	{
		name: "shell: a link in the menu, the page in a frame, dark with the shell",
		skip: !existsSync("/usr/share/cockpit/shell") && "cockpit-system is not installed",
		async run({ page, cockpit, url, ok, picture }) {
			cockpit.fixture(router());
			await page.go(new URL("/nft-offload", url).href);
			await frameHas(page, "#numbers", "14");
			await page.until(() => [...document.querySelectorAll("nav a")].some(a => a.textContent === "Flow offload"), "the link");
			ok(await page.run(() => document.title.includes("Flow offload")), "the title");
			const dark = () => page.run(() => [...document.querySelectorAll("iframe")]
				.find(f => f.src.includes("nft-offload")).contentDocument.documentElement.classList.contains("dark"));
			ok(!await dark(), "it is dark");
			try {
				await page.run(() => localStorage.setItem("shell:style", "dark"));
				for (let i = 0; i < 40 && !await dark(); i++)
					await new Promise(resolve => setTimeout(resolve, 50));
				ok(await dark(), "it is not dark");
			} finally {
				await page.run(() => localStorage.removeItem("shell:style"));
			}
			await picture("shell");
			// what the shell itself has to say is not ours
			page.errors = page.errors.filter(error => error.includes("nft-offload"));
		},
	},
];
