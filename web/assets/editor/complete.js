// What can be written here, and what it means: facts, parameters, helper rules, functions, codes of
// closed lists. The words come from the server with the draft (data-words of the editor).
import { snippetCompletion } from "@codemirror/autocomplete";
import { hoverTooltip } from "@codemirror/view";
import { syntaxTree } from "@codemirror/language";

const keywords = ["if", "contains", "every", "some", "in", "not", "default", "with", "package", "import", "true", "false"];

// card draws one entry of the vocabulary as a small piece of page. Text only: nothing of it is markup.
function card(entry, labels) {
  const box = document.createElement("div");
  box.className = "word-card";
  const add = (tag, text, cls) => {
    if (!text) return null;
    const el = box.appendChild(document.createElement(tag));
    el.textContent = text;
    if (cls) el.className = cls;
    return el;
  };
  add("b", entry.name, "code-name");
  add("div", [entry.type, entry.unit].filter(Boolean).join(", "), "s");
  add("p", entry.meaning);
  if (entry.value) add("p", labels.today + ": " + entry.value);
  if (entry.source) add("p", labels.source + ": " + entry.source, "s");
  if (entry.codes && entry.codes.length) {
    const list = box.appendChild(document.createElement("ul"));
    for (const c of entry.codes) {
      const li = list.appendChild(document.createElement("li"));
      li.appendChild(document.createElement("code")).textContent = '"' + c.code + '"';
      if (c.word) li.append(" " + c.word);
    }
  }
  return box;
}

const kinds = { fact: "property", param: "constant", rule: "variable", function: "function", builtin: "function" };

function option(entry, labels, name) {
  return {
    label: name || entry.name, type: kinds[entry.kind] || "text", detail: [entry.type, entry.unit].filter(Boolean).join(", "),
    info: () => card(entry, labels), boost: { fact: 3, param: 3, rule: 2, function: 1 }[entry.kind] || 0,
  };
}

// codesFor offers the codes of the list that the field before the cursor takes: x.segment == "…".
function codesFor(vocabulary, before) {
  const held = before.match(/([A-Za-z_][\w.]*)\s*(?:==|!=|:=|in)\s*(?:\{[^{}]*)?"(\w*)$/);
  if (!held) return null;
  const field = held[1].split(".").pop();
  const exact = vocabulary.byName.get(held[1]);
  const entry = exact && exact.codes ? exact : vocabulary.entries.find((e) => e.codes && e.name.split(".").pop() === field);
  return entry && { from: held[2].length, options: entry.codes.map((c) => ({ label: c.code, detail: c.word, type: "enum" })) };
}

export function vocabularyOf(data) {
  const entries = data.entries || [];
  return { entries, labels: data.labels || {}, snippets: data.snippets || [], byName: new Map(entries.map((e) => [e.name, e])) };
}

export function completionOf(vocabulary) {
  const all = vocabulary.entries.map((e) => option(e, vocabulary.labels));
  // current.max_desil is what rules write for the parameter of the day.
  const snippets = vocabulary.snippets.map((s) => snippetCompletion(s.text, { label: s.label, detail: s.detail, type: "keyword", boost: 5 }));
  const words = keywords.map((k) => ({ label: k, type: "keyword" }));
  return (cx) => {
    const line = cx.state.doc.lineAt(cx.pos);
    const before = line.text.slice(0, cx.pos - line.from);
    const codes = codesFor(vocabulary, before);
    if (codes) return { from: cx.pos - codes.from, options: codes.options, validFor: /^\w*$/ };
    if (/^\s*#/.test(before)) return null;
    const word = cx.matchBefore(/[A-Za-z_][\w.]*/);
    if (!word && !cx.explicit) return null;
    const from = word ? word.from : cx.pos;
    if ((before.slice(0, from - line.from).match(/(^|[^\\])"/g) || []).length % 2 === 1) return null;
    const dotted = word && word.text.includes(".");
    const options = dotted ? all : [...all.filter((o) => !/^data\.params\./.test(o.label)), ...words, ...(from === line.from ? snippets : [])];
    return { from, options: dotted ? membersToo(options, vocabulary, cx, word.text) : options, validFor: /^[\w.]*$/ };
  };
}

// membersToo adds what a variable of "some m in input.household.members" has.
function membersToo(options, vocabulary, cx, text) {
  const name = text.split(".")[0];
  if (vocabulary.byName.has(text) || name === "input" || name === "data" || name === "current") return options;
  const bound = new RegExp("\\bsome\\s+(?:\\w+\\s*,\\s*)?" + name + "\\s+in\\s+(input(?:\\.\\w+)+)").exec(cx.state.doc.sliceString(0, cx.pos));
  if (!bound) return options;
  const head = bound[1] + "[].";
  const own = vocabulary.entries.filter((e) => e.name.startsWith(head)).map((e) => option(e, vocabulary.labels, name + "." + e.name.slice(head.length)));
  return own.length ? own : options;
}

// nameAt gives the dotted name under a position, up to the part that is pointed at.
function nameAt(state, pos) {
  const line = state.doc.lineAt(pos), at = pos - line.from;
  for (const m of line.text.matchAll(/[A-Za-z_][\w.]*/g)) {
    if (m.index <= at && at <= m.index + m[0].length) {
      const end = m[0].indexOf(".", Math.max(0, at - m.index));
      return { from: line.from + m.index, name: end < 0 ? m[0] : m[0].slice(0, end) };
    }
  }
  return null;
}

export function wordAt(vocabulary, state, pos) {
  const inside = syntaxTree(state).resolveInner(pos, -1).name;
  if (/comment|string/i.test(inside)) return null;
  const found = nameAt(state, pos);
  if (!found) return null;
  const entry = vocabulary.byName.get(found.name) || vocabulary.byName.get(found.name.replace(/^data\.params\.(\w+).*$/, "current.$1"));
  return entry ? { ...found, entry } : null;
}

export function hoverOf(vocabulary) {
  return hoverTooltip((view, pos) => {
    const found = wordAt(vocabulary, view.state, pos);
    return found && { pos: found.from, end: found.from + found.name.length, above: true, create: () => ({ dom: card(found.entry, vocabulary.labels) }) };
  }, { hoverTime: 250 });
}

export function cardAtCursor(vocabulary, view) {
  const found = wordAt(vocabulary, view.state, view.state.selection.main.head);
  return found ? card(found.entry, vocabulary.labels) : null;
}
