// As one types a title or a text, the server says what the screening finds; nothing of it is kept. Without this script
// the same stands on the page of the saved draft.

const beside = document.querySelector("[data-check]"),
  title = document.getElementById("id_write-title") || document.getElementById("id_amend-title"),
  text = document.getElementById("id_write-text") || document.getElementById("id_amend-text"),
  WAIT = 300;
let timer = 0,
  asked = 0;

async function check() {
  const mine = ++asked,
    body = new URLSearchParams({ title: title.value, text: text.value });
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
  beside.hidden = false;
  for (const field of [title, text])
    field.addEventListener("input", () => {
      clearTimeout(timer);
      timer = setTimeout(check, WAIT);
    });
  if (title.value || text.value) check();
}
