// <layak-diff> draws two texts side by side (one below the other on a phone) over the comparison that
// the server drew, which stays for whoever has no script. It wants
//   <layak-diff data-name="need.rego" data-before="id of a text" data-after="id of a text" data-old="…" data-new="…">
// where the two ids are of elements that hold the whole texts, commonly <textarea hidden>. It lives in a
// shadow, where styles are made without <style> tags, so that the strict policy of the pages stands.
import { EditorState } from "@codemirror/state";
import { EditorView, lineNumbers } from "@codemirror/view";
import { MergeView, unifiedMergeView } from "@codemirror/merge";
import { json } from "@codemirror/lang-json";
import { rego } from "./rego.js";
import { look } from "./look.js";
import { words } from "./words.js";
import { watchFolds } from "./folds.js";
import { measureAll } from "./measure.js";

const narrow = "(max-width: 760px)";

function textOf(id) {
  const el = id && document.getElementById(id);
  return el ? ("value" in el ? el.value : el.textContent) : "";
}

function languageOf(name) {
  if (/\.rego$/.test(name)) return rego();
  return /\.json$/.test(name) ? json() : [];
}

class LayakDiff extends HTMLElement {
  connectedCallback() {
    if (this.shadowRoot || !this.attachShadow || !("adoptedStyleSheets" in document)) return;
    this.texts = [textOf(this.dataset.before), textOf(this.dataset.after)];
    watchFolds(this.attachShadow({ mode: "open" }));
    this.draw();
    this.media = matchMedia(narrow);
    this.media.addEventListener("change", () => this.draw());
  }

  draw() {
    const [before, after] = this.texts;
    if (this.view) this.view.destroy();
    const one = matchMedia(narrow).matches;
    const side = (label) => [
      lineNumbers(), look, words, languageOf(this.dataset.name || ""), EditorView.lineWrapping,
      EditorState.readOnly.of(true), EditorView.editable.of(false),
      EditorView.contentAttributes.of({ "aria-label": label, tabindex: "0" }),
    ];
    const collapse = { margin: 3, minSize: 6 };
    const label = (part) => (this.dataset.name || "") + ", " + (this.dataset[part] || "");
    if (one) {
      this.view = new EditorView({
        doc: after, root: this.shadowRoot, parent: this.shadowRoot,
        extensions: [side(label("new")), unifiedMergeView({ original: before, mergeControls: false, collapseUnchanged: collapse, gutter: true })],
      });
      measureAll([this.view]);
      return;
    }
    this.view = new MergeView({
      a: { doc: before, extensions: side(label("old")) }, b: { doc: after, extensions: side(label("new")) },
      root: this.shadowRoot, parent: this.shadowRoot, collapseUnchanged: collapse, gutter: true,
    });
    measureAll([this.view.a, this.view.b]);
  }
}

if (!customElements.get("layak-diff")) customElements.define("layak-diff", LayakDiff);
