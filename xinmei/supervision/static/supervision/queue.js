// The queue of suspicions: each decision is shown at once and sent six seconds later, or with the next one,
// so that U can still take it back.
// The suspicion after the one that is shown is fetched ahead, so that a key is answered without waiting.
"use strict";

const box = document.getElementById("queue"),
  line = document.getElementById("queue-said"),
  HOLD = 6000;
const token = document.querySelector("meta[name=csrf-token]").content;
const WORDS = {
  confirm: "确认并发送",
  dismiss: "不予认定",
  never_here: "不予认定，本单位不再提示",
  never_anywhere: "不予认定，都不再提示",
};
let off = [],
  sending = [],
  held = null,
  done = 0,
  ahead = null,
  busy = false;

function send(decision, last) {
  const body = new URLSearchParams({
    id: decision.ids.join(","),
    verb: decision.verb,
    why: decision.why,
    csrfmiddlewaretoken: token,
  });
  sending.push(...decision.ids);
  return fetch(box.dataset.decide, {
    method: "POST",
    body,
    keepalive: Boolean(last),
    headers: { "X-Requested-With": "fetch" },
  }).then(async (answer) => {
    const said = answer.headers.get("Content-Type")?.startsWith("application/json")
      ? await answer.json()
      : { error: "没有办成，请刷新本页后重试。" };
    sending = sending.filter((id) => !decision.ids.includes(id));
    line.textContent = said.said || `第 ${decision.ids[0]} 号没有办成：${said.error}`;
    line.className = said.error ? "note-line red" : "note-line";
  });
}

function flush(last) {
  if (!held) return;
  clearTimeout(held.timer);
  const decision = held;
  held = null;
  if (decision.verb !== "skip") send(decision, last);
}

// The address of the suspicion after those put off, those under way and `besides`.
function address(besides, count, only) {
  const skip = [...new Set([...off, ...sending, ...(held ? held.ids : []), ...besides])].sort();
  const query = new URLSearchParams({ part: "1", skip: skip.join(","), done: count, criterion: box.dataset.criterion });
  if (only) query.set("only", only);
  return `${box.dataset.url}?${query}`;
}

const read = (where) =>
  fetch(where)
    .then((answer) => (answer.ok ? answer.text() : null))
    .catch(() => null);
const here = () => box.querySelector("[data-id]")?.dataset.id;

async function next(only) {
  busy = true;
  const where = address([], done, only);
  const text = await (ahead && ahead.where === where ? ahead.text : read(where));
  busy = false;
  if (text === null) {
    line.textContent = "没有读到下一个问题，请刷新本页。";
    return;
  }
  box.innerHTML = text;
  look();
}

function look() {
  const words = box.querySelector(".evidence .text"),
    mark = words?.querySelector("mark");
  if (mark) words.scrollTop = mark.offsetTop - words.offsetTop - words.clientHeight / 3;
  if (!here()) {
    ahead = null;
    return;
  }
  const where = address([here()], done + 1);
  ahead = { where, text: read(where) };
}

function undo() {
  if (!held) {
    line.textContent = "没有可以撤销的决定：已经发送的，请打开那个问题办理。";
    return;
  }
  clearTimeout(held.timer);
  const back = held.ids;
  held = null;
  off = off.filter((id) => !back.includes(id));
  done -= back.length;
  line.textContent =
    back.length > 1 ? `已撤销对第 ${back[0]} 号等 ${back.length} 个的决定。` : `已撤销对第 ${back[0]} 号的决定。`;
  next(back[0]);
}

box.addEventListener("click", (event) => {
  const button = event.target.closest("[data-verb]");
  if (!button || busy) return;
  const verb = button.dataset.verb,
    shown = box.querySelector("[data-id]");
  if (verb === "undo") {
    undo();
    return;
  }
  flush();
  // What is not shown again takes along what waits of it: at this unit, or everywhere.
  const along =
    { never_here: shown.dataset.sameHere, never_anywhere: shown.dataset.same }[verb] ??
    (verb !== "skip" && document.getElementById("queue-same")?.checked ? shown.dataset.same : "");
  const ids = [shown.dataset.id, ...(along ? along.split(",") : [])];
  const why = document.getElementById("queue-why").value;
  held = { ids, verb, why };
  if (verb === "skip") off.push(...ids);
  else held.timer = setTimeout(flush, HOLD);
  done += ids.length;
  line.className = "note-line";
  const many = ids.length > 1 ? `等 ${ids.length} 个` : "";
  line.textContent =
    verb === "skip"
      ? `第 ${ids[0]} 号：以后再说。`
      : `第 ${ids[0]} 号${many}：${WORDS[verb]}${verb === "confirm" ? "" : `（${why}）`}。按 U 撤销。`;
  next();
});

look();
addEventListener("pagehide", () => flush(true));
