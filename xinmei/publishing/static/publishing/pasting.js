// What is pasted from Word or from a web page, as the few kinds of lines that a draft knows: headings, bold, lists,
// links, pictures. Whatever else stood there is left behind. The server reads it again by the same few kinds.

const IS_LINE = new Set(
  (
    "ADDRESS ARTICLE ASIDE BLOCKQUOTE BODY CAPTION DD DIV DL DT FIGCAPTION FIGURE FOOTER FORM H1 H2 H3 H4 H5 H6 " +
    "HEADER HR LI MAIN NAV OL P PRE SECTION TABLE TBODY TFOOT THEAD TR UL"
  ).split(" "),
);
const LEFT_OUT = new Set([
  "SCRIPT",
  "STYLE",
  "HEAD",
  "TITLE",
  "META",
  "LINK",
  "TEMPLATE",
  "NOSCRIPT",
  "BUTTON",
  "INPUT",
  "SVG",
]);
const HEADINGS = { H1: "h2", H2: "h2", H3: "h3", H4: "h3", H5: "h3", H6: "h3" };
const NUMBER = /^[\s(（]*(?:\d+|[一二三四五六七八九十]+|[a-zA-Z])[.)）、．]/;

// The page's policy forbids styles in attributes, in a document that is only parsed too: they are read under another
// name.
const withoutStyle = (html) =>
  html
    .replace(/<style[\s\S]*?<\/style\s*>/gi, "")
    .replace(/<[^>]+>/g, (tag) => tag.replace(/\sstyle\s*=/gi, " data-style="));
const styleIn = (element) => element.dataset?.style || "";

function kindOf(element, inherited) {
  const style = styleIn(element),
    word = element.className?.toString() || "",
    outline = /mso-outline-level:\s*(\d)/.exec(style);
  if (element.dataset?.kind) return element.dataset.kind;
  if (HEADINGS[element.tagName]) return HEADINGS[element.tagName];
  if (/MsoTitle/.test(word)) return "h2";
  if (outline) return Number(outline[1]) < 3 ? "h2" : "h3";
  if (element.tagName === "LI") return element.closest("ol, ul")?.tagName === "OL" ? "ol" : "ul";
  if (/mso-list:(?!\s*none)/.test(style)) {
    const sign = element.querySelector("[data-style*='mso-list:Ignore'], [data-style*='mso-list: Ignore']");
    return sign && NUMBER.test(sign.textContent) ? "ol" : "ul";
  }
  return element.tagName === "BLOCKQUOTE" ? "quote" : inherited;
}

function styleOf(element, inherited) {
  const weight = /font-weight:\s*(\w+)/i.exec(styleIn(element))?.[1].toLowerCase(),
    isBold = ["B", "STRONG"].includes(element.tagName)
      ? weight !== "normal"
      : weight === "bold" || Number(weight) > 599,
    isPlain = weight === "normal" || weight === "400",
    link = element.tagName === "A" ? element.getAttribute("href") || "" : "";
  return {
    bold: isBold || (inherited.bold && !isPlain),
    link: /^(https?:\/\/|mailto:|tel:)\S+$/i.test(link) ? link : inherited.link,
  };
}

const isHidden = (element) => {
  const style = styleIn(element);
  return element.hidden || /display:\s*none|mso-hide:\s*all|mso-list:\s*Ignore/i.test(style);
};

// [{kind, runs: [{text, bold, link}]} or {kind: "picture", src, name}], without empty lines
export function linesOf(html) {
  const lines = [],
    root = new DOMParser().parseFromString(withoutStyle(html), "text/html").body;
  let line = null;
  const end = () => {
    if (line?.runs.some((run) => run.text.trim())) {
      const first = line.runs[0],
        last = line.runs.at(-1);
      first.text = first.text.trimStart();
      last.text = last.text.trimEnd();
      lines.push(line);
    }
    line = null;
  };
  const say = (text, kind, style) => {
    // a line break of the source between two Chinese characters is no space
    const words = text
      .replace(/\s*\n\s*/g, "\n")
      .replace(/(?<=[^\x00-\xff])\n(?=[^\x00-\xff])/g, "")
      .replace(/[\s\u00a0]+/g, " ");
    if (!words || (words === " " && !line)) return;
    line ??= { kind, runs: [] };
    line.runs.push({ text: words, ...style });
  };
  const walk = (node, kind, style) => {
    for (const child of node.childNodes) {
      if (child.nodeType === Node.TEXT_NODE) say(child.data, kind, style);
      else if (child.nodeType !== Node.ELEMENT_NODE || LEFT_OUT.has(child.tagName) || isHidden(child)) continue;
      else if (child.tagName === "BR") end();
      else if (child.tagName === "IMG") {
        end();
        lines.push({ kind: "picture", src: child.getAttribute("src") || "", name: child.alt || "图片" });
      } else if (IS_LINE.has(child.tagName)) {
        end();
        walk(child, kindOf(child, kind), HEADINGS[child.tagName] ? { bold: false, link: "" } : styleOf(child, style));
        end();
      } else {
        walk(child, kind, styleOf(child, style));
        if (["TD", "TH"].includes(child.tagName) && line) line.runs.push({ text: "　", bold: false, link: "" });
      }
    }
  };
  walk(root, "p", { bold: false, link: "" });
  end();
  return lines;
}

export const linesOfText = (text) =>
  text.split(/\r?\n/).map((words) => ({ kind: "p", runs: words ? [{ text: words, bold: false, link: "" }] : [] }));

// Word names its pictures by files on the writer's disk; their bytes stand in the other form of the same clipboard.
export function picturesOfRtf(rtf) {
  const found = [];
  for (const [, kind, hex] of rtf.matchAll(
    /\{\\pict[^{}]*(?:\{[^{}]*\}[^{}]*)*?\\(pngblip|jpegblip)[^{}]*?\s([0-9a-f\s]{64,})\}/gi,
  )) {
    const bytes = Uint8Array.from(hex.replace(/\s/g, "").match(/../g), (two) => parseInt(two, 16));
    const type = kind.toLowerCase() === "pngblip" ? "image/png" : "image/jpeg";
    found.push(new File([bytes], `图${found.length + 1}.${type.slice(6)}`, { type }));
  }
  return found;
}
