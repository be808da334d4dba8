// As one types a title or a text, the server says what the screening finds; nothing of it is kept. Without this script
// the same stands on the page of the saved draft.

const beside = document.querySelector("[data-check]"),
  title = document.getElementById("id_write-title") || document.getElementById("id_amend-title"),
  text = document.getElementById("id_write-text") || document.getElementById("id_amend-text"),
  BESIDE = ["origin", "source", "layout"],
  WAIT = 300;
let timer = 0,
  asked = 0;

async function check() {
  const mine = ++asked,
    body = new URLSearchParams({ title: title.value, text: text.value });
  for (const name of BESIDE) {
    const field = text.form.elements[`write-${name}`];
    if (field) body.set(name, field.value);
  }
  try {
    const answer = await fetch(beside.dataset.check, {
      method: "POST",
      body,
      headers: { "X-CSRFToken": document.querySelector("meta[name=csrf-token]").content },
    });
    // a later question may have been answered first
    if (answer.ok && mine === asked) {
      beside.querySelector(".body").innerHTML = await answer.text();
      document.dispatchEvent(new Event("xinmei:checked"));
    }
  } catch {
    // offline: what is typed stays, and is checked again with the next letter
  }
}

if (beside && title && text) {
  // where the form is folded away nobody writes, and the marks of the draft stand on its page already
  const folded = text.closest("details"),
    show = () => {
      beside.hidden = Boolean(folded && !folded.open);
      if (!beside.hidden && (title.value || text.value)) check();
    };
  const others = BESIDE.map((name) => text.form.elements[`write-${name}`]);
  for (const field of [title, text, ...others].filter(Boolean))
    field.addEventListener("input", () => {
      clearTimeout(timer);
      timer = setTimeout(check, WAIT);
    });
  folded?.addEventListener("toggle", show);
  show();
}
