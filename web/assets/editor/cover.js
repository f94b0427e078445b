// Lines that the tests reached, beside the code: green reached, red not, amber passed over by OPA
// itself. The reason is said on the line, not by colour alone.
import { StateEffect, StateField, RangeSet } from "@codemirror/state";
import { Decoration, EditorView, GutterMarker, gutter } from "@codemirror/view";

export const setCover = StateEffect.define();

class Mark extends GutterMarker {
  constructor(kind, words) { super(); this.kind = kind; this.words = words; }
  eq(other) { return other.kind === this.kind && other.words === this.words; }
  toDOM() {
    const el = document.createElement("span");
    el.className = "cm-cover-mark cm-cover-" + this.kind;
    el.title = this.words;
    return el;
  }
}

// cover is {yes: [{from,to}], no: [{from,to,reason,words}], words: {yes,no}}.
function marksOf(state, cover) {
  const marks = [], lines = [];
  const each = (range, f) => { for (let n = range.from; n <= Math.min(range.to, state.doc.lines); n++) f(state.doc.line(n).from); };
  for (const r of cover.yes) each(r, (at) => marks.push(new Mark("yes", cover.words.yes).range(at)));
  for (const r of cover.no) {
    const kind = r.reason ? "part" : "no", said = r.words || cover.words.no;
    each(r, (at) => {
      marks.push(new Mark(kind, said).range(at));
      lines.push(Decoration.line({ class: "cm-covered-" + kind, attributes: { title: said } }).range(at));
    });
  }
  return { marks: RangeSet.of(marks, true), lines: Decoration.set(lines, true) };
}

const none = { marks: RangeSet.empty, lines: Decoration.none };

const field = StateField.define({
  create: () => none,
  update(value, tr) {
    for (const e of tr.effects) if (e.is(setCover)) return e.value ? marksOf(tr.state, e.value) : none;
    if (!tr.docChanged) return value;
    return { marks: value.marks.map(tr.changes), lines: value.lines.map(tr.changes) };
  },
  provide: (f) => EditorView.decorations.from(f, (v) => v.lines),
});

export const cover = [field, gutter({ class: "cm-cover-gutter", markers: (view) => view.state.field(field).marks })];
