// The comparison of a proposal, for whoever approves it: both texts side by side, one below the other on a phone.
// A click on a line of the new text, or Enter on it, opens a remark at that line. The server drew the same as a
// table, with a form that asks for the line; both stay for whoever has no script, and the table is what is printed.
import { EditorState, Prec, StateEffect, StateField } from "@codemirror/state";
import { Decoration, EditorView, WidgetType, highlightActiveLine, highlightActiveLineGutter, keymap, lineNumbers } from "@codemirror/view";
import { standardKeymap } from "@codemirror/commands";
import { MergeView, getChunks, goToNextChunk, goToPreviousChunk, uncollapseUnchanged, unifiedMergeView } from "@codemirror/merge";
import { json } from "@codemirror/lang-json";
import { rego } from "./rego.js";
import { look } from "./look.js";
import { words } from "./words.js";
import { watchFolds } from "./folds.js";
import { measureAll } from "./measure.js";

const narrow = matchMedia("(max-width: 760px)");
const reviews = [];

// Notes stand below lines. Beside the new text they are read and written; beside the old one they only keep the
// lines on the same height.
class Note extends WidgetType {
  constructor(key, make) { super(); this.key = key; this.make = make; }
  eq(other) { return this.key === other.key; }
  toDOM() { return this.make(); }
  ignoreEvent() { return true; }
}

const setNotes = StateEffect.define();
const notes = StateField.define({
  create: () => Decoration.none,
  update(value, tr) {
    for (const e of tr.effects) if (e.is(setNotes)) value = Decoration.set(e.value, true);
    return value;
  },
  provide: (f) => EditorView.decorations.from(f),
});

class Review {
  constructor(host) {
    this.host = host;
    this.data = host.dataset;
    this.before = host.querySelector("[data-before]").value;
    this.after = host.querySelector("[data-after]").value;
    this.form = document.getElementById("remark-form");
    this.remarks = [...host.querySelectorAll(".said[data-line]")].map((el) => ({ line: Number(el.dataset.line), nodes: [...el.querySelectorAll(".remark")] }));
    this.place = host.appendChild(document.createElement("div"));
    this.whole = false;
    host.classList.add("live");
    watchFolds(this.place);
    this.draw();
  }

  draw() {
    if (this.view) this.view.destroy();
    const one = narrow.matches || "added" in this.data, collapse = this.whole ? undefined : { margin: 3, minSize: 6 };
    const side = (label, more) => [
      lineNumbers(more ? { domEventHandlers: { click: (view, block) => this.open(view.state.doc.lineAt(block.from).number) } } : {}),
      more || [], keymap.of(standardKeymap), look, words, /\.rego$/.test(this.data.name) ? rego() : /\.json$/.test(this.data.name) ? json() : [],
      notes, EditorView.lineWrapping, EditorView.cspNonce.of(this.data.nonce), EditorState.readOnly.of(true),
      EditorView.contentAttributes.of({ "aria-label": this.data.name + ", " + label, "aria-readonly": "true", inputmode: "none", "aria-describedby": "review-keys" }),
    ];
    const fresh = side(this.data.new, [
      highlightActiveLine(), highlightActiveLineGutter(),
      Prec.high(keymap.of([
        { key: "Enter", run: (view) => this.open(view.state.doc.lineAt(view.state.selection.main.head).number) },
        { key: "F7", run: goToNextChunk }, { key: "Shift-F7", run: goToPreviousChunk },
      ])),
      EditorView.domEventHandlers({ click: (e, view) => this.clicked(e, view) }),
    ]);
    if (one) {
      this.view = this.right = new EditorView({
        doc: this.after, parent: this.place, extensions: [fresh, unifiedMergeView({ original: this.before, mergeControls: false, collapseUnchanged: collapse, gutter: true })],
      });
      this.left = null;
    } else {
      this.view = new MergeView({ a: { doc: this.before, extensions: side(this.data.old) }, b: { doc: this.after, extensions: fresh },
        parent: this.place, collapseUnchanged: collapse, gutter: true });
      this.left = this.view.a;
      this.right = this.view.b;
    }
    this.host.reviewView = this.right;
    this.remarks.forEach((r) => this.uncollapse(r.line));
    this.note();
    measureAll(this.left ? [this.left, this.right] : [this.right]);
  }

  // note puts remarks, and the form when one is open, below their lines.
  note() {
    const all = this.remarks.map((r) => ({ line: r.line, key: "r" + r.line, make: () => this.said(r.nodes) }));
    if (this.opened) all.push({ line: this.opened, key: "f" + this.opened, make: () => this.drawForm(this.opened) });
    const known = all.filter((n) => n.line <= this.right.state.doc.lines);
    this.right.dispatch({ effects: setNotes.of(known.map((n) => below(this.right, n.line, new Note(n.key, n.make)))) });
    if (!this.left) return;
    const beside = known.map((n) => ({ ...n, at: this.same(n.line) })).filter((n) => n.at);
    this.left.dispatch({ effects: setNotes.of(beside.map((n) => below(this.left, n.at, new Note(n.key, () => ghost(n.make()))))) });
  }

