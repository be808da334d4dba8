// A session that ended, on every page alike: forms, fetches and htmx notice it, one logs in over the page, and what
// was meant is sent again with the new token, by the same person in the same position, if they say so.

const gate = document.getElementById("sign-in-again"),
  WHO = gate.dataset.who,
  ASKED = { "X-Requested-With": "fetch" },
  OFFLINE = "现在连不上服务器，没有提交；您写的还在。网络恢复后再点一次。",
  OTHER = "这个浏览器现在是别人（或另一个岗位）登录的，没有提交。您写的还在，请以原来的登录和岗位再提交。";

function tell(text) {
  const said = document.getElementById("said");
  said.querySelector("p").textContent = text;
  said.hidden = !text;
}
const csrf = () => document.querySelector("meta[name=csrf-token]").content;
function renew(token) {
  document.querySelector("meta[name=csrf-token]").content = token;
  for (const field of document.querySelectorAll("input[name=csrfmiddlewaretoken]")) field.value = token;
}
function post(url, fields, options = {}) {
  const body = new URLSearchParams({ ...fields, csrfmiddlewaretoken: csrf() });
  return fetch(url, { method: "POST", body, headers: ASKED, ...options });
}

// Who is logged in now: "same", "ended", "other", "offline", or the address that must be seen first.
async function ask() {
  try {
    const answer = await fetch(gate.dataset.session, { headers: ASKED, cache: "no-store" });
    if (answer.status !== 200 && answer.status !== 401) return "offline";
    const told = await answer.json();
    renew(told.token);
    if (!told.who) return "ended";
    return told.who !== WHO ? "other" : told.first || "same";
  } catch {
    return "offline";
  }
}

// The dialog. Resolves to "send" or "stay" once logged in, to "" where it was closed.
let waiting = null,
  meants = [];
function logIn(meant) {
  if (meant && !meants.includes(meant)) meants.push(meant);
  gate.querySelector("[data-meant]").textContent = meants.length ? `还没有提交：${meants.join("；")}` : "";
  gate.querySelector("[value=send]").textContent = meants.length ? "登录并继续提交" : "登录并继续";
  gate.querySelector("[value=stay]").hidden = !meants.length;
  if (waiting) return waiting;
  const password = gate.querySelector("[name=password]");
  password.type = "password";
  step("password");
  gate.showModal();
  password.focus();
  waiting = new Promise((resolve) => {
    gate.onclose = () => {
      waiting = null;
      meants = [];
      password.value = "";
      password.type = "text";
      resolve(gate.returnValue);
      gate.returnValue = "";
    };
  });
  return waiting;
}
function step(name, why = "") {
  for (const part of gate.querySelectorAll("[data-step]")) {
    part.hidden = part.dataset.step !== name;
    part.querySelector("input").value = "";
    part.querySelector("input").required = !part.hidden;
  }
  gate.dataset.step = name;
  gate.querySelector("[data-why]").textContent = why;
  gate.querySelector(`[data-step=${name}] input`).focus();
}
async function arrive(then) {
  let state = await ask();
  if (state === "other") {
    // The same person comes back in the first of several positions: the one of this page is chosen again.
    await post(gate.dataset.position, { holding: WHO.slice(WHO.indexOf(".") + 1) });
    state = await ask();
  }
  if (state === "same") return gate.close(then);
  if (state.startsWith("/")) {
    const why = gate.querySelector("[data-why]");
    why.textContent = "请先在新窗口打开“我的登录”，按提示办完，再回到这里。";
  }
  else gate.querySelector("[data-why]").textContent = state === "offline" ? OFFLINE : OTHER;
}
gate.querySelector("form").addEventListener("submit", async (event) => {
  event.preventDefault();
  event.stopPropagation();
  const form = event.target,
    then = event.submitter?.value || "send";
  if (form.dataset.sending) return;
  form.dataset.sending = "1";
  try {
    await ask();
    const answer =
      gate.dataset.step === "code"
        ? await post(gate.dataset.code, { code: form.elements.code.value })
        : await post(gate.dataset.login, {
            username: form.elements.username.value,
            password: form.elements.password.value,
          });
    const told = await answer.json();
    if (told.token) renew(told.token);
    if (told.in) await arrive(then);
    else if (told.step === "code") step("code");
    else step(told.step || gate.dataset.step, told.error);
  } catch {
    gate.querySelector("[data-why]").textContent = OFFLINE;
  } finally {
    delete form.dataset.sending;
  }
});
// Logged in again in another window meanwhile.
addEventListener("focus", async () => {
  if (gate.open && (await ask()) === "same") {
    gate.querySelector("[data-why]").textContent = "";
    for (const part of gate.querySelectorAll("[data-step]")) {
      part.hidden = true;
      part.querySelector("input").required = false;
    }
    gate.querySelector("[value=send]").onclick = () => gate.close("send");
    gate.querySelector("[value=stay]").onclick = () => gate.close("stay");
  }
});

