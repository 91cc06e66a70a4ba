// Makes the page instant. The page works without it, by links and forms. Attributes from the server hold all texts.

const find = (selector, root = document) => root.querySelector(selector);
const all = (selector, root = document) => [...root.querySelectorAll(selector)];
const main = find("main");
const form = find("form.search");
const box = form?.elements.q;
const said = find("#said");

document.documentElement.classList.add("scripted");

/** Announces a text; shows it if `isSeen`. */
function say(text, isSeen = false) {
  said.textContent = text;
  said.className = isSeen && text ? "said" : "unseen";
}

// Results while typing

const TYPING_MS = 250;
const SLOW_MS = 500;
const LATE_MS = 10_000;
const cache = new Map();

/** The address of the results on the page; the browser's address may be ahead. */
let shown = addressOf(location.href);
/** The running request. Answers to earlier ones are ignored. */
let load = null;
let typing = 0;
/** Whether the history has an entry for the current typing. */
let isRecorded = false;

function addressOf(href) {
  const url = new URL(href, location.href);
  url.hash = "";
  return url.href;
}

/** Returns whether typing loads results. On an article's page it does not. */
const isInstant = () => Boolean(box) && document.body.matches(".home, .results");

/** Returns a form's address without its empty fields. */
function wanted(of = form) {
  const url = new URL(of.action);
  url.search = new URLSearchParams([...new FormData(of)].filter(([, value]) => value));
  return url.href;
}

function stop() {
  clearTimeout(typing);
  load?.abort();
  settle();
}

function settle() {
  load = null;
  main.removeAttribute("aria-busy");
}

/** Loads a page and shows it. Returns false on failure, undefined if another request replaced it. */
async function show(href) {
  stop();
  const mine = new AbortController();
  load = mine;
  const slow = setTimeout(() => {
    main.setAttribute("aria-busy", "true");
    say(said.dataset.loading, true);
  }, SLOW_MS);
  try {
    const answer = await fetch(href, { headers: { accept: "text/html" }, signal: AbortSignal.any([mine.signal, AbortSignal.timeout(LATE_MS)]) });
    const text = await answer.text();
    if (load !== mine) return;
    if (!answer.ok || answer.redirected) throw new Error(answer.statusText);
    cache.delete(href);
    cache.set(href, text);
    if (cache.size > 20) cache.delete(cache.keys().next().value);
    swap(text);
    shown = href;
    return true;
  } catch {
    if (load !== mine) return;
    say(said.dataset.failed, true);
    return false;
  } finally {
    clearTimeout(slow);
    // The typing timer goes on: more may have been typed.
    if (load === mine) settle();
  }
}

/** Replaces the page around the search box, which keeps its focus and caret. */
function swap(text) {
  const page = new DOMParser().parseFromString(text, "text/html");
  const open = all("details[id][open]", main).map((details) => details.id);
  main.replaceChildren(...find("main", page).childNodes);
  for (const id of open) document.getElementById(id)?.setAttribute("open", "");
  for (const selector of [".masthead .name", ".masthead .language", ".colophon"]) {
    find(selector)?.replaceWith(find(selector, page) ?? "");
  }
  for (const selector of ["link[rel=alternate]", "meta[name=robots]"]) {
    all(selector).forEach((element) => element.remove());
    document.head.append(...all(selector, page));
  }
  all("input[type=hidden]", form).forEach((input) => input.remove());
  form.append(...all("form.search input[type=hidden]", page));
  document.body.className = page.body.className;
  document.title = page.title;
  rove();
  say(find(".count", main)?.innerText ?? "");
  return page;
}

async function searchNow() {
  const href = wanted();
  if (!box.value.trim() || (href === shown && !load)) return stop();
  if (!(await show(href))) return;
  history[isRecorded ? "replaceState" : "pushState"](null, "", href);
  isRecorded = true;
}

function typed() {
  suggestSoon();
  if (!isInstant()) return;
  clearTimeout(typing);
  typing = setTimeout(searchNow, TYPING_MS);
}

addEventListener("popstate", async () => {
  const href = addressOf(location.href);
  // A step to a match changes only the hash.
  if (href === shown) return;
  if (!isInstant()) return location.reload();
  stop();
  isRecorded = false;
  closeList();
  if (cache.has(href)) {
    swap(cache.get(href));
    shown = href;
  } else if (!(await show(href))) {
    return location.reload();
  }
  box.value = asked(href);
});

const asked = (href) => new URL(href).searchParams.get("q") ?? "";

// Filters beside the results load in place and add a history entry, as links do

async function choose(href, link) {
  isRecorded = false;
  const [group, name] = [link?.closest("[id]")?.id, link?.textContent];
  const isShown = await show(href);
  if (isShown === false) location.assign(href);
  if (!isShown) return;
  history.pushState(null, "", href);
  box.value = asked(href);
  (all(`#${group} a`).find((other) => other.textContent === name) ?? main).focus({ preventScroll: true });
}

main.addEventListener("click", (event) => {
  const link = event.target.closest(".head a, .filters a");
  if (!link || event.ctrlKey || event.metaKey || event.shiftKey || event.altKey) return;
  event.preventDefault();
  choose(addressOf(link.getAttribute("href")), link);
});

