// What is typed into a form stays on this machine until it has been sent: by person, position and address; never a
// password, a code or a file; at most a week; gone when one logs out.

const WROTE = document.getElementById("sign-in-again").dataset.who,
  MINE = `draft ${WROTE} `,
  WEEK = 7 * 24 * 3600 * 1000,
  LEFT = "sent drafts";
const isOurs = (form) => form.method === "post" && !("plain" in form.dataset) && !("noDraft" in form.dataset);
const keyOf = (form) => MINE + location.pathname + " " + new URL(form.action, location).pathname;
const typedInto = (form) =>
  [...form.elements].filter(
    (field) =>
      field.name &&
      !["hidden", "password", "file", "submit", "button", "reset"].includes(field.type) &&
      field.autocomplete !== "one-time-code" &&
      !field.readOnly &&
      !("noDraft" in field.dataset),
  );
const canBeTicked = (field) => ["checkbox", "radio"].includes(field.type);
const valueOf = (field) => (canBeTicked(field) && !field.checked ? null : field.value);
const asGiven = (field) =>
  ["checkbox", "radio"].includes(field.type)
    ? field.defaultChecked ? field.value : null
    : field.options
      ? ([...field.options].find((one) => one.defaultSelected) || field.options[0])?.value
      : field.defaultValue;

function keep(form) {
  const changed = typedInto(form).some((field) => valueOf(field) !== asGiven(field));
  try {
    if (!changed) localStorage.removeItem(keyOf(form));
    else {
      const typed = typedInto(form).map((field) => [field.name, field.value, valueOf(field) !== null]);
      localStorage.setItem(keyOf(form), JSON.stringify({ at: Date.now(), typed }));
    }
  } catch {
    // full, or forbidden by the browser: the form works without
  }
}

function fill(form, typed) {
  let filled = false;
  for (const [name, value, isOn] of typed)
    for (const field of typedInto(form).filter((one) => one.name === name)) {
      if (["checkbox", "radio"].includes(field.type)) {
        if (field.value === value && field.checked !== isOn) {
          field.checked = isOn;
          filled = true;
        }
      } else if (field.value !== value) {
        field.value = value;
        filled = filled || field.value === value;
      }
    }
  return filled;
}

function offer(form) {
  const line = document.createElement("p"),
    drop = document.createElement("button");
  line.className = "draft-line";
  line.setAttribute("role", "status");
  line.textContent = "已恢复您上次没有提交的内容。";
  drop.type = "button";
  drop.className = "btn btn-plain btn-sm";
  drop.textContent = "丢弃";
  drop.addEventListener("click", () => {
    form.reset();
    localStorage.removeItem(keyOf(form));
    line.remove();
    typedInto(form)[0]?.focus();
  });
  line.append(" ", drop);
  form.prepend(line);
  const closed = form.closest("details:not([open])");
  if (closed) closed.open = true;
}

function kept(key) {
  try {
    return JSON.parse(localStorage.getItem(key));
  } catch {
    return null;
  }
}

// What was sent from this tab has arrived, unless the page that answered says that it failed.
const left = JSON.parse(sessionStorage.getItem(LEFT) || "[]"),
  failed = Boolean(document.querySelector("[data-failed]"));
sessionStorage.removeItem(LEFT);
for (const { key, action } of left) {
  const again = [...document.forms].filter((form) => new URL(form.action, location).pathname === action);
  const isRefused = (form) => form.querySelector("[role=alert], .errors, .is-refused") || form.dataset.refused;
  if (!failed && !again.some(isRefused))
    localStorage.removeItem(key);
}
for (const key of Object.keys(localStorage))
  if (key.startsWith("draft ") && Date.now() - (kept(key)?.at || 0) > WEEK) localStorage.removeItem(key);
for (const form of [...document.forms].filter(isOurs)) {
  const found = kept(keyOf(form));
  // A form that came back with its errors shows what was typed by itself.
  if (found && !form.querySelector(".errors") && fill(form, found.typed)) offer(form);
}

document.addEventListener("input", (event) => {
  if (event.target.form && isOurs(event.target.form)) keep(event.target.form);
});
document.addEventListener("change", (event) => {
  if (event.target.form && isOurs(event.target.form)) keep(event.target.form);
});
document.addEventListener("xinmei:sent", (event) => {
  const form = event.target,
    action = new URL(form.action, location).pathname;
  if (action === "/logout/") {
    const person = `draft ${WROTE.split(".")[0]}.`;
    for (const key of Object.keys(localStorage)) if (key.startsWith(person)) localStorage.removeItem(key);
    return;
  }
  if (!isOurs(form)) return;
  const sent = JSON.parse(sessionStorage.getItem(LEFT) || "[]");
  sessionStorage.setItem(LEFT, JSON.stringify([...sent, { key: keyOf(form), action }]));
});
