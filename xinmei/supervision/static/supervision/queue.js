// The queue of suspicions. Each decision stands in a line of its own for six seconds, in which it is taken back by U or
// by its button; only then is it sent. What was not sent when the page was left, or when the session had ended, is
// kept on this machine and shown again.
// The suspicion after the one that is shown is fetched ahead, so that a key is answered without waiting.

const box = document.getElementById("queue"),
  line = document.getElementById("queue-said"),
  list = document.getElementById("queue-decided"),
  reasons = document.getElementById("queue-why"),
  later = document.getElementById("queue-later"),
  KEPT = `queue ${document.getElementById("sign-in-again").dataset.who}`,
  HOLD = 6,
  CALM = 350; // milliseconds in which a second tap on the same spot means nothing
const WORDS = {
  confirm: "已确认",
  dismiss: "不予认定",
  never_here: "不予认定，本单位不再提示",
  never_anywhere: "不予认定，都不再提示",
  skip: "以后再说",
};
let made = [], // what was decided here, the last one last: held, sending, sent, failed
  done = 0,
  ahead = null,
  busy = 0, // cards that were asked for and are not shown yet
  asking = 0, // how often a card was asked for: the last one asked for is shown
  shownAt = 0;

const card = () => box.querySelector("[data-id]");
const here = () => card()?.dataset.id;
const read = (where) => xinmei.send(where, null, "").then((answer) => (answer?.ok ? answer.text() : null));
function say(text, isRed = false) {
  line.textContent = text;
  line.className = isRed ? "note-line red" : "note-line";
}
const name = (decision) => {
  const many = decision.ids.length > 1 ? ` 等 ${decision.ids.length} 个` : "";
  return `${decision.name}${many} · ${WORDS[decision.verb]}${decision.day ? `到 ${decision.day}` : ""}`;
};

// ── what was decided ──

function keep() {
  const open = made.filter((one) => one.state !== "sent");
  try {
    const held = open.map(({ ids, verb, why, until, day, name }) => ({ ids, verb, why, until, day, name }));
    localStorage.setItem(KEPT, JSON.stringify(held));
  } catch {
    // forbidden by the browser: then what is held is sent when the page is left
  }
}
function draw(decision) {
  const { item, state } = decision;
  item.replaceChildren(document.createTextNode(name(decision)));
  const button = (text, press) => {
    const made = document.createElement("button");
    made.type = "button";
    made.className = "btn btn-plain btn-sm";
    made.textContent = text;
    made.addEventListener("click", press);
    item.append(" · ", made);
  };
  if (state === "held") button(`撤销（${decision.left}）`, () => undo(decision));
  else if (state === "sending") item.append(" · 正在发送");
  else if (state === "failed") {
    item.append(` · 没有送出：${decision.error}`);
    button("再送一次", () => send(decision));
    button("不送了", () => undo(decision));
  } else {
    const link = document.createElement("a");
    link.href = `/findings/${decision.ids[0]}/`;
    link.textContent = "打开";
    item.append(decision.verb === "skip" ? " · " : " · 已发送 · ", link);
  }
  item.className = state === "failed" ? "red" : "";
}
function stand(decision) {
  decision.item = document.createElement("li");
  decision.state = "held";
  decision.left = HOLD;
  made.push(decision);
  list.prepend(decision.item);
  const isSent = (item) => made.find((one) => one.item === item)?.state === "sent";
  while (list.children.length > 5 && isSent(list.lastChild)) list.lastChild.remove();
  decision.timer = setInterval(() => {
    decision.left -= 1;
    if (decision.left > 0) draw(decision);
    else send(decision);
  }, 1000);
  draw(decision);
  keep();
}
async function send(decision, last = false) {
  clearInterval(decision.timer);
  decision.state = "sending";
  if (!last) draw(decision);
  const isLater = decision.verb === "skip";
  const fields = isLater
    ? { id: decision.ids[0], until: decision.until }
    : { id: decision.ids.join(","), verb: decision.verb, why: decision.why };
  const url = isLater ? box.dataset.later : box.dataset.decide;
  if (last) return xinmei.post(url, fields, { keepalive: true }).catch(() => null);
  const answer = await xinmei.send(url, fields, name(decision));
  const told = answer?.headers.get("Content-Type")?.startsWith("application/json") ? await answer.json() : {};
  if (told.said) decision.state = "sent";
  else {
    decision.state = "failed";
    decision.error = told.error || (answer ? "没有办成，请刷新本页后重试" : "还没有登录或没有网络，决定留在本机");
  }
  draw(decision);
  keep();
  if (told.said) say(told.said);
  else say(`没有送出：${name(decision)}`, true);
}
function undo(decision) {
  decision ??= made.filter((one) => one.state === "held").at(-1);
  if (!decision) {
    say("没有可以撤销的决定：已经发送的，请点“打开”办理。");
    return;
  }
  clearInterval(decision.timer);
  made = made.filter((one) => one !== decision);
  decision.item.remove();
  done = Math.max(0, done - decision.ids.length);
  keep();
  say(`已撤销：${name(decision)}`);
  next(decision.ids[0]);
}
function back() {
  const decision = made.at(-1);
  if (!decision) say("前面没有了。");
  else if (decision.state === "held" || decision.state === "failed") undo(decision);
  else if (decision.verb === "skip") {
    xinmei.send(box.dataset.later, { id: decision.ids[0], until: "" }, "").then(() => undo(decision));
  } else say(`上一个（${name(decision)}）已经发送，请点上面的“打开”办理。`);
}

