// The editor of a draft, laid over the plain text field: the field holds the words as ever, a second one their looks.
// Without this script the text field is all there is, and what stands keeps its looks.

import { linesOf, linesOfText, picturesOfRtf } from "./pasting.js";

const KINDS = [
  ["p", "正文"],
  ["h2", "标题"],
  ["h3", "小标题"],
  ["ul", "列表"],
  ["ol", "编号"],
  ["quote", "引用"],
];
// The page's policy lets nothing be fetched but from here, so a picture that is its own address is read by hand.
const fileOf = (src, name) => {
  const [, type, data] = /^data:(image\/[\w+.-]+);base64,(.*)$/s.exec(src) || [];
  return type ? new File([Uint8Array.from(atob(data), (one) => one.charCodeAt(0))], name, { type }) : null;
};
const say = (words) => {
  const live = document.getElementById("live");
  if (live) live.textContent = words;
};

function schemaOf({ Schema }) {
  return new Schema({
    nodes: {
      doc: { content: "(line | picture)+" },
      line: {
        content: "text*",
        attrs: { kind: { default: "p" } },
        toDOM: (node) => [
          { h2: "h2", h3: "h3", quote: "blockquote" }[node.attrs.kind] || "p",
          { "data-kind": node.attrs.kind },
          0,
        ],
      },
      picture: {
        atom: true,
        selectable: true,
        attrs: { src: {}, name: { default: "图片" } },
        toDOM: (node) => ["img", { src: node.attrs.src, alt: node.attrs.name }],
      },
      text: {},
    },
    marks: {
      link: { attrs: { href: {} }, inclusive: false, toDOM: (mark) => ["a", { href: mark.attrs.href }, 0] },
      bold: { toDOM: () => ["strong", 0] },
    },
  });
}

const runOf = (node) => {
  const run = { text: node.text };
  for (const mark of node.marks) {
    if (mark.type.name === "bold") run.bold = true;
    else run.link = mark.attrs.href;
  }
  return run;
};

export class Writer {
  constructor(kit, text) {
    this.kit = kit;
    this.schema = schemaOf(kit);
    this.text = text;
    this.form = text.form;
    const named = (word) => this.form.querySelector(`[name$="-${word}"]`);
    this.title = named("title");
    this.layout = named("layout");
    this.images = named("images");
    this.version = named("version");
    this.files = new Map();
    this.hits = kit.DecorationSet.empty;
    this.wasPlaced = "";
    this.build();
    this.wasPlaced = this.placed();
    text.hidden = true;
    this.form.reset && this.form.addEventListener("reset", () => setTimeout(() => this.load()));
  }

  build() {
    const { EditorState, EditorView, Plugin, keymap, history, undo, redo, baseKeymap, toggleMark } = this.kit,
      writer = this,
      place = document.createElement("div");
    place.className = "writer";
    this.bar = place.appendChild(this.makeBar());
    this.text.after(place);
    const marks = new Plugin({ props: { decorations: () => writer.hits } });
    this.plugins = [
      keymap({
        "Mod-z": undo,
        "Mod-y": redo,
        "Mod-b": toggleMark(this.schema.marks.bold),
        Enter: (state, dispatch) => writer.enter(state, dispatch),
      }),
      keymap(baseKeymap),
      history(),
      marks,
    ];
    this.view = new EditorView(place, {
      state: EditorState.create({ doc: this.read(), plugins: this.plugins }),
      attributes: { role: "textbox", "aria-multiline": "true", "aria-label": "正文", class: "writer-text" },
      // before the editor reads it: what it would parse for itself carries styles, which the page's policy forbids
      handleDOMEvents: {
        paste: (view, event) => writer.paste(event.clipboardData) && (event.preventDefault(), true),
        drop: (view, event) => writer.paste(event.dataTransfer) && (event.preventDefault(), true),
      },
      dispatchTransaction(change) {
        writer.hits = writer.hits.map(change.mapping, change.doc);
        this.updateState(this.state.apply(change));
        if (change.docChanged) writer.write();
        writer.showKind();
      },
    });
    this.showKind();
  }

  makeBar() {
    const bar = document.createElement("div"),
      add = (label, act, kind = "") => {
        const button = document.createElement("button");
        button.type = "button";
        button.className = "btn btn-plain btn-sm";
        button.textContent = label;
        button.dataset.kindOf = kind;
        button.addEventListener("mousedown", (event) => event.preventDefault());
        button.addEventListener("click", act);
        bar.append(button);
      };
    bar.className = "writer-bar";
    bar.setAttribute("role", "toolbar");
    bar.setAttribute("aria-label", "排版");
    for (const [kind, label] of KINDS) add(label, () => this.setKind(kind), kind);
    add("加粗", () => this.run(this.kit.toggleMark(this.schema.marks.bold)));
    add("链接", () => this.setLink());
    if (this.form.querySelector("[name$='-images']")) add("图片", () => this.choosePictures());
    add("撤销", () => this.run(this.kit.undo));
    return bar;
  }

  run(command) {
    command(this.view.state, this.view.dispatch.bind(this.view));
    this.view.focus();
  }

