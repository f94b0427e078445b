// The look of Rego: a tokenizer by line, since no grammar of Rego exists for CodeMirror. It knows what
// colours, brackets and indentation need; what is right and wrong is said by the server.
import { StreamLanguage, LanguageSupport, foldService } from "@codemirror/language";
import { tags } from "@lezer/highlight";

const keywords = new Set("package import as default if contains every some in not with else and or".split(" "));
const atoms = new Set(["true", "false", "null"]);

// A state keeps where each open bracket stood, so that a line inside is indented once for each line
// that opened one, as OPA's formatter does, and the nesting of template strings.
function start() {
  return { line: 0, open: [], quote: "", raw: false, templates: [], head: false, meta: false };
}

function copy(s) {
  return { ...s, open: s.open.slice(), templates: s.templates.map((t) => ({ ...t })) };
}

// text reads on inside a string until it ends, or until a template's expression begins.
function text(stream, state) {
  const template = state.templates[state.templates.length - 1];
  const inTemplate = template && template.inText;
  while (!stream.eol()) {
    const c = stream.next();
    if (c === "\\" && !state.raw) {
      stream.next();
    } else if (inTemplate && c === "{") {
      Object.assign(template, { inText: false, depth: state.open.length, quote: state.quote, raw: state.raw });
      state.quote = "";
      return "string";
    } else if (c === state.quote) {
      endText(state, inTemplate);
      return "string";
    }
  }
  // A plain string ends with its line at the latest, so that one forgotten quote does not colour the rest.
  if (!state.raw) endText(state, inTemplate);
  return "string";
}

function endText(state, inTemplate) {
  state.quote = "";
  state.raw = false;
  if (inTemplate) state.templates.pop();
}

function comment(stream, state) {
  const line = stream.string.trim();
  stream.skipToEnd();
  if (line === "# METADATA") state.meta = true;
  return state.meta ? "meta" : "comment";
}

function word(stream, state, first) {
  const name = stream.current();
  const before = stream.string.slice(0, stream.start);
  if (/\.\s*$/.test(before)) return "propertyName";
  if (keywords.has(name)) return "keyword";
  if (atoms.has(name)) return "bool";
  if (name === "input" || name === "data") return "variableName.special";
  if (first) return "variableName.definition";
  if (stream.match(/^[\w.]*\(/, false)) return "variableName.function";
  return "variableName";
}

function token(stream, state) {
  const first = stream.sol();
  if (first) {
    state.line++;
    if (!/^\s*#/.test(stream.string)) state.meta = false;
    state.templates = state.templates.filter((t) => t.raw || state.raw);
  }
  if (state.quote) return text(stream, state);
  if (stream.eatSpace()) return null;
  const c = stream.peek();
  if (c === "#") return comment(stream, state);
  if (stream.match(/^\$["`]/)) {
    state.quote = stream.current()[1];
    state.raw = state.quote === "`";
    state.templates.push({ inText: true, depth: 0, raw: state.raw });
    return text(stream, state);
  }
  if (c === '"' || c === "`") {
    stream.next();
    state.quote = c;
    state.raw = c === "`";
    return text(stream, state);
  }
  if (stream.match(/^\d+(\.\d+)?([eE][+-]?\d+)?/)) return "number";
  if (stream.match(/^[A-Za-z_]\w*/)) return word(stream, state, first);
  stream.next();
  if ("([{".includes(c)) {
    state.open.push(state.line);
    return "bracket";
  }
  if (")]}".includes(c)) {
    const t = state.templates[state.templates.length - 1];
    if (c === "}" && t && !t.inText && t.depth === state.open.length) {
      t.inText = true;
      state.quote = t.quote;
      state.raw = t.raw;
      return "string";
    }
    state.open.pop();
    return "bracket";
  }
  if (/[:=<>!+\-*/%&|]/.test(c)) {
    stream.eatWhile(/[=]/);
    return "operator";
  }
  return "punctuation";
}

function indent(state, after, cx) {
  const open = state.open.slice();
  for (const c of after.trim()) {
    if (!")]}".includes(c)) break;
    open.pop();
  }
  return new Set(open).size * cx.unit;
}

export const regoLanguage = StreamLanguage.define({
  name: "rego",
  startState: start,
  copyState: copy,
  token,
  blankLine(state) { state.line++; state.meta = false; },
  indent,
  languageData: {
    commentTokens: { line: "#" },
    closeBrackets: { brackets: ["(", "[", "{", '"', "`"] },
    indentOnInput: /^\s*[)\]}]$/,
    wordChars: "_",
  },
  tokenTable: { meta: tags.docComment },
});

// A rule folds from the line that opens its bracket to the one that closes it at the margin, and a
// METADATA block to its last line.
const fold = foldService.of((state, from, to) => {
  const line = state.doc.lineAt(from);
  if (line.text.trim() === "# METADATA") {
    let last = line;
    while (last.number < state.doc.lines && state.doc.line(last.number + 1).text.startsWith("#")) last = state.doc.line(last.number + 1);
    return last.number > line.number ? { from: line.to, to: last.to } : null;
  }
  if (!/^\S.*[([{]\s*$/.test(line.text)) return null;
  for (let n = line.number + 1; n <= state.doc.lines; n++) {
    const next = state.doc.line(n);
    if (/^[)\]}]/.test(next.text)) return next.from - 1 > to ? { from: line.to, to: next.from - 1 } : null;
    if (/^\S/.test(next.text)) return null;
  }
  return null;
});

export function rego() {
  return new LanguageSupport(regoLanguage, [fold]);
}