main.addEventListener("submit", (event) => {
  if (event.target.name !== "between") return;
  event.preventDefault();
  choose(wanted(event.target));
});

// Articles over time: bars are selected by dragging, or with Shift and arrow keys

const bars = () => all(".over-time svg a");
/** The first and last bar of a new selection. */
let range = null;

/** Tab reaches one bar, arrow keys the others. */
function rove(at = bars()[0]) {
  for (const bar of bars()) bar.tabIndex = bar === at ? 0 : -1;
}

function stretch(from, to) {
  range = from && [from, to];
  const ends = (range ?? []).map((end) => bars().indexOf(end)).sort((a, b) => a - b);
  bars().forEach((bar, i) => bar.classList.toggle("chosen", i >= ends[0] && i <= ends[1]));
  return ends.map((i) => bars()[i]);
}

function takeRange() {
  const [first, last] = stretch(...range);
  const { between } = document.forms;
  between.from.value = first.dataset.from;
  between.to.value = last.dataset.to;
  range = null;
  choose(wanted(between));
}

const barAt = (event) => document.elementFromPoint(event.clientX, event.clientY)?.closest(".over-time svg a");

main.addEventListener("dragstart", (event) => event.target.closest?.(".over-time") && event.preventDefault());
main.addEventListener("pointerdown", (event) => {
  const bar = !event.button && barAt(event);
  range = bar && [bar, bar];
});
addEventListener("pointermove", (event) => {
  const bar = range && event.buttons && barAt(event);
  if (bar && bar !== range[1]) stretch(range[0], bar);
});
addEventListener("pointerup", () => range && (range[0] === range[1] ? stretch() : takeRange()));
addEventListener("pointercancel", () => stretch());

function barKey(bar, { key, shiftKey }) {
  const isForwards = (key === "ArrowLeft") === (document.documentElement.dir === "rtl");
  const next = bars()[bars().indexOf(bar) + (isForwards ? 1 : -1)];
  if (range && key === "Enter") return takeRange(), true;
  if (range && key === "Escape") return stretch(), true;
  if (!next || !/^Arrow(Lef|Righ)t$/.test(key)) return false;
  rove(next);
  next.focus();
  const ends = stretch(shiftKey ? (range?.[0] ?? bar) : undefined, next);
  if (ends.length) say(ends.map((end) => end.ariaLabel).join(" – "));
  return true;
}

rove();

// The browser keeps the page for the way back, without a request that is cut off.
addEventListener("pagehide", () => {
  stop();
  say("");
});

form?.addEventListener("submit", (event) => {
  closeList();
  const isShown = isRecorded && wanted() === shown && !load;
  stop();
  isRecorded = false;
  if (isShown) {
    event.preventDefault();
    main.focus({ preventScroll: true });
  }
});

// Suggestions: a combobox of ARIA 1.2

const SUGGEST_MS = 120;
const list = document.createElement("ul");
let suggesting = null;
let suggestTimer = 0;
let active = -1;

const isOpen = () => box.getAttribute("aria-expanded") === "true";

function closeList() {
  clearTimeout(suggestTimer);
  suggesting?.abort();
  suggesting = null;
  if (!box) return;
  list.hidden = true;
  box.setAttribute("aria-expanded", "false");
  activate(-1);
}

function suggestSoon() {
  clearTimeout(suggestTimer);
  suggestTimer = setTimeout(suggest, SUGGEST_MS);
}

async function suggest() {
  closeList();
  const text = box.value;
  if (!text.trim()) return;
  const mine = new AbortController();
  suggesting = mine;
  try {
    const query = new URLSearchParams({ q: text, limit: "6" });
    const answer = await fetch(`/api/v1/suggest?${query}`, { signal: mine.signal });
    if (!answer.ok) return;
    const { suggestions } = await answer.json();
    if (suggesting === mine && document.activeElement === box) openList(suggestions);
  } catch {
    // The box works without suggestions.
  }
}

function openList(suggestions) {
  const others = suggestions.filter(({ text }) => text !== box.value.trim());
  list.replaceChildren(...others.map(option));
  if (others.length === 0) return closeList();
  list.hidden = false;
  box.setAttribute("aria-expanded", "true");
  activate(-1);
}

function option({ text, kind }, i) {
  const item = document.createElement("li");
  item.role = "option";
  item.id = `suggestion-${i}`;
  item.append(part("span", text), " ", part("small", form.dataset[kind] ?? kind));
  item.firstChild.dir = "auto";
  item.dataset.text = text;
  return item;
}

const part = (tag, textContent) => Object.assign(document.createElement(tag), { textContent });

function activate(i) {
  active = i;
  all("[role=option]", list).forEach((item, place) => item.setAttribute("aria-selected", String(place === i)));
  if (i < 0) box.removeAttribute("aria-activedescendant");
  else box.setAttribute("aria-activedescendant", `suggestion-${i}`);
}

function take(item) {
  box.value = item.dataset.text;
  form.requestSubmit();
}

