// SPDX-License-Identifier: GPL-2.0-or-later
// nft-offload, as a list of words and never through a shell.
/* global cockpit */

// messages are looked at: no translations of the system's
const ENVIRON = ["LC_ALL=C.UTF-8"];

// what was printed comes with the error, too
function spawn(words, superuser) {
	return new Promise((resolve, reject) => {
		cockpit.spawn(words, { superuser, err: "message", environ: ENVIRON })
			.then(resolve, (error, output) => {
				error.output = output;
				reject(error);
			});
	});
}

function parse(output) {
	return JSON.parse(output).nft_offload.filter(entry => !entry.metainfo);
}

// ask("list", "flowtables"): the entries of its JSON
export async function ask(...words) {
	return parse(await spawn(["nft-offload", "-j", ...words], "try"));
}

// The same for "check", which ends with 1 if it found a failure
export async function askCheck() {
	try {
		return await ask("check");
	} catch (error) {
		if (error.exit_status === 1 && error.output)
			return parse(error.output);
		throw error;
	}
}

// A command as JSON: what people typed cannot become another command
export function askCommand(command) {
	return ask(JSON.stringify({ nft_offload: [command] }));
}

export const setWords = words => ["nft-offload", "set", ...words];

export const set = words => spawn(setWords(words), "require");

export const journal = lines => spawn(["journalctl", "--unit=nft-offload.service", "--output=json",
	"--no-pager", "--quiet", `--lines=${lines}`], "try");

const PLAIN = /^[A-Za-z0-9._/:@-]+$/;

// A name of a table or flowtable, as the tool's grammar wants it
export function quote(name) {
	if (PLAIN.test(name))
		return name;
	let text = "";
	for (const c of name) {
		if (c === '"' || c === "\\")
			text += "\\" + c;
		else if (c < " " || c === "\x7f")
			text += "\\x" + c.charCodeAt(0).toString(16).padStart(2, "0");
		else
			text += c;
	}
	return `"${text}"`;
}
