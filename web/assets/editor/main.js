// The editor of rules: it takes the place of the plain text field of the page, which works without it.
// The server checks, formats, tests and saves; here is only the hand and the eye.
import { EditorState, Prec } from "@codemirror/state";
import {
  EditorView, keymap, lineNumbers, highlightActiveLine, highlightActiveLineGutter, drawSelection, dropCursor, rectangularSelection, highlightSpecialChars,
} from "@codemirror/view";
import { history, historyKeymap, defaultKeymap, indentWithTab } from "@codemirror/commands";
import { bracketMatching, indentOnInput, indentUnit, foldGutter, foldKeymap } from "@codemirror/language";
import { autocompletion, closeBrackets, closeBracketsKeymap, completionKeymap } from "@codemirror/autocomplete";
import { linter, lintGutter, lintKeymap, forceLinting, nextDiagnostic, forEachDiagnostic } from "@codemirror/lint";
import { searchKeymap, highlightSelectionMatches, search } from "@codemirror/search";
import { json, jsonParseLinter } from "@codemirror/lang-json";
import { rego } from "./rego.js";
import { look } from "./look.js";
import { words } from "./words.js";
import { cover, setCover } from "./cover.js";
import { completionOf, hoverOf, cardAtCursor, vocabularyOf } from "./complete.js";
import { post, Saver } from "./server.js";
import { Kept } from "./kept.js";
import "./diff.js";

const host = document.getElementById("editor");
if (host) start(host);

