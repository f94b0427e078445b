// How the code looks: every colour is a variable of layak.css, so that dark mode and print follow by
// themselves, also inside the shadow of <layak-diff>.
import { EditorView } from "@codemirror/view";
import { HighlightStyle, syntaxHighlighting } from "@codemirror/language";
import { tags as t } from "@lezer/highlight";

const ink = HighlightStyle.define([
  { tag: t.keyword, color: "var(--code-keyword)", fontWeight: "600" },
  { tag: [t.string, t.special(t.string)], color: "var(--code-string)" },
  { tag: [t.number, t.bool, t.null], color: "var(--code-number)" },
  { tag: t.docComment, color: "var(--code-meta)" },
  { tag: [t.comment, t.lineComment], color: "var(--code-comment)", fontStyle: "italic" },
  { tag: t.definition(t.variableName), color: "var(--code-name)", fontWeight: "600" },
  { tag: t.function(t.variableName), color: "var(--code-call)" },
  { tag: t.special(t.variableName), color: "var(--code-fact)", fontWeight: "600" },
  { tag: t.propertyName, color: "var(--code-fact)" },
  { tag: [t.operator, t.bracket, t.punctuation, t.separator], color: "var(--code-sign)" },
]);

const frame = EditorView.theme({
  "&": { color: "var(--ink)", backgroundColor: "var(--card)", fontSize: ".86rem" },
  "&.cm-focused": { outline: "none" },
  ".cm-scroller": { fontFamily: 'ui-monospace, "DejaVu Sans Mono", monospace', lineHeight: "1.55" },
  ".cm-content": { padding: ".5rem 0", caretColor: "var(--ink)" },
  ".cm-cursor, .cm-dropCursor": { borderLeftColor: "var(--ink)", borderLeftWidth: "2px" },
  ".cm-gutters": { backgroundColor: "var(--ground)", color: "var(--muted)", borderRight: "1px solid var(--line)" },
  ".cm-activeLine": { backgroundColor: "color-mix(in srgb, var(--accent-soft) 45%, transparent)" },
  ".cm-activeLineGutter": { backgroundColor: "var(--accent-soft)", color: "var(--ink)" },
  "&.cm-focused > .cm-scroller > .cm-selectionLayer .cm-selectionBackground, .cm-selectionBackground, .cm-content ::selection": { backgroundColor: "color-mix(in srgb, var(--accent) 28%, transparent) !important" },
  ".cm-matchingBracket, &.cm-focused .cm-matchingBracket": { backgroundColor: "var(--accent-soft)", outline: "1px solid var(--accent-ink)" },
  ".cm-nonmatchingBracket, &.cm-focused .cm-nonmatchingBracket": { backgroundColor: "var(--no-bg)", outline: "1px solid var(--no)" },
  ".cm-foldPlaceholder": { backgroundColor: "var(--accent-soft)", border: "0", color: "var(--accent-ink)", padding: "0 .4rem" },
  ".cm-tooltip": { backgroundColor: "var(--card)", color: "var(--ink)", border: "1px solid var(--line)", borderRadius: "8px", boxShadow: "0 4px 18px #0003", maxWidth: "min(30rem, 92vw)" },
  ".cm-tooltip.cm-tooltip-autocomplete > ul": { fontFamily: 'ui-monospace, "DejaVu Sans Mono", monospace', maxHeight: "16rem", maxWidth: "min(34rem, 92vw)" },
  ".cm-tooltip.cm-tooltip-autocomplete > ul > li": { padding: ".3rem .6rem", color: "var(--ink)", lineHeight: "1.4" },
  ".cm-tooltip.cm-tooltip-autocomplete > ul > li[aria-selected]": { backgroundColor: "var(--accent)", color: "#fff" },
  ".cm-completionDetail": { color: "inherit", fontStyle: "normal", opacity: ".85", marginLeft: ".9rem" },
  ".cm-completionInfo": { padding: ".6rem .8rem", maxWidth: "22rem", lineHeight: "1.45" },
  ".cm-tooltip-hover, .cm-tooltip-lint": { lineHeight: "1.45" },
  ".cm-diagnostic": { padding: ".5rem .8rem", borderLeftWidth: "4px", maxWidth: "30rem", whiteSpace: "normal" },
  ".cm-diagnostic-error": { borderLeftColor: "var(--no)" },
  ".cm-diagnostic-warning": { borderLeftColor: "var(--ask)" },
  ".cm-diagnosticAction": { backgroundColor: "var(--accent)", color: "#fff", borderRadius: "6px", padding: ".25rem .6rem", margin: ".4rem .4rem 0 0", fontFamily: "inherit", fontSize: ".85rem", minHeight: "28px" },
  ".cm-lintRange-error": { backgroundImage: "none", textDecoration: "underline wavy var(--no) 1.5px", textUnderlineOffset: "3px" },
  ".cm-lintRange-warning": { backgroundImage: "none", textDecoration: "underline wavy var(--ask) 1.5px", textUnderlineOffset: "3px" },
  ".cm-lintRange-active": { backgroundColor: "var(--no-bg)" },
  ".cm-panels": { backgroundColor: "var(--ground)", color: "var(--ink)", borderColor: "var(--line)" },
  ".cm-panel input, .cm-panel button": { backgroundColor: "var(--card)", backgroundImage: "none", color: "var(--ink)", border: "1px solid var(--line)", borderRadius: "6px", minHeight: "32px", fontSize: ".85rem" },
  ".cm-panel label": { fontSize: ".85rem" },
  ".cm-searchMatch": { backgroundColor: "var(--ask-bg)", outline: "1px solid var(--ask-line)" },
  ".cm-searchMatch.cm-searchMatch-selected": { backgroundColor: "var(--ask-line)" },
  ".cm-covered-no": { backgroundColor: "color-mix(in srgb, var(--no-bg) 75%, transparent)" },
  ".cm-covered-part": { backgroundColor: "color-mix(in srgb, var(--ask-bg) 75%, transparent)" },
  ".cm-cover-gutter": { width: "6px" },
  ".cm-cover-gutter .cm-gutterElement": { padding: "0" },
  ".cm-cover-mark": { display: "block", width: "6px", height: "100%" },
  ".cm-cover-yes": { backgroundColor: "var(--ok)" },
  ".cm-cover-no": { backgroundColor: "var(--no)" },
  ".cm-cover-part": { backgroundColor: "var(--ask)" },
  ".cm-changedText": { background: "color-mix(in srgb, var(--ok) 26%, transparent) !important" },
  ".cm-changedText, .cm-changedText *": { color: "var(--ink) !important" },
  ".cm-deletedChunk, .cm-merge-a .cm-changedLine": { backgroundColor: "var(--no-bg)" },
  ".cm-merge-b .cm-changedLine, .cm-insertedLine": { backgroundColor: "var(--ok-bg)" },
  ".cm-merge-a .cm-changedText": { background: "color-mix(in srgb, var(--no) 24%, transparent) !important" },
  ".cm-collapsedLines:before, .cm-collapsedLines:after": { content: '"···"' },
  ".cm-collapsedLines": { backgroundColor: "var(--accent-soft)", backgroundImage: "none", color: "var(--accent-ink)", padding: ".3rem .8rem" },
});

export const look = [frame, syntaxHighlighting(ink)];
