// Hands that stay on the keyboard: one line for pages, units, accounts and what can be done here (Ctrl K); suggestions
// in the search box; fields that take the code of a unit, an account or a post, chosen by its name; the keys of this
// page (?). What can be done here is read from the page itself, so it is what its buttons offer. Nothing is done by
// choosing it: the form is opened, or the button gets the focus.

const palette = document.getElementById("palette"),
  help = document.getElementById("keys-help"),
  WAIT = 120; // milliseconds without a key before the server is asked

const make = (name, text = "", look = "") => {
  const made = document.createElement(name);
  made.textContent = text;
  if (look) made.className = look;
  return made;
};
const words = (element) => element.innerText.replace(/\s+/g, " ").trim();
const isSeen = (element) => element.getClientRects().length > 0;
const fetched = (address) =>
  fetch(address, { headers: { "X-Requested-With": "fetch" } })
    .then((answer) => (answer.ok ? answer.json() : null))
    .catch(() => null);
async function suggest(q, kind = "", of = "") {
  const told = q && (await fetched(`${palette.dataset.suggest}?${new URLSearchParams({ q, kind, of })}`));
  return told?.items || [];
}

// ── a line with a list below it: arrows choose, Enter takes ──

class Combo {
  constructor(input, list, find, take) {
    Object.assign(this, { input, list, find, take, at: -1, asked: 0, options: [] });
    input.addEventListener("input", () => {
      clearTimeout(this.timer);
      this.timer = setTimeout(() => this.look(), WAIT);
    });
    input.addEventListener("keydown", (event) => this.press(event));
    list.addEventListener("mousedown", (event) => event.preventDefault());
    list.addEventListener("click", (event) => {
      const place = this.options.findIndex((one) => one.item === event.target.closest("[role=option]"));
      if (place >= 0) this.take(this.options[place]);
    });
  }
  async look() {
    clearTimeout(this.timer);
    const turn = ++this.asked,
      found = await this.find(this.input.value.trim());
    if (turn === this.asked) this.draw(found);
  }
  draw(options) {
    this.options = options;
    this.drawnFor = this.input.value;
    let group = "";
    const items = [];
    for (const [place, one] of options.entries()) {
      if (one.group && one.group !== group) {
        group = one.group;
        items.push(Object.assign(make("li", group, "group"), { role: "presentation" }));
      }
      one.item = make("li");
      one.item.id = `${this.list.id}-${place}`;
      one.item.setAttribute("role", "option");
      one.item.append(make("span", one.title));
      if (one.below) one.item.append(make("span", one.below, "sub"));
      items.push(one.item);
    }
    this.list.replaceChildren(...items);
    this.show(options.length > 0);
    this.choose(this.chooses ? 0 : -1);
  }
  show(isOpen) {
    if (!this.stays) this.list.hidden = !isOpen;
    this.input.setAttribute("aria-expanded", String(isOpen));
  }
  choose(place) {
    this.at = Math.min(place, this.options.length - 1);
    for (const [number, one] of this.options.entries())
      one.item.setAttribute("aria-selected", String(number === this.at));
    const chosen = this.options[this.at]?.item;
    chosen?.scrollIntoView({ block: "nearest" });
    if (chosen) this.input.setAttribute("aria-activedescendant", chosen.id);
    else this.input.removeAttribute("aria-activedescendant");
  }
  press(event) {
    const step = { ArrowDown: 1, ArrowUp: -1 }[event.key],
      count = this.options.length;
    if (event.isComposing) return;
    if (step && count) this.choose((this.at + step + count) % count);
    else if (event.key === "Enter" && this.drawnFor !== this.input.value) {
      // typed faster than it was answered: what is listed is not yet what is meant
      if (!this.chooses) return;
      this.look().then(() => this.options[this.at] && this.take(this.options[this.at]));
    } else if (event.key === "Enter" && this.options[this.at]) this.take(this.options[this.at]);
    else if (event.key === "Escape" && !this.stays && !this.list.hidden) this.close();
    else return;
    event.preventDefault();
  }
  close() {
    clearTimeout(this.timer);
    this.asked += 1;
    this.draw([]);
  }
}
function asCombo(input, list) {
  for (const [name, value] of [["role", "combobox"], ["aria-autocomplete", "list"], ["aria-expanded", "false"]])
    input.setAttribute(name, value);
  input.setAttribute("aria-controls", list.id);
}

