// What is being written is kept on the server every few seconds, apart for each writer; each is told what others do.

const SAVE_AFTER = 1500,
  BEAT = 15000;
const csrf = () => document.querySelector("meta[name=csrf-token]").content;

export function keepTyping(title, text) {
  const told = document.querySelector("[data-keep]"),
    form = text.form;
  if (!told) return;
  const field = (word) => form.querySelector(`[name$="-${word}"]`);
  let timer = 0,
    number = 0;
  const keep = async () => {
    if (!number) return;
    const body = new URLSearchParams({
      title: title.value,
      text: text.value,
      layout: field("layout").value,
      version: field("version").value,
      number,
    });
    try {
      const answer = await fetch(told.dataset.keep, { method: "POST", body, headers: { "X-CSRFToken": csrf() } });
      if (answer.ok && !answer.redirected) told.innerHTML = await answer.text();
    } catch {
      told.textContent = "网络断了：写的还在这一页上，连上以后自动留存。";
    }
  };
  const typed = () => {
    number = Date.now();
    clearTimeout(timer);
    timer = setTimeout(keep, SAVE_AFTER);
  };
  for (const one of [title, text]) one.addEventListener("input", typed);
  setInterval(() => document.visibilityState === "visible" && keep(), BEAT);
  bringBack(title, text, field, told);
}

function bringBack(title, text, field, told) {
  const unsaved = document.getElementById("unsaved");
  if (!unsaved || text.form.querySelector(".errors, [role=alert]")) return;
  const own = JSON.parse(unsaved.textContent);
  if (title.value !== title.defaultValue || text.value !== text.defaultValue) return;
  title.value = own.title;
  text.value = own.text;
  field("layout").value = JSON.stringify(own.layout);
  const line = document.createElement("p"),
    drop = document.createElement("button");
  line.className = "draft-line";
  line.setAttribute("role", "status");
  line.textContent = "已恢复您上次写的、没有保存的内容。";
  drop.type = "button";
  drop.className = "btn btn-plain btn-sm";
  drop.textContent = "丢弃";
  drop.addEventListener("click", async () => {
    await fetch(told.dataset.keep, {
      method: "POST",
      body: new URLSearchParams({ drop: 1 }),
      headers: { "X-CSRFToken": csrf() },
    });
    text.form.reset();
    line.remove();
  });
  line.append(" ", drop);
  text.form.prepend(line);
  text.form.closest("details").open = true;
}