// Whether what was `meant` may be sent now: asks, and lets log in where the session has ended.
async function ready(meant) {
  const state = await ask();
  if (state === "same") return true;
  if (state === "ended") {
    const chosen = await logIn(meant);
    return chosen === "send" || (chosen === "stay" && !meant); // what is only read needs no word
  }
  if (state.startsWith("/")) location.href = state;
  else tell(state === "offline" ? OFFLINE : OTHER);
  return false;
}
// A fetch that survives the end of a session. Resolves to the answer; to null where nothing was sent.
async function send(url, fields, meant, options) {
  for (let tries = 0; tries < 3; tries += 1) {
    const answer = await (fields ? post(url, fields, options) : fetch(url, { headers: ASKED })).catch(() => null);
    if (!answer?.headers.get("X-Session")) return answer;
    if (!(await ready(meant))) return null;
  }
  return null;
}
window.xinmei = { send, post, ready, tell };

document.addEventListener("click", (event) => {
  if (event.target.closest("[data-hush]")) tell("");
});

// Each form that is posted: asked first whether it would arrive; a second click while it is under way is none.
const label = (form, button) =>
  button?.textContent.trim().replace(/\s+/g, " ") || form.getAttribute("aria-label") || "这份表单";
document.addEventListener("submit", async (event) => {
  const form = event.target;
  if (form.method !== "post" || "plain" in form.dataset || event.defaultPrevented) return;
  if (form.dataset.sending === "now") return;
  event.preventDefault();
  if (form.dataset.sending) return;
  form.dataset.sending = "asked";
  tell("");
  const button = event.submitter;
  button?.setAttribute("aria-busy", "true");
  const may = new URL(form.action).pathname === "/logout/" || (await ready(label(form, button)));
  if (may) {
    form.dataset.sending = "now";
    form.dispatchEvent(new CustomEvent("xinmei:sent", { bubbles: true }));
    form.requestSubmit(button);
    // The answer is on its way. Should none come, the button works again.
    setTimeout(() => delete form.dataset.sending, 15000);
  } else delete form.dataset.sending;
  button?.removeAttribute("aria-busy");
});
addEventListener("pageshow", () => {
  for (const form of document.querySelectorAll("form[data-sending]")) delete form.dataset.sending;
});

// htmx asks by itself: what was asked is asked again after the log-in.
document.addEventListener("htmx:configRequest", (event) => {
  event.detail.headers["X-CSRFToken"] = csrf();
});
document.addEventListener("htmx:beforeOnLoad", async (event) => {
  if (!event.detail.xhr.getResponseHeader("X-Session")) return;
  event.preventDefault();
  const { verb, path, parameters } = event.detail.requestConfig,
    target = event.detail.target;
  if (await ready("")) htmx.ajax(verb, path, { target, values: { ...parameters, csrfmiddlewaretoken: csrf() } });
});
document.addEventListener("htmx:sendError", () => tell(OFFLINE));