function boxKey(event) {
  if (event.isComposing) return;
  const { key } = event;
  if ((key === "ArrowDown" || key === "ArrowUp") && isOpen()) {
    // The box comes after the last suggestion.
    const places = list.children.length + 1;
    const step = key === "ArrowDown" ? 1 : -1;
    activate(((active + 1 + step + places) % places) - 1);
  } else if (key === "ArrowDown") {
    suggest();
  } else if (key === "Enter" && isOpen() && active >= 0) {
    take(list.children[active]);
  } else if (key === "Escape") {
    // The first Escape closes the list, the second leaves the box.
    if (isOpen()) closeList();
    else main.focus({ preventScroll: true });
  } else {
    return;
  }
  event.preventDefault();
}

if (box) {
  list.id = "suggestions";
  list.role = "listbox";
  list.ariaLabel = form.dataset.suggestions;
  box.role = "combobox";
  box.ariaAutoComplete = "list";
  box.setAttribute("aria-controls", list.id);
  closeList();
  form.append(list);
  box.addEventListener("input", (event) => event.isComposing || typed());
  box.addEventListener("compositionend", typed);
  box.addEventListener("keydown", boxKey);
  box.addEventListener("blur", () => {
    isRecorded = false;
    closeList();
  });
  // Keeps the focus in the box.
  list.addEventListener("pointerdown", (event) => event.preventDefault());
  list.addEventListener("click", (event) => {
    const item = event.target.closest("[role=option]");
    if (item) take(item);
  });
}

// Matches of an article

const marks = all(".sheet mark[id]");
let mark = marks.findIndex((one) => `#${one.id}` === location.hash);

function stepMark(step) {
  if (marks.length === 0) return;
  mark = mark < 0 && step < 0 ? marks.length - 1 : (mark + step + marks.length) % marks.length;
  // A step between matches is no entry in the history.
  location.replace(`#${marks[mark].id}`);
}

function tellMark() {
  mark = marks.findIndex((one) => `#${one.id}` === location.hash);
  const place = find(".walk .place");
  if (!place || mark < 0) return;
  place.textContent = place.dataset.of.replace("{number}", mark + 1).replace("{total}", marks.length);
  say(place.textContent);
}

addEventListener("hashchange", tellMark);
tellMark();

// Keys

const LETTERS = { KeyJ: "j", KeyK: "k", KeyN: "n", KeyP: "p" };
const SIGNS = { "؟": "?", "ظ": "/" };
const dialog = find("#keys");
const consent = find("#keys-on");

/** Returns the key by its letter, or by its position on a keyboard without Latin letters. */
function keyOf({ key, code }) {
  if (/^[a-z]$/i.test(key)) return key.toLowerCase();
  return LETTERS[code] ?? SIGNS[key] ?? key;
}

/** Whether single keys are on. Dictation would press them by accident. */
function setting(value) {
  try {
    if (value) localStorage.setItem("keys", value);
    return localStorage.getItem("keys");
  } catch {
    return value;
  }
}

function stepHit(step) {
  const hits = all(".hits h2 a");
  const at = hits.indexOf(document.activeElement);
  hits[at < 0 ? 0 : Math.min(Math.max(at + step, 0), hits.length - 1)]?.focus();
}

const ACTIONS = {
  "/": () => (box?.focus(), box?.select()),
  "?": () => dialog.showModal(),
  j: () => stepHit(1),
  k: () => stepHit(-1),
  n: () => stepMark(1),
  p: () => stepMark(-1),
};
const FROM_A_HIT = { ArrowDown: ACTIONS.j, ArrowUp: ACTIONS.k, Escape: ACTIONS["/"] };

addEventListener("keydown", (event) => {
  const { target } = event;
  if (event.defaultPrevented || event.isComposing || event.ctrlKey || event.metaKey || event.altKey) return;
  if (target.closest("input, select, textarea, dialog")) return;
  const bar = target.closest(".over-time svg a");
  if (bar && barKey(bar, event)) return event.preventDefault();
  const key = keyOf(event);
  const single = consent?.checked ? ACTIONS[key] : undefined;
  const action = single ?? (target.closest(".hits h2 a") ? FROM_A_HIT[key] : undefined);
  if (!action) return;
  event.preventDefault();
  action();
});

if (consent) {
  consent.checked = setting() !== "off";
  consent.addEventListener("change", () => setting(consent.checked ? "on" : "off"));
}

// Buttons

async function copy(button) {
  const source = find(button.dataset.copy || "#none");
  const text = source ? source.innerText.trim() : location.href;
  try {
    await navigator.clipboard.writeText(text);
    say(said.dataset.copied, true);
  } catch {
    // The clipboard needs a secure connection.
    if (source) getSelection().selectAllChildren(source);
    say(source ? said.dataset.marked : text, true);
  }
  setTimeout(() => say(""), 4000);
}

document.addEventListener("click", (event) => {
  const button = event.target.closest("[data-copy], [data-step], [data-keys]");
  if (!button) return;
  if (button.dataset.step) stepMark(Number(button.dataset.step));
  else if ("copy" in button.dataset) copy(button);
  else dialog.showModal();
});