async function start(host) {
  const field = document.getElementById("code"), data = host.dataset;
  const say = JSON.parse(data.say);
  const isRego = /\.rego$/.test(data.file), readOnly = field.readOnly;
  const status = document.getElementById("save-state"), problems = document.getElementById("problems");
  let view = null;
  const read = () => view.state.doc.toString();
  const kept = new Kept(data.user, data.draft, data.file), before = readOnly ? null : kept.take();
  const saver = new Saver({ url: data.save, file: data.file, version: data.version, text: field.value, read, say: state, kept });

  // state says plainly what is saved and what is not; after a sign-out with the way back in beside it.
  function state(kind, body = {}) {
    status.dataset.kind = kind;
    let words = (kind === "refused" && body.message) || say[kind] || "";
    if (kind === "saved" && body.saved_at) words += " " + clock(body.saved_at);
    if (status.textContent !== words + (kind === "ended" ? " " + say.signin : "")) {
      status.textContent = words;
      if (kind === "ended") {
        const to = document.createElement("a");
        Object.assign(to, { href: "/sign-in", target: "_blank", rel: "noopener", textContent: say.signin });
        status.append(" ", to);
      }
    }
    if (kind === "conflict") conflict(body);
    if (kind === "saved" && body.version) {
      const version = document.querySelector("input[name=version]");
      if (version) version.value = body.version;
      markChanged(body.changed || []);
    }
  }

  // offer shows what was typed here earlier and never reached the server.
  function offer() {
    const box = document.getElementById("kept");
    if (!before || before.text === field.value) { if (before) kept.drop(); return; }
    box.hidden = false;
    box.querySelector("[data-at]").textContent = new Date(before.at).toLocaleString(document.documentElement.lang, { dateStyle: "medium", timeStyle: "short" });
    box.addEventListener("click", (e) => {
      const act = (e.target.closest("[data-kept]") || { dataset: {} }).dataset.kept;
      if (act === "compare") compare(box, read(), before.text, say.stored, say.mine);
      if (act === "use") { replaceText(view, before.text); box.hidden = true; view.focus(); }
      if (act === "drop") { if (!saver.dirty) kept.drop(); box.hidden = true; view.focus(); }
    });
  }

  // A draft that somebody else moved is shown beside one's own text, which stays on the page.
  function conflict(body) {
    const box = document.getElementById("conflict");
    box.hidden = false;
    box.querySelector("[data-who]").textContent = body.message || "";
    box.focus();
    box.querySelector("[data-compare]").onclick = () => compare(box, body.text || "", read(), say.theirs, say.mine);
    // What was typed waits on this device and is offered again on the page of the newest version.
    box.querySelector("[data-reload]").onclick = () => { saver.keep(); saver.leaving = true; };
  }

  function compare(box, left, right, leftName, rightName) {
    const place = box.querySelector("[data-place]");
    place.replaceChildren();
    for (const [id, text] of [["left-text", left], ["right-text", right]]) {
      const area = place.appendChild(document.createElement("textarea"));
      Object.assign(area, { id, hidden: true, value: text });
    }
    const diff = document.createElement("layak-diff");
    Object.assign(diff.dataset, { before: "left-text", after: "right-text", name: data.file, old: leftName, new: rightName });
    place.appendChild(diff);
  }

  function markChanged(files) {
    for (const a of document.querySelectorAll("[data-file-link]")) {
      const mark = a.querySelector("[data-changed]");
      if (mark) mark.hidden = !files.includes(a.dataset.fileLink);
    }
  }

  const vocabulary = vocabularyOf(data.words ? await load(data.words) : {});

  async function check(view) {
    const doc = view.state.doc;
    const { status, body } = await post(data.check, { file: data.file, text: doc.toString() });
    if (status !== 200) return [];
    listProblems(problems, body.problems, data, view, say);
    return body.problems.filter((p) => p.file === data.file && p.row > 0).map((p) => diagnosticOf(doc, p, say));
  }

  const keys = [
    { key: "Mod-s", preventDefault: true, run: () => { saver.flush(); return true; } },
    { key: "Shift-Alt-f", run: () => { format(); return true; } },
    { key: "Mod-Enter", run: () => { press("[data-run-tests]"); return true; } },
    { key: "Alt-Enter", run: fixHere },
    { key: "Mod-i", preventDefault: true, run: () => { tell(cardAtCursor(vocabulary, view)); return true; } },
    { key: "F8", run: nextDiagnostic },
  ];

  const extensions = [
    EditorView.cspNonce.of(data.nonce), look, words, cover,
    lineNumbers(), foldGutter(), highlightActiveLineGutter(), highlightSpecialChars(), history(), drawSelection(), dropCursor(), rectangularSelection(),
    highlightActiveLine(), highlightSelectionMatches(), bracketMatching(), closeBrackets(), indentOnInput(), search({ top: true }),
    EditorState.tabSize.of(4), indentUnit.of(isRego ? "\t" : "  "),
    isRego ? rego() : json(),
    data.check ? linter(check, { delay: 100 }) : [], isRego ? [] : linter(unread, { delay: 100 }), lintGutter(),
    isRego ? [autocompletion({ override: [completionOf(vocabulary)], icons: false }), hoverOf(vocabulary)] : [],
    Prec.high(keymap.of(keys)),
    keymap.of([...closeBracketsKeymap, ...completionKeymap, ...searchKeymap, ...foldKeymap, ...historyKeymap, ...lintKeymap, indentWithTab, ...defaultKeymap]),
    EditorView.contentAttributes.of({ "aria-label": say.code + " " + data.file, "aria-describedby": "editor-keys", id: "code-text", tabindex: "0" }),
    EditorView.updateListener.of((u) => { if (u.docChanged) { field.value = u.state.doc.toString(); saver.touched(); } }),
    readOnly ? [EditorState.readOnly.of(true)] : [],
  ];
  view = new EditorView({ doc: field.value, extensions, parent: document.getElementById("code-view") });
  host.classList.add("live");
  field.hidden = true;
  const label = document.querySelector('label[for="code"]');
  if (label) label.onclick = () => view.focus();
  host.editorView = view;
  offer();
  goTo(view, location.hash);
  window.addEventListener("hashchange", () => goTo(view, location.hash));
  if (data.check) forceLinting(view);
  showCover();

  async function format() {
    const doc = view.state.doc;
    const { status, body } = await post(data.formatUrl, { file: data.file, text: doc.toString() });
    if (status !== 200) { state("refused", body); return; }
    if (view.state.doc === doc) replaceText(view, body.text);
    state(saver.dirty ? "typing" : "formatted");
  }

  // fixHere takes the first remedy offered for the problem at the cursor.
  function fixHere() {
    const at = view.state.selection.main.head, line = view.state.doc.lineAt(at);
    let done = false;
    forEachDiagnostic(view.state, (d, from, to) => {
      if (!done && d.actions && d.actions.length && from <= line.to && to >= line.from) { done = true; d.actions[0].apply(view, from, to); }
    });
    return done;
  }

  function tell(card) {
    const box = document.getElementById("word-help");
    box.replaceChildren(card || document.createTextNode(say.noword));
  }

  function showCover() {
    const box = document.querySelector("[data-cover]");
    const all = box ? JSON.parse(box.dataset.cover) : null, own = all && all[data.file];
    view.dispatch({ effects: setCover.of(own ? { yes: own.yes || [], no: own.no || [], words: { yes: say.covered, no: say.uncovered } } : null) });
  }

  document.addEventListener("click", (e) => {
    const el = e.target.closest("[data-format],[data-goto],[data-file-link]");
    if (!el) return;
    if ("format" in el.dataset) { e.preventDefault(); format(); }
    if (el.dataset.goto && el.dataset.file === data.file) { e.preventDefault(); goTo(view, "#L" + el.dataset.goto); return; }
    if (el.href && saver.dirty && !saver.stopped) { e.preventDefault(); saver.flush().then((ok) => { if (ok) location.href = el.href; }); }
  });
  // What runs on the server runs on what stands here: the text is saved first.
  document.addEventListener("htmx:confirm", (e) => {
    if (!e.detail.elt.closest("[data-after-save]") || !saver.dirty) return;
    e.preventDefault();
    saver.flush().then((ok) => { if (ok) e.detail.issueRequest(true); });
  });
  document.addEventListener("submit", (e) => {
    const f = e.target;
    if (f === host || !f.closest("[data-after-save]") || f.hasAttribute("hx-post") || !saver.dirty) return;
    e.preventDefault();
    saver.flush().then((ok) => { if (ok) { delete f.dataset.sent; f.requestSubmit(e.submitter); } });
  }, true);
  host.addEventListener("submit", (e) => { if (!(e.submitter && e.submitter.hasAttribute("formaction"))) { e.preventDefault(); e.stopPropagation(); saver.flush(); } }, true);
  document.addEventListener("htmx:afterSwap", showCover);
  window.addEventListener("beforeunload", (e) => { if (saver.dirty && !saver.leaving) { e.preventDefault(); e.returnValue = ""; } });
}

