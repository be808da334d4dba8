// Behaviour of the common parts: theme, menus, dialogs, copying, filters, lists by keyboard.
// No page needs it to be read.
"use strict";

const typing = (event) =>
  event.target.closest("input:not([type=checkbox]), textarea, select, [contenteditable]") ||
  event.ctrlKey ||
  event.metaKey ||
  event.altKey;
const say = (text) => {
  const live = document.getElementById("live");
  if (live) live.textContent = text;
};

document.addEventListener("click", (event) => {
  const at = (selector) => event.target.closest(selector);
  for (const menu of document.querySelectorAll("details.menu[open]"))
    if (!menu.contains(event.target)) menu.open = false;
  if (at("[data-theme-switch]")) {
    const next = document.documentElement.dataset.bsTheme === "dark" ? "light" : "dark";
    localStorage.setItem("theme", next);
    document.documentElement.dataset.bsTheme = next;
  } else if (at("[data-opens]")) {
    document.getElementById(at("[data-opens]").dataset.opens).showModal();
  } else if (at("[data-closes]")) {
    at("dialog").close();
  } else if (at("[data-copy]")) {
    navigator.clipboard.writeText(at("[data-copy]").dataset.copy).then(() => say("已复制"));
  } else if (at("[data-print]")) {
    window.print();
  } else if (at("[data-fills]")) {
    const button = at("[data-fills]");
    document.getElementById(button.dataset.fills).value = button.dataset.text;
    document.getElementById(button.dataset.fills).focus();
  }
});

// Paper is white, and has the tables of the charts.
let theme = "";
addEventListener("beforeprint", () => {
  theme = document.documentElement.dataset.bsTheme || "";
  document.documentElement.dataset.bsTheme = "light";
  for (const table of document.querySelectorAll(".chart details")) table.open = true;
});
addEventListener("afterprint", () => {
  document.documentElement.dataset.bsTheme = theme || "light";
});

document.addEventListener("change", (event) => {
  if (event.target.matches("[data-submits]")) event.target.form.requestSubmit();
  if (event.target.matches("[data-checks-all]"))
    for (const box of document.querySelectorAll("tbody input[type=checkbox]")) box.checked = event.target.checked;
});

// A masked value: asked for with a reason, shown once, gone when the dialog closes.
const reveal = document.getElementById("reveal");
if (reveal) {
  const said = document.getElementById("reveal-said"),
    reason = document.getElementById("reveal-reason");
  let asked = null;
  document.addEventListener("click", (event) => {
    asked = event.target.closest("[data-reveal]") || asked;
    if (event.target.closest("[data-reveal]")) {
      said.textContent = "";
      reveal.showModal();
      reason.select();
    }
  });
  reveal.addEventListener("close", () => {
    said.textContent = "";
    asked?.focus();
  });
  reveal.addEventListener("submit", async (event) => {
    event.preventDefault();
    const answer = await xinmei.send(
      asked.dataset.reveal,
      { what: asked.dataset.what, reason: reason.value },
      "查看这一项",
    );
    if (!answer) return;
    const told = answer.headers.get("Content-Type")?.startsWith("application/json")
      ? await answer.json()
      : { error: "没有权限，或者这一项已经变了，请刷新本页。" };
    said.textContent = told.value || told.error;
    said.className = told.value ? "strong" : "red";
  });
}

// An address of a filtered list names only the filters that are set.
document.addEventListener("submit", (event) => {
  if (event.target.matches("form[data-filters]"))
    for (const field of event.target.elements) if (field.name && !field.value) field.disabled = true;
});
addEventListener("pageshow", () => {
  for (const field of document.querySelectorAll("form[data-filters] :disabled")) field.disabled = false;
});

// What keys do on every page: one table, for the hand and for the help (`?`). A button with `data-key` comes before it.
const rows = () => [...document.querySelectorAll("table.list tbody tr")].filter((row) => row.querySelector("a.main"));
const placeOf = (all) => all.findIndex((row) => row.contains(document.activeElement));
const step = (by) => () => {
  const all = rows();
  all[Math.max(0, Math.min(all.length - 1, placeOf(all) + by))]?.querySelector("a.main").focus();
};
const inList = () => rows().length > 0;
const KEYS = [
  { key: "/", says: "搜索", press: () => document.getElementById("search")?.focus() },
  { key: "j", shown: "J", says: "列表里的下一行", when: inList, press: step(1) },
  { key: "k", shown: "K", says: "列表里的上一行", when: inList, press: step(-1) },
  {
    key: "x",
    shown: "X",
    says: "勾选这一行",
    when: () => document.querySelector("table.list tbody input[type=checkbox]"),
    press: () => {
      const all = rows();
      all[placeOf(all)]?.querySelector("input[type=checkbox]")?.click();
    },
  },
];

document.addEventListener("keydown", (event) => {
  if (event.key === "Escape") for (const menu of document.querySelectorAll("details.menu[open]")) menu.open = false;
  const key = event.key.toLowerCase(),
    isCtrl = (event.ctrlKey || event.metaKey) && !event.altKey,
    isOpen = document.querySelector("dialog[open]");
  const known = KEYS.find((one) => one.key === key && Boolean(one.ctrl) === isCtrl && (!one.when || one.when()));
  if (!isCtrl) {
    if (typing(event)) return;
    const pressed = document.querySelector(`[data-key="${CSS.escape(key)}"]`);
    if (pressed && !isOpen) {
      pressed.click();
      event.preventDefault();
      return;
    }
  }
  if (!known || isOpen) return;
  known.press();
  event.preventDefault();
});
