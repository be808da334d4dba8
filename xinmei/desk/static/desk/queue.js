// The queue of suspicions: each decision is shown at once and sent six seconds later, or with the next one, so that U can still take it back.
"use strict";

const box = document.getElementById("queue"), line = document.getElementById("queue-said"), HOLD = 6000;
const token = document.querySelector("meta[name=csrf-token]").content;
let gone = [], held = null;

function send(decision, last) {
  const body = new URLSearchParams({ id: decision.id, verb: decision.verb, why: decision.why || "", csrfmiddlewaretoken: token });
  return fetch(box.dataset.decide, { method: "POST", body, keepalive: Boolean(last), headers: { "X-Requested-With": "fetch" } }).then(async (answer) => {
    const said = answer.headers.get("Content-Type")?.startsWith("application/json") ? await answer.json() : { error: "没有办成，请刷新本页后重试。" };
    line.textContent = said.said || `第 ${decision.id} 号没有办成：${said.error}`;
    line.className = said.error ? "note-line red" : "note-line";
  });
}

function flush(last) {
  if (!held) return;
  clearTimeout(held.timer);
  const decision = held;
  held = null;
  send(decision, last);
}

async function next(only) {
  const query = new URLSearchParams({ part: "1", skip: gone.join(","), criterion: box.dataset.criterion });
  if (only) query.set("only", only);
  const answer = await fetch(`${box.dataset.url}?${query}`);
  if (!answer.ok) { line.textContent = "没有读到下一个问题，请刷新本页。"; return; }
  box.innerHTML = await answer.text();
}

box.addEventListener("click", (event) => {
  const button = event.target.closest("[data-verb]");
  if (!button) return;
  const id = box.querySelector("[data-id]").dataset.id, verb = button.dataset.verb;
  if (verb === "undo") {
    if (!held) { line.textContent = "没有可以撤销的决定：已经发送的，请打开那个问题办理。"; return; }
    clearTimeout(held.timer);
    const back = held.id;
    held = null;
    gone = gone.filter((one) => one !== back);
    line.textContent = `已撤销对第 ${back} 号的决定。`;
    next(back);
    return;
  }
  flush();
  if (verb !== "skip") {
    const why = document.getElementById("queue-why").value;
    held = { id, verb, why };
    held.timer = setTimeout(flush, HOLD);
    line.className = "note-line";
    line.textContent = `第 ${id} 号：${verb === "dismiss" ? `不予认定（${why}）` : "确认并发送"}。按 U 撤销。`;
  }
  gone.push(id);
  next();
});

addEventListener("pagehide", () => flush(true));