// ── the palette ──

const KINDS = { unit: "单位", account: "账号" };
function actsHere() {
  const offered = [...document.querySelectorAll("main [data-act]")].filter(isSeen).map((place) => ({
    title: place.dataset.act,
    go: () => reach(place),
  }));
  const beside = [...document.querySelectorAll(".head .push a.btn, .head .push button, main [data-key]")]
    .filter((one) => isSeen(one) && !one.closest("[data-act]"))
    .map((one) => ({ title: nameOf(one), go: () => (one.href ? location.assign(one.href) : one.focus()) }));
  return [...offered, ...beside].map((one) => ({ ...one, group: "在本页办" }));
}
function reach(place) {
  if (place.tagName === "DETAILS") place.open = true;
  place.scrollIntoView({ block: "start" });
  const field = "input:not([type=hidden]), textarea, select, button";
  [...place.querySelectorAll(field)].find(isSeen)?.focus({ preventScroll: true });
}
function pages() {
  const ways = document.querySelectorAll(".side nav a, .side .foot a, .top .menu .sheet a"),
    known = new Map();
  for (const way of ways) if (!known.has(way.href)) known.set(way.href, way.textContent.replace(/\s+/g, " ").trim());
  return [...known].map(([href, title]) => ({ title, group: "页面", go: () => location.assign(href) }));
}
let here = [],
  letters = null;
// The first letters of what stands on this page: asked for once, when letters are typed.
async function learn() {
  const asked = new URLSearchParams(here.map((one) => ["of", one.title]));
  const told = await fetched(`${palette.dataset.initials}?${asked}`);
  if (told) letters = new Map(here.map((one, place) => [one.title, told.of[place]]));
}
function goesBy(title, typed) {
  const known = letters?.get(title) || [];
  return known.some(
    (_, start) =>
      start + typed.length <= known.length && [...typed].every((letter, at) => known[start + at].includes(letter)),
  );
}
async function findAll(q) {
  if (!q) return here;
  const typed = q.toLowerCase(),
    isLetters = /^[a-z0-9]{2,}$/.test(typed);
  if (isLetters && !letters) await learn();
  const near = here.filter((one) => one.title.toLowerCase().includes(typed) || (isLetters && goesBy(one.title, typed)));
  const far = (await suggest(q)).map((one) => ({
    ...one,
    group: KINDS[one.kind] || "别的",
    go: () => location.assign(one.address),
  }));
  const all = `${palette.dataset.search}?${new URLSearchParams({ q })}`;
  return [...near, ...far, { group: "搜索", title: `搜索“${q}”的全部结果`, go: () => location.assign(all) }];
}
const line = document.getElementById("palette-words"),
  combo = new Combo(line, document.getElementById("palette-list"), findAll, (one) => {
    palette.close();
    one.go();
  });
Object.assign(combo, { stays: true, chooses: true });
function openPalette() {
  if (document.querySelector("dialog[open]")) return;
  here = [...actsHere(), ...pages()];
  letters = null;
  line.value = "";
  palette.showModal();
  line.focus();
  combo.draw(here);
}

// ── the keys ──

