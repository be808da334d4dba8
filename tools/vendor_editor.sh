#!/bin/sh
# Puts the parts of ProseMirror that the editor of drafts uses into one file: tools/vendor_editor.sh
# Needs node; run it only to take a newer release, then look at the pages of drafts and their browser test.
set -eu
root=$(cd "$(dirname "$0")/.." && pwd)
work=$(mktemp -d)
trap 'rm -rf "$work"' EXIT
cd "$work"
npm init -y >/dev/null
npm install --silent prosemirror-state@1.4.4 prosemirror-view@1.44.0 prosemirror-model@1.25.13 \
  prosemirror-keymap@1.2.3 prosemirror-history@1.5.2 prosemirror-commands@1.7.2 esbuild@0.28.2
cat >entry.js <<'END'
export { EditorState, Plugin } from "prosemirror-state";
export { EditorView, Decoration, DecorationSet } from "prosemirror-view";
export { Schema, Slice, Fragment } from "prosemirror-model";
export { keymap } from "prosemirror-keymap";
export { history, undo, redo } from "prosemirror-history";
export { baseKeymap, toggleMark } from "prosemirror-commands";
END
npx esbuild entry.js --bundle --minify --format=esm --target=es2020 --legal-comments=none \
  --outfile="$root/xinmei/pages/static/vendor/prosemirror/prosemirror.js"
