// The reference pages are whole without this; it adds the search, copying, and trying commands.
"use strict";

/* [page, what it is about, words it is found by] */
const pages = @PAGES@;

const byId = (id) => document.getElementById(id);

function make(tag, properties, ...children) {
	const node = Object.assign(document.createElement(tag), properties);

	node.append(...children);
	return node;
}

/* How well a page fits all words; 0: not at all. The name counts most. */
function fit([name, about, words], asked) {
	let sum = 0;

	for (const word of asked) {
		const at = name.indexOf(word);
		const score = at === 0 ? 8 : at > 0 ? 5 : about.toLowerCase().includes(word) ? 3
			: words.includes(word) ? 1 : 0;

		if (!score) return 0;
		sum += score;
	}
	return sum;
}

function find(text) {
	const asked = text.toLowerCase().split(/\s+/).filter(Boolean);

	if (!asked.length) return [];
	return pages.map((page) => ({ page, score: fit(page, asked) }))
		.filter((one) => one.score).sort((a, b) => b.score - a.score)
		.map((one) => one.page).slice(0, 30);
}

function startSearch() {
	const field = byId("search"), list = byId("found");
	let chosen = -1;

	function choose(index) {
		const rows = [...list.querySelectorAll("[role=option]")];

		chosen = rows.length ? (index + rows.length) % rows.length : -1;
		rows.forEach((row, i) => row.setAttribute("aria-selected", String(i === chosen)));
		if (chosen < 0) {
			field.removeAttribute("aria-activedescendant");
			return;
		}
		field.setAttribute("aria-activedescendant", rows[chosen].id);
		rows[chosen].scrollIntoView({ block: "nearest" });
	}

	function show(isOpen) {
		list.hidden = !isOpen;
		field.setAttribute("aria-expanded", String(isOpen));
	}

	function search() {
		const rows = find(field.value).map(([name, about], i) => {
			const link = make("a", { href: `/docs/${name}`, tabIndex: -1 },
				make("code", { textContent: name }), make("span", { textContent: about }));
			const row = make("li", { id: `found-${i}` }, link);

			row.setAttribute("role", "option");
			return row;
		});
		const isAsked = field.value.trim() !== "";

		list.replaceChildren(...(rows.length || !isAsked ? rows
			: [make("li", { className: "none", textContent: "Nothing is called so." })]));
		show(isAsked);
		choose(0);
	}

	field.addEventListener("input", search);
	field.addEventListener("focus", search);
	field.addEventListener("blur", () => setTimeout(() => show(false), 150));
	field.addEventListener("keydown", (event) => {
		if (event.key === "ArrowDown") choose(chosen + 1);
		else if (event.key === "ArrowUp") choose(chosen - 1);
		else if (event.key === "Enter") list.querySelector("[aria-selected=true] a")?.click();
		else if (event.key === "Escape") show(false);
		else return;
		event.preventDefault();
	});
	document.addEventListener("keydown", (event) => {
		const isTyping = /^(INPUT|TEXTAREA)$/.test(document.activeElement?.tagName ?? "");

		if (event.key !== "/" || isTyping || event.ctrlKey || event.metaKey || event.altKey) return;
		event.preventDefault();
		field.focus();
	});
	field.parentNode.hidden = false;
}

/* Copying needs a safe origin; elsewhere the text is marked, ready for Ctrl C. */
async function copy(code, button) {
	try {
		await navigator.clipboard.writeText(code.textContent);
		button.textContent = "Copied";
	} catch {
		getSelection().selectAllChildren(code);
		button.textContent = "Marked";
	}
	setTimeout(() => { button.textContent = "Copy"; }, 1500);
}

function startCopying() {
	for (const code of document.querySelectorAll("main pre > code")) {
		const button = make("button", { type: "button", textContent: "Copy" });
		const block = make("div", { className: "block" });

		button.addEventListener("click", () => copy(code, button));
		code.parentNode.replaceWith(block);
		block.append(code.parentNode, button);
	}
}

function laidOut(text) {
	const longest = 200000;

	try {
		text = JSON.stringify(JSON.parse(text), null, 2);
	} catch {
		// Shown as it came.
	}
	return text.length > longest ? `${text.slice(0, longest)}\n… (${text.length} characters)` : text;
}

async function send(form) {
	const started = performance.now();
	const answer = await fetch(`/api/v1/commands/${form.dataset.command}`, {
		method: "POST", cache: "no-store", credentials: "omit",
		headers: {
			Authorization: `Bearer ${byId("key").value.trim()}`, "Content-Type": "application/json",
		},
		body: JSON.stringify({ input: JSON.parse(byId("input").value) }),
	});
	const text = await answer.text();

	return { answer, text, ms: performance.now() - started };
}

function startTrying() {
	const form = byId("try"), status = byId("status"), shown = byId("answer");
	const sure = byId("sure"), button = form.querySelector("[type=submit]");

	function say(text, isGood) {
		status.textContent = text;
		status.className = isGood ? "good" : "bad";
	}

	async function run(event) {
		event?.preventDefault();
		shown.hidden = true;
		if (button.disabled) return;
		if (!/^sk-workspace_\w+$/.test(byId("key").value.trim())) {
			say("An API key begins with sk-workspace_; galena key create makes one.", false);
			return;
		}
		try {
			JSON.parse(byId("input").value || "x");
		} catch (error) {
			say(`The input is not JSON: ${error.message}`, false);
			return;
		}
		button.disabled = true;
		say("…", true);
		try {
			const { answer, text, ms } = await send(form);

			say(`${answer.status} ${answer.statusText} in ${Math.round(ms)} ms`, answer.ok);
			shown.textContent = laidOut(text);
			shown.hidden = false;
		} catch (error) {
			say(`No answer: ${error.message}`, false);
		}
		button.disabled = Boolean(sure && !sure.checked);
	}

	if (sure) {
		button.disabled = true;
		sure.checked = false;
		sure.addEventListener("change", () => { button.disabled = !sure.checked; });
	}
	form.addEventListener("submit", run);
	byId("input").addEventListener("keydown", (event) => {
		if (event.key === "Enter" && (event.ctrlKey || event.metaKey)) run(event);
	});
	for (const one of document.querySelectorAll("details.case")) {
		const fill = make("button", { type: "button", className: "fill", textContent: "Try this" });

		fill.addEventListener("click", () => {
			byId("input").value = one.querySelector("pre > code").textContent;
			form.scrollIntoView();
			byId("input").focus();
		});
		one.append(fill);
	}
	form.hidden = false;
}

/* Lines to paste name the server that the page came from. */
for (const code of document.querySelectorAll("main pre > code")) {
	for (const node of code.childNodes) {
		node.data = node.data.replace("http://127.0.0.1:8207", location.origin);
	}
}
startSearch();
startCopying();
if (byId("try")) startTrying();
for (const link of document.querySelectorAll("nav a")) {
	if (link.pathname === location.pathname && !link.hash) link.setAttribute("aria-current", "page");
}