const nameOf = (element) => {
  const copy = (element.closest("label") || element).cloneNode(true);
  for (const key of copy.querySelectorAll("kbd, input, svg")) key.remove();
  return copy.textContent.replace(/\s+/g, " ").trim() || element.getAttribute("aria-label") || "";
};
function openHelp() {
  if (document.querySelector("dialog[open]")) return;
  const own = [...document.querySelectorAll("[data-key]")]
    .filter(isSeen)
    .map((one) => [one.dataset.key.toUpperCase(), nameOf(one)]);
  const everywhere = KEYS.filter((one) => !one.when || one.when()).map((one) => [one.shown || one.key, one.says]),
    rows = [...own, ...everywhere];
  const list = help.querySelector("dl");
  list.replaceChildren(
    ...rows.flatMap(([key, says]) => {
      const term = make("dt");
      term.append(make("kbd", key));
      return [term, make("dd", says)];
    }),
  );
  help.showModal();
}
KEYS.push(
  { key: "k", shown: "Ctrl K", ctrl: true, says: "找页面、单位、账号，办本页的事", press: openPalette },
  { key: "?", says: "这张快捷键表", press: openHelp },
);
document.addEventListener("click", (event) => {
  if (event.target.closest("[data-palette]")) openPalette();
  if (event.target === palette) palette.close(); // beside it
});
line.addEventListener("keydown", (event) => {
  if ((event.key !== "?" && event.key !== "？") || line.value) return;
  event.preventDefault();
  palette.close();
  openHelp();
});

// ── the search box ──

const box = document.getElementById("search");
if (box) {
  const list = document.getElementById("search-list");
  asCombo(box, list);
  const found = new Combo(
    box,
    list,
    async (q) => (await suggest(q)).map((one) => ({ ...one, group: KINDS[one.kind] || "别的" })),
    (one) => location.assign(one.address),
  );
  box.addEventListener("blur", () => found.close());
}

// ── fields that take a code ──

for (const field of document.querySelectorAll("input[data-pick]")) {
  const list = make("ul", "", "options"),
    said = make("div", "", "picked"),
    prefix = field.name.slice(0, field.name.lastIndexOf("-") + 1),
    of = () => field.form?.elements[prefix + field.dataset.of]?.value || "";
  list.id = `${field.id}-list`;
  list.hidden = true;
  list.setAttribute("role", "listbox");
  list.setAttribute("aria-label", "可选的");
  said.setAttribute("aria-live", "polite");
  field.after(list, said);
  asCombo(field, list);
  const tell = (one) => {
    said.textContent = one ? `${one.title}（${one.below}）` : "";
  };
  const found = new Combo(
    field,
    list,
    async (q) => {
      tell(null);
      return suggest(q, field.dataset.pick, of());
    },
    (one) => {
      field.value = one.value;
      found.close();
      tell(one);
      field.dispatchEvent(new Event("change", { bubbles: true }));
    },
  );
  field.addEventListener("blur", () => found.close());
  if (field.value)
    suggest(field.value, field.dataset.pick, of()).then((all) => tell(all.find((one) => one.value === field.value)));
}

// ── a sentence that is marked, with mouse or finger, goes along to where a finding is entered ──

const bar = make("a", "", "quote-bar btn btn-primary no-print"),
  MOST_QUOTED = 300;
function marked() {
  const chosen = getSelection(),
    place = chosen?.anchorNode?.parentElement?.closest("[data-quotes]");
  if (!place || chosen.isCollapsed || !place.contains(chosen.focusNode)) return null;
  const text = chosen.toString().replace(/\s+/g, " ").trim().slice(0, MOST_QUOTED);
  return text ? { text, place } : null;
}
document.addEventListener("selectionchange", () => {
  const found = marked(),
    way = document.querySelector("a[data-enters]");
  if (found?.place.dataset.quotes) {
    const field = document.getElementById(found.place.dataset.quotes);
    field.value = found.text;
    field.dispatchEvent(new Event("input", { bubbles: true }));
  } else if (found && way) {
    const to = new URL(way.href);
    to.searchParams.set("quote", found.text);
    bar.href = to;
    bar.textContent = `录入问题：“${found.text.length > 20 ? `${found.text.slice(0, 20)}…` : found.text}”`;
    if (!bar.isConnected) document.querySelector("main").append(bar);
  } else bar.remove();
});