  // same is the line of the old text beside a line that did not change; 0 when it did.
  same(line) {
    const { chunks } = getChunks(this.right.state), pos = this.right.state.doc.line(line).from;
    if (chunks.some((c) => pos >= c.fromB && pos < c.toB)) return 0;
    return this.left.state.doc.lineAt(mapped(pos, chunks)).number;
  }

  said(nodes) {
    const box = document.createElement("div");
    box.className = "said";
    for (const n of nodes) {
      const copy = box.appendChild(n.cloneNode(true));
      if (copy.id) { copy.dataset.remark = copy.id; copy.removeAttribute("id"); }
    }
    return box;
  }

  drawForm(line) {
    const box = document.createElement("div"), form = this.form.content.firstElementChild.cloneNode(true);
    box.className = "said";
    box.appendChild(form);
    form.elements.path.value = this.data.name;
    form.elements.line.value = line;
    form.querySelector("label").append(" " + line);
    const text = form.elements.text;
    text.value = this.typed || "";
    text.addEventListener("input", () => { this.typed = text.value; });
    form.addEventListener("keydown", (e) => { if (e.key === "Escape") { e.preventDefault(); this.close(); } });
    form.querySelector("[data-cancel]").addEventListener("click", () => this.close());
    return box;
  }

  open(line) {
    if (!this.form) return false;
    const doc = this.right.state.doc;
    if (line > 1 && line === doc.lines && doc.line(line).length === 0) line--; // what follows the last newline is no line of the file
    for (const r of reviews) if (r !== this && r.opened) r.close(false);
    if (this.opened !== line) this.typed = "";
    this.opened = line;
    this.uncollapse(line);
    this.note();
    requestAnimationFrame(() => { const t = this.right.dom.querySelector("textarea"); if (t) t.focus(); });
    return true;
  }

  close(back = true) {
    const line = this.opened;
    this.opened = 0;
    this.note();
    if (!back) return;
    this.right.dispatch({ selection: { anchor: this.right.state.doc.line(line).from } });
    this.right.focus();
  }

  clicked(e, view) {
    if (!e.target.closest(".cm-line") || !view.state.selection.main.empty) return;
    const pos = view.posAtCoords({ x: e.clientX, y: e.clientY });
    if (pos !== null) this.open(view.state.doc.lineAt(pos).number);
  }

  // uncollapse shows the stretch of equal lines in which a line lies; all stretches without a line.
  uncollapse(line) {
    const at = line && line <= this.right.state.doc.lines ? this.right.state.doc.line(line).from : -1;
    if (line && at < 0) return;
    const found = [];
    for (const source of this.right.state.facet(EditorView.decorations)) {
      if (typeof source === "function") continue;
      source.between(0, this.right.state.doc.length, (from, to, d) => {
        const w = d.spec.widget;
        if (w && w.type === "collapsed-unchanged-code" && (!line || from <= at && at <= to)) found.push(from);
      });
    }
    const { chunks } = getChunks(this.right.state);
    for (const from of found) {
      this.right.dispatch({ effects: uncollapseUnchanged.of(from) });
      if (this.left) this.left.dispatch({ effects: uncollapseUnchanged.of(mapped(from, chunks)) });
    }
  }

  act(name) {
    if (name === "all") { this.whole = true; this.uncollapse(0); }
    if (name === "next") goToNextChunk(this.right);
    if (name === "previous") goToPreviousChunk(this.right);
    this.right.focus();
  }
}

function below(view, line, widget) {
  return Decoration.widget({ widget, block: true, side: 1 }).range(view.state.doc.line(line).to);
}

// mapped gives the place in the old text beside a place of the new one that lies in no change.
function mapped(pos, chunks) {
  let a = 0, b = 0;
  for (const c of chunks) {
    if (c.fromB >= pos) break;
    a = c.toA;
    b = c.toB;
  }
  return a + (pos - b);
}

// ghost takes the room of a note without being one.
function ghost(box) {
  box.classList.add("ghost");
  box.inert = true;
  box.setAttribute("aria-hidden", "true");
  for (const el of box.querySelectorAll("[id],[name],[for],[data-remark]")) for (const a of ["id", "name", "for", "data-remark"]) el.removeAttribute(a);
  return box;
}

for (const host of document.querySelectorAll(".review[data-name]")) reviews.push(new Review(host));
narrow.addEventListener("change", () => reviews.forEach((r) => r.draw()));
document.addEventListener("click", (e) => {
  const el = e.target.closest("[data-review-act]");
  const review = el && reviews.find((r) => r.host === el.closest(".card").querySelector(".review"));
  if (review) review.act(el.dataset.reviewAct);
});
if (reviews.length) {
  document.documentElement.classList.add("reviewing");
  const said = /^#remark-/.test(location.hash) && document.querySelector(`[data-remark="${CSS.escape(location.hash.slice(1))}"]`);
  if (said) said.scrollIntoView({ block: "center" });
}