  setKind(kind) {
    const { from, to } = this.view.state.selection,
      change = this.view.state.tr;
    this.view.state.doc.nodesBetween(from, to, (node, at) => {
      if (node.type.name === "line") change.setNodeMarkup(at, null, { kind: node.attrs.kind === kind ? "p" : kind });
    });
    this.view.dispatch(change);
    this.view.focus();
  }

  setLink() {
    const { from, to, empty } = this.view.state.selection,
      type = this.schema.marks.link;
    if (empty) return say("先选中要加链接的文字。");
    if (this.view.state.doc.rangeHasMark(from, to, type)) return this.run(this.kit.toggleMark(type));
    const href = window.prompt("链接地址（http 或 https 开头）", "https://")?.trim();
    if (/^https?:\/\/\S+\.\S+$/i.test(href || "")) this.run(this.kit.toggleMark(type, { href }));
    else if (href) say("链接要以 http 或 https 开头，没有加上。");
  }

  showKind() {
    const kind = this.view.state.selection.$from.parent.attrs.kind;
    for (const button of this.bar.querySelectorAll("[data-kind-of]"))
      if (button.dataset.kindOf) button.setAttribute("aria-pressed", String(button.dataset.kindOf === kind));
  }

  // A list goes on with the next line; an empty one of it ends it.
  enter(state, dispatch) {
    const { $from, empty } = state.selection,
      line = $from.parent,
      isEmpty = line.content.size === 0;
    if (line.type.name !== "line" || (line.attrs.kind === "p" && !isEmpty)) return false;
    if (!["ul", "ol", "quote"].includes(line.attrs.kind)) return false;
    if (isEmpty && empty) dispatch?.(state.tr.setNodeMarkup($from.before(), null, { kind: "p" }));
    else
      dispatch?.(
        state.tr
          .deleteSelection()
          .split(state.tr.selection.from, 1, [{ type: line.type, attrs: line.attrs }])
          .scrollIntoView(),
      );
    return true;
  }

  // ── between the fields and the editor ──

  node(line) {
    const { text, nodes, marks } = this.schema,
      runs = (line.runs || []).filter((run) => run.text);
    if (line.kind === "picture") return nodes.picture.create({ src: line.src, name: line.name });
    return nodes.line.create(
      { kind: line.kind },
      runs.map((run) =>
        this.schema.text(run.text, [
          ...(run.link ? [marks.link.create({ href: run.link })] : []),
          ...(run.bold ? [marks.bold.create()] : []),
        ]),
      ),
    );
  }

  read() {
    let lines = [];
    try {
      lines = JSON.parse(this.layout.value || "[]") || [];
    } catch {
      // written by hand: the words count
    }
    const words = lines
      .filter((line) => line.kind !== "picture")
      .map((line) => (line.runs || []).map((run) => run.text).join(""));
    // without a script somebody wrote on: the words count, and the server fits the looks to them
    if (!lines.length || words.join("\n") !== this.text.value.trim()) lines = linesOfText(this.text.value);
    const stored = [...document.querySelectorAll("[data-picture]")].map((one) => ({
        src: one.href,
        name: one.dataset.picture,
      })),
      placed = new Set(lines.filter((line) => line.kind === "picture").map((line) => line.picture)),
      rest = stored
        .map((_, place) => ({ kind: "picture", picture: place }))
        .filter((line) => !placed.has(line.picture));
    const whole = [...lines, ...(this.images ? rest : [])]
      .map((line) => (line.kind === "picture" ? { ...stored[line.picture], ...line } : line))
      .filter((line) => line.kind !== "picture" || line.src);
    return this.schema.nodes.doc.create(
      null,
      (whole.length ? whole : [{ kind: "p" }]).map((line) => this.node(line)),
    );
  }

  load() {
    const { EditorState } = this.kit;
    this.view.updateState(EditorState.create({ doc: this.read(), plugins: this.plugins }));
  }

  lines() {
    const found = [];
    this.view.state.doc.forEach((node, at) => {
      if (node.type.name === "line") found.push({ at: at + 1, words: node.textContent, node });
    });
    return found;
  }

  placed() {
    const found = [];
    this.view.state.doc.forEach((node) => node.type.name === "picture" && found.push(node.attrs.src));
    return found.join("\n");
  }

  write() {
    const layout = [];
    let place = 0;
    this.view.state.doc.forEach((node) => {
      if (node.type.name === "picture") return layout.push({ kind: "picture", picture: place++ });
      const runs = [];
      node.forEach((one) => runs.push(runOf(one)));
      layout.push({ kind: node.attrs.kind, runs });
    });
    this.text.value = this.lines()
      .map((line) => line.words)
      .join("\n")
      .trim();
    this.layout.value = JSON.stringify(layout);
    if (this.images && this.placed() !== this.wasPlaced) this.givePictures();
    this.text.dispatchEvent(new Event("input", { bubbles: true }));
  }

  // ── pictures: the form sends them all, in their order ──

