// Puts the pages of drafts together: the editor where somebody writes, what is kept meanwhile, passages where it is
// sent back.

import { Writer } from "./editor.js";
import { keepTyping } from "./keeping.js";
import { markPassages } from "./passages.js";

const script = document.getElementById("writing");

async function begin() {
  markPassages();
  const text = document.getElementById("id_write-text") || document.getElementById("id_amend-text");
  if (!text || !script) return;
  const title = text.form.querySelector("[name$='-title']"),
    folded = text.closest("details");
  keepTyping(title, text);
  let writer = null;
  const open = async () => {
    if (writer || (folded && !folded.open)) return;
    writer = "coming";
    const kit = await import(script.dataset.editor);
    writer = new Writer(kit, text);
    writer.mark(document.querySelectorAll("[data-check] [data-in=text]"));
  };
  document.addEventListener("xinmei:checked", () => {
    writer?.mark?.(document.querySelectorAll("[data-check] [data-in=text]"));
  });
  document.addEventListener("click", (event) => {
    const put = event.target.closest("[data-put]");
    if (!put) return;
    const { start, words, in: part } = put.closest("[data-in]").dataset;
    if (part === "title") {
      title.value = Array.from(title.value)
        .toSpliced(Number(start), Array.from(words).length, put.dataset.put)
        .join("");
      title.dispatchEvent(new Event("input", { bubbles: true }));
    } else writer?.replace?.(Number(start), words, put.dataset.put);
  });
  folded?.addEventListener("toggle", open);
  await open();
}

// what another script brings back into the fields comes first
if (document.readyState === "complete") begin();
else addEventListener("load", begin);
