// 「退回」: the passages are marked with a finger, one tap each; the field holds them as ever.

export function markPassages() {
  const field = document.getElementById("id_return-passages"),
    lines = JSON.parse(document.getElementById("passages")?.textContent || "[]");
  if (!field || !lines.length) return;
  const list = document.createElement("div");
  list.className = "passages";
  for (const line of lines) {
    const button = document.createElement("button");
    button.type = "button";
    button.dataset.passage = "";
    button.textContent = line;
    button.setAttribute("aria-pressed", String(field.value.split("\n").includes(line)));
    button.addEventListener("click", () => {
      const marked = field.value.split("\n").filter((one) => one.trim() && one !== line),
        isOn = button.getAttribute("aria-pressed") === "true";
      field.value = [...marked, ...(isOn ? [] : [line])].join("\n");
      button.setAttribute("aria-pressed", String(!isOn));
      field.dispatchEvent(new Event("input", { bubbles: true }));
    });
    list.append(button);
  }
  field.after(list);
}