  async givePictures() {
    const wanted = (this.wasPlaced = this.placed());
    const files = [];
    for (const src of wanted.split("\n").filter(Boolean)) {
      if (!this.files.has(src)) {
        const stored = [...document.querySelectorAll("[data-picture]")].find((one) => one.href === src);
        this.files.set(
          src,
          fileOf(src, `图片.${src.slice(11, src.indexOf(";"))}`) ||
            new File([await (await fetch(src)).blob()], stored?.dataset.picture || "图片"),
        );
      }
      files.push(this.files.get(src));
    }
    if (wanted !== this.placed()) return;
    const given = new DataTransfer();
    for (const file of files) given.items.add(file);
    this.images.files = given.files;
  }

  async addPictures(files) {
    for (const file of files) {
      const src = await new Promise((done) => {
        const reader = new FileReader();
        reader.onload = () => done(reader.result);
        reader.readAsDataURL(file);
      });
      this.files.set(src, file);
      const { $from } = this.view.state.selection;
      this.view.dispatch(
        this.view.state.tr.insert(
          $from.depth ? $from.after(1) : $from.pos,
          this.node({ kind: "picture", src, name: file.name }),
        ),
      );
    }
  }

  choosePictures() {
    const chooser = document.createElement("input");
    chooser.type = "file";
    chooser.accept = "image/*";
    chooser.multiple = true;
    chooser.addEventListener("change", () => this.addPictures(chooser.files));
    chooser.click();
  }

  paste(data) {
    const html = data.getData("text/html"),
      files = [...data.files].filter((file) => file.type.startsWith("image/"));
    if (!html && files.length && this.images) {
      this.addPictures(files);
      return true;
    }
    let lines = html ? linesOf(html) : linesOfText(data.getData("text/plain"));
    if (!lines.length) return false;
    const fromWord = picturesOfRtf(data.getData("text/rtf") || ""),
      local = lines.filter((line) => line.kind === "picture" && !/^data:image\//.test(line.src));
    const brought = local.map((line, place) => [
        line,
        fromWord[place] || (local.length === files.length ? files[place] : null),
      ]),
      lost = brought.filter(([, file]) => !file).length;
    lines = lines.filter((line) => line.kind !== "picture" || (this.images && /^data:image\//.test(line.src)));
    for (const line of lines.filter((one) => one.kind === "picture")) line.src = line.src.replace(/\s/g, "");
    if (lines.length) this.insert(lines.map((line) => this.node(line)));
    if (this.images) this.addPictures(brought.map(([, file]) => file).filter(Boolean));
    if (lost) this.tell(`有 ${lost} 张图片在别的网站上，没有带过来：请另存以后点“图片”插入。`);
    return true;
  }

  insert(nodes) {
    const { state } = this.view,
      { Slice, Fragment } = this.kit,
      line = state.selection.$from.parent,
      isOpen = nodes[0].type.name === "line" && nodes[0].attrs.kind === "p" && line.content.size > 0,
      isOne = nodes.length === 1 && isOpen;
    const change =
      line.content.size === 0 && state.selection.empty && line.type.name === "line"
        ? state.tr.replaceWith(state.selection.$from.before(), state.selection.$from.after(), nodes)
        : state.tr.replaceSelection(new Slice(Fragment.from(nodes), isOpen ? 1 : 0, isOne ? 1 : 0));
    this.view.dispatch(change.scrollIntoView());
  }

  tell(words) {
    this.told?.remove();
    this.told = document.createElement("p");
    this.told.className = "draft-line";
    this.told.setAttribute("role", "status");
    this.told.textContent = words;
    this.bar.after(this.told);
  }

  // ── what the check found, marked in the text ──

  mark(list) {
    const { Decoration, DecorationSet } = this.kit,
      lines = this.lines(),
      raw = lines.map((line) => line.words).join("\n"),
      lead = raw.length - raw.trimStart().length,
      letters = Array.from(raw.trim()),
      found = [];
    const placeOf = (count) => lead + letters.slice(0, count).join("").length;
    for (const hit of list) {
      let from = placeOf(Number(hit.dataset.start)),
        to = placeOf(Number(hit.dataset.end));
      for (const line of lines) {
        if (from < line.words.length && to > 0)
          found.push(
            Decoration.inline(line.at + Math.max(from, 0), line.at + Math.min(to, line.words.length), {
              class: `hit-mark is-${hit.dataset.shelf}`,
              title: hit.dataset.why,
            }),
          );
        from -= line.words.length + 1;
        to -= line.words.length + 1;
      }
    }
    this.hits = DecorationSet.create(this.view.state.doc, found);
    this.view.dispatch(this.view.state.tr.setMeta("hits", true));
  }

  // 「建议」: the words of a hit replaced by what is suggested
  replace(start, words, suggested) {
    const lines = this.lines(),
      raw = lines.map((line) => line.words).join("\n"),
      lead = raw.length - raw.trimStart().length;
    let from = lead + Array.from(raw.trim()).slice(0, start).join("").length;
    for (const line of lines) {
      if (from >= 0 && line.words.slice(from).startsWith(words))
        return this.view.dispatch(
          this.view.state.tr.insertText(suggested, line.at + from, line.at + from + words.length),
        );
      from -= line.words.length + 1;
    }
  }
}