// unread marks where a JSON file stops being readable; the browser's own words are English and those of a programmer.
function unread(view) {
  return jsonParseLinter()(view).map((d) => ({ ...d, message: view.state.phrase("This file cannot be read yet") }));
}

function clock(at) {
  return new Date(at).toLocaleTimeString(document.documentElement.lang, { hour: "2-digit", minute: "2-digit" });
}

async function load(url) {
  try {
    return await (await fetch(url, { credentials: "same-origin" })).json();
  } catch (e) {
    return {};
  }
}

function press(selector) {
  const el = document.querySelector(selector);
  if (el) el.click();
}

// place gives the offset of a row and column that count from 1, columns in bytes as OPA counts them.
function place(doc, row, col) {
  const line = doc.line(Math.max(1, Math.min(doc.lines, row)));
  let at = 0, bytes = (col || 1) - 1;
  while (bytes > 0 && at < line.length) {
    const c = line.text.codePointAt(at);
    bytes -= c < 0x80 ? 1 : c < 0x800 ? 2 : c < 0x10000 ? 3 : 4;
    at += c < 0x10000 ? 1 : 2;
  }
  return line.from + at;
}

function diagnosticOf(doc, p, say) {
  const from = place(doc, p.row, p.col), line = doc.lineAt(from);
  const word = /^[\w.]+/.exec(doc.sliceString(from, line.to));
  const to = word ? from + word[0].length : Math.max(from, line.from + line.text.trimEnd().length);
  const e = p.edit, actions = e ? [{
    name: say.fix,
    apply(view) {
      if (!view.state.doc.eq(doc)) return;
      view.dispatch({ changes: { from: place(doc, e.row, e.col), to: place(doc, e.end_row, e.end_col), insert: e.text }, userEvent: "input.fix" });
    },
  }] : [];
  return {
    from, to, severity: p.level === "warning" ? "warning" : "error", message: p.message, actions,
    renderMessage() {
      const box = document.createElement("div");
      box.textContent = p.message;
      if (p.fix) { const fix = box.appendChild(document.createElement("div")); fix.className = "s"; fix.textContent = p.fix; }
      return box;
    },
  };
}

// listProblems draws the list under the editor and says its size aloud when it changed.
function listProblems(box, problems, data, view, say) {
  const list = box.querySelector("ul"), count = document.getElementById("problem-count");
  list.replaceChildren(...problems.map((p) => problemRow(p, data, say)));
  const here = problems.filter((p) => p.file === data.file);
  let text = problems.length ? say.problems.replace("{n}", problems.length) : say.noproblem;
  if (here.length && here[0].row) text += " " + say.first.replace("{row}", here[0].row) + " " + here[0].message;
  if (count.textContent !== text) count.textContent = text;
  box.dataset.count = problems.length;
  for (const a of document.querySelectorAll("[data-file-link]")) {
    const n = problems.filter((p) => p.file === a.dataset.fileLink).length, mark = a.querySelector("[data-bad]");
    if (mark) { mark.hidden = n === 0; mark.firstChild.textContent = n || ""; }
  }
}

function problemRow(p, data, say) {
  const li = document.createElement("li"), a = document.createElement("a");
  li.className = p.level === "warning" ? "warning" : "error";
  a.href = p.file ? data.page + "?file=" + encodeURIComponent(p.file) + (p.row ? "#L" + p.row : "") : "#editor";
  a.dataset.file = p.file;
  a.dataset.goto = p.row || 1;
  if (p.file !== data.file) a.dataset.fileLink = "";
  const part = (cls, text) => { if (text) { const el = a.appendChild(document.createElement("span")); el.className = cls; el.textContent = text; } };
  part("where", p.file + (p.row ? ":" + p.row : ""));
  part("level", p.level === "warning" ? say.warning : say.error);
  part("what", p.message);
  part("s", p.fix);
  li.appendChild(a);
  return li;
}

function goTo(view, hash) {
  const m = /^#L(\d+)$/.exec(hash);
  if (!m) return;
  const at = place(view.state.doc, Number(m[1]), 1);
  view.dispatch({ selection: { anchor: at }, effects: EditorView.scrollIntoView(at, { y: "center" }) });
  view.focus();
}

// replaceText puts a new text in the place of the old one by the part that differs, so that the cursor
// and the history stay.
function replaceText(view, text) {
  const old = view.state.doc.toString();
  if (old === text) return;
  let from = 0, a = old.length, b = text.length;
  while (from < a && from < b && old[from] === text[from]) from++;
  while (a > from && b > from && old[a - 1] === text[b - 1]) { a--; b--; }
  view.dispatch({ changes: { from, to: a, insert: text.slice(from, b) }, userEvent: "input.format" });
}