// ── the card ──

function address(besides, count, only) {
  const out = made.filter((one) => one.state !== "sent").flatMap((one) => one.ids);
  const skip = [...new Set([...out, ...besides])].sort();
  const query = new URLSearchParams({ part: "1", skip: skip.join(","), done: count, criterion: box.dataset.criterion });
  if (box.dataset.pass) query.set("pass", box.dataset.pass);
  if (only) query.set("only", only);
  return `${box.dataset.url}?${query}`;
}
async function next(only) {
  busy += 1;
  const mine = (asking += 1),
    where = address([], done, only);
  const text = (ahead && ahead.where === where ? await ahead.text : null) ?? (await read(where));
  busy -= 1;
  if (mine !== asking) return;
  if (text === null) {
    say("没有读到下一个问题，请检查网络或登录，再刷新本页。", true);
    return;
  }
  box.innerHTML = text;
  shownAt = performance.now();
  // Each card starts at its top, for the eye and for whoever listens.
  scrollTo({ top: 0, behavior: "instant" });
  box.querySelector("h2[tabindex]")?.focus({ preventScroll: true });
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
// Those that go along, listed with a sentence each in `place`; they go along as far as they stay ticked.
async function listMembers(place, isHere) {
  const query = new URLSearchParams({ members: here() });
  if (isHere) query.set("here", "1");
  place.textContent = "正在列出……";
  const text = await read(`${box.dataset.url}?${query}`);
  if (text === null) place.textContent = "没有列出来，请再试一次。";
  else place.innerHTML = text;
}
const isListed = (place) => !document.getElementById("queue-same")?.checked || place.querySelector(".members");
const along = (place) => [...place.querySelectorAll("input[name=member]:checked")].map((one) => one.value);
function decide(verb, more) {
  const shown = card(),
    ids = [shown.dataset.id, ...(more.members || [])];
  stand({ ids, verb, why: more.why || "", until: more.until, day: more.day, name: shown.dataset.name });
  done += ids.length;
  say("每次决定都留 6 秒，可以撤销（U），过后发送。");
  next();
}

// ── why, and until when ──

let asked = "";
function askWhy(verb) {
  const shown = card(),
    place = reasons.querySelector("[data-members]"),
    isVeto = Boolean(shown.dataset.veto);
  asked = verb;
  reasons.querySelector("form").reset();
  reasons.querySelector("[data-wrong]").textContent = "";
  reasons.querySelector("[data-about]").textContent = `${shown.dataset.name} · ${WORDS[verb]}`;
  place.textContent = "";
  const going = { never_here: shown.dataset.sameHere, never_anywhere: shown.dataset.same }[verb];
  if (going) listMembers(place, verb === "never_here");
  // A veto is not waved through with a reason that nobody chose.
  const first = reasons.querySelector("[name=reason]");
  first.checked = !isVeto;
  reasons.showModal();
  first.focus();
}
function dismiss() {
  const own = reasons.querySelector("[name=own]").value.trim();
  const why = own || reasons.querySelector("[name=reason]:checked")?.value || "";
  if (!why) {
    reasons.querySelector("[data-wrong]").textContent = "还没有理由：请选一条，或自己写。";
    return;
  }
  const isForGood = ["never_here", "never_anywhere"].includes(asked),
    place = isForGood ? reasons.querySelector("[data-members]") : document.getElementById("queue-members");
  if (isForGood && place.textContent && !place.querySelector(".members")) {
    reasons.querySelector("[data-wrong]").textContent = "一起办的还没有列出来，请看过再办。";
    return;
  }
  reasons.close();
  decide(asked, { why, members: along(place) });
}
reasons.addEventListener("click", (event) => {
  if (event.target.closest("[data-decides]")) dismiss();
});
reasons.addEventListener("keydown", (event) => {
  const isWriting = event.target.name === "own",
    chosen = !isWriting && [...reasons.querySelectorAll("[name=reason]")][Number(event.key) - 1];
  if (chosen) {
    chosen.checked = true;
    event.preventDefault();
    dismiss();
  } else if (event.key === "Enter" && event.target.type !== "button") {
    event.preventDefault();
    dismiss();
  }
});
function putOff(until, day) {
  if (!until) {
    later.querySelector("[data-wrong]").textContent = "请选一天。";
    return;
  }
  later.close();
  decide("skip", { until, day });
}
later.addEventListener("click", (event) => {
  const button = event.target.closest("[data-until]");
  if (!button) return;
  const own = document.getElementById("queue-until").value;
  putOff(button.dataset.until || own, button.dataset.day || own);
});
later.addEventListener("keydown", (event) => {
  const button = event.target.type !== "date" && later.querySelectorAll("[data-day]")[Number(event.key) - 1];
  if (button) {
    event.preventDefault();
    button.click();
  }
});

box.addEventListener("click", (event) => {
  const button = event.target.closest("[data-verb]");
  if (!button) return;
  const verb = button.dataset.verb;
  // Taking back does not wait for the next card: the six seconds do not wait either.
  if (verb === "undo") undo();
  else if (verb === "back") back();
  else if (busy) return;
  else if (performance.now() - shownAt < CALM && event.detail > 0) say("刚换了一个问题，请看清再点。");
  else if (!isListed(document.getElementById("queue-members"))) say("同一规则的那些还没有列出来，请看过再办。");
  else if (verb === "confirm") decide("confirm", { members: along(document.getElementById("queue-members")) });
  else if (verb === "skip") {
    later.querySelector("[data-about]").textContent = card().dataset.name;
    later.querySelector("[data-wrong]").textContent = "";
    later.showModal();
  } else askWhy(verb);
});
box.addEventListener("change", (event) => {
  if (event.target.id !== "queue-same") return;
  const place = document.getElementById("queue-members");
  if (event.target.checked) listMembers(place, false);
  else place.textContent = "";
});

// ── leaving and coming back ──

addEventListener("pagehide", () => {
  for (const one of made.filter((one) => one.state === "held")) send(one, true);
});
async function recall() {
  let open = [];
  try {
    open = JSON.parse(localStorage.getItem(KEPT) || "[]");
    localStorage.removeItem(KEPT);
  } catch {
    return;
  }
  if (!open.length) return;
  // What was sent while leaving has arrived by now, or has not.
  await new Promise((wait) => setTimeout(wait, 1500));
  const ids = open.filter((one) => one.verb !== "skip").map((one) => one.ids[0]);
  if (!ids.length) return;
  const answer = await xinmei.send(`${box.dataset.url}?still=${ids.join(",")}`, null, "");
  const still = answer?.ok ? (await answer.json()).still.map(String) : [];
  for (const decision of open.filter((one) => still.includes(one.ids[0]))) {
    decision.item = document.createElement("li");
    Object.assign(decision, { state: "failed", error: "上次离开时没有送到" });
    made.push(decision);
    list.prepend(decision.item);
    draw(decision);
  }
  keep();
}

// After the scripts of the frame, which log in over the page.
addEventListener("DOMContentLoaded", () => {
  look();
  recall();
});
