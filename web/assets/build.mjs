// Builds web/static: one stylesheet, one script, the editor of rules as a script of its own, all minified, with gzip and Brotli copies beside
// them, and manifest.json with the hash of every source so that a Go test can tell a stale build.
//
// The stylesheet is Tabler without the families that no page uses. Families are named here rather
// than searched for in the templates alone, so that a new page can use any usual Tabler class
// without building assets again.
import { createHash } from "node:crypto";
import { mkdirSync, readFileSync, readdirSync, writeFileSync, copyFileSync } from "node:fs";
import { brotliCompressSync, gzipSync, constants } from "node:zlib";
import { dirname, join } from "node:path";
import { fileURLToPath } from "node:url";
import { PurgeCSS } from "purgecss";
import postcss from "postcss";
import { transform, browserslistToTargets } from "lightningcss";
import { buildSync, transformSync } from "esbuild";

const here = dirname(fileURLToPath(import.meta.url));
const web = dirname(here);
const out = join(web, "static");
mkdirSync(out, { recursive: true });

// What a page may use besides what the templates name today.
const families = [
  /^btn(-(primary|secondary|outline-.*|link|ghost-.*|danger|sm|lg|icon|list|group|loading))?$/,
  /^form-/, /^input-(group|icon)/, /^(is-)?(in)?valid/, /^was-validated$/, /^card(-(body|header|title|subtitle|footer|actions|table|sm|lg|link|stacked))?$/,
  /^table(-(responsive|sm|hover|striped|vcenter|nowrap|bordered))?$/, /^alert(-(title|danger|warning|success|info|important|icon|heading))?$/,
  /^badge$/, /^nav(-(tabs|link|item))?$/, /^progress(-(bar|sm))?$/, /^steps?(-item)?$/, /^list-(unstyled|inline|group)/, /^datagrid/, /^empty/,
  /^(d|flex|justify-content|align-items|gap|row|col|order|text|fw|fs|m|mt|mb|ms|me|mx|my|p|pt|pb|ps|pe|px|py|w|h|g|gx|gy)-(0|1|2|3|4|5|6|7|8|9|10|11|12|auto|none|flex|grid|block|inline|inline-flex|inline-block|wrap|nowrap|column|fill|grow-1|start|center|end|between|baseline|truncate|break|muted|secondary|danger|success|warning|nowrap|bold|medium|normal|100)$/,
  /^(d|col)-(sm|md|lg|print)-/, /^(row|col|container|container-xl|small|visually-hidden|visually-hidden-focusable|active|disabled|show|collapse)$/, /^page-/, /^subheader$/, /^lead$/, /^htmx-/,
];
const dropped = [/btn-(facebook|twitter|google|github|youtube|vimeo|dribbble|linkedin|instagram|pinterest|vk|rss|flickr|bitbucket|tabler|x)/, /apexcharts|tom-select|ts-|litepicker|dropzone|fslightbox|jvm|noUi|hugerte|tox|plyr|colorpicker|clr-|sel-|countup|driver/];

// Dark mode follows the system: Tabler keys it on an attribute that only a script could set.
function darkByMedia() {
  return {
    postcssPlugin: "dark-by-media",
    Once(root) {
      root.walkRules((rule) => {
        if (!/\[data-bs-theme=["']?dark["']?\]/.test(rule.selector)) return;
        const dark = rule.selectors.filter((s) => /\[data-bs-theme=["']?dark["']?\]/.test(s) && !/:not\([^)]*dark/.test(s));
        const light = rule.selectors.filter((s) => !dark.includes(s));
        if (dark.length) {
          const copy = rule.clone();
          copy.selectors = dark.map((s) => s.replace(/^(html|body)?\[data-bs-theme=["']?dark["']?\]/, (_, e) => e || ":root").replace(/\[data-bs-theme=["']?dark["']?\]/g, ":root").replace(/:root :root/g, ":root"));
          const media = postcss.atRule({ name: "media", params: "screen and (prefers-color-scheme: dark)" });
          media.append(copy);
          rule.before(media);
        }
        if (light.length) rule.selectors = light;
        else rule.remove();
      });
    },
  };
}

const tabler = readFileSync(join(here, "node_modules/@tabler/core/dist/css/tabler.css"), "utf8");
const purged = await new PurgeCSS().purge({
  content: [join(web, "templates/**/*.html"), join(here, "layak.js")],
  css: [{ raw: tabler }],
  safelist: { standard: [...families, "html", "body"] },
  blocklist: dropped,
  variables: false,
  keyframes: true,
  fontFace: true,
});
const dark = await postcss([darkByMedia()]).process(purged[0].css, { from: undefined });
const own = readFileSync(join(here, "layak.css"), "utf8");
const style = transform({
  filename: "app.css",
  code: Buffer.from(dark.css + "\n" + own),
  minify: true,
  errorRecovery: true,
  targets: browserslistToTargets(["chrome 87", "firefox 85", "safari 14", "samsung 14"]),
}).code;

const editorStyle = transform({
  filename: "editor.css", code: readFileSync(join(here, "editor.css")), minify: true,
  targets: browserslistToTargets(["chrome 87", "firefox 85", "safari 14", "samsung 14"]),
}).code;

const htmx = readFileSync(join(here, "node_modules/htmx.org/dist/htmx.min.js"), "utf8");
const script = transformSync(readFileSync(join(here, "layak.js"), "utf8"), { minify: true, target: "es2019" }).code;

// CodeMirror is large and only the pages of rules need it: editor.js and review.js are loaded by them alone.
const bundled = (entry) => buildSync({ entryPoints: [join(here, entry)], bundle: true, minify: true, format: "iife", target: "es2020", write: false, legalComments: "none" }).outputFiles[0].text;
const editor = bundled("editor/main.js"), review = bundled("editor/review.js");

// Symbols by the name that templates use; the picture is a Tabler icon.
function sprite() {
  const names = ["inbox", "user-check", "messages", "message-plus", "clipboard-list", "database", "scale", "users", "user", "history", "search", "dots", "check", "x", "question-mark", "exclamation-mark", "shield-check", "alert-circle", "alert-triangle", "info-circle", "wifi-off", "mood-check", "chevron-right", "chevron-up", "chevron-down", "logout", "copy", "printer", "eye", "ambulance", "file-text", "plus", "upload", "download", "refresh", "clock", "paperclip", "send", "lock", "arrow-left", "phone", "calendar", "home", "trash", "edit", "flag", "list-check", "chart-bar", "wand", "player-play", "arrows-diff", "file-plus", "test-pipe", "device-floppy", "book-2", "table", "bulb", "git-branch", "player-stop", "arrow-back-up"];
  const aliases = { "error-missing": "map-search", "error-forbidden": "lock", "error-conflict": "arrows-split-2", "error-busy": "clock", "error-invalid": "alert-circle", "error-internal": "tool" };
  const symbol = (id, name) => {
    const svg = readFileSync(join(here, "node_modules/@tabler/icons/icons/outline", name + ".svg"), "utf8");
    const inner = svg.replace(/^[\s\S]*?<svg[^>]*>/, "").replace(/<\/svg>[\s\S]*$/, "").replace(/<path stroke="none"[^>]*>/, "").replace(/\s+/g, " ").trim();
    return `<symbol id="${id}" viewBox="0 0 24 24">${inner}</symbol>`;
  };
  return `<svg xmlns="http://www.w3.org/2000/svg">${names.map((n) => symbol(n, n)).join("")}${Object.entries(aliases).map(([id, n]) => symbol(id, n)).join("")}</svg>`;
}

function emit(name, body) {
  const file = join(out, name);
  const bytes = Buffer.from(body);
  writeFileSync(file, bytes);
  writeFileSync(file + ".gz", gzipSync(bytes, { level: 9 }));
  writeFileSync(file + ".br", brotliCompressSync(bytes, { params: { [constants.BROTLI_PARAM_QUALITY]: 11 } }));
  console.log(name.padEnd(12), String(bytes.length).padStart(8), "br", String(brotliCompressSync(bytes).length).padStart(7));
}
emit("app.css", style);
emit("app.js", htmx + "\n" + script);
emit("editor.css", editorStyle);
emit("editor.js", editor);
emit("review.js", review);
emit("icon.svg", readFileSync(join(here, "icon.svg")));
emit("icons.svg", sprite());

const axe = join(web, "../internal/testkit/testdata");
mkdirSync(axe, { recursive: true });
copyFileSync(join(here, "node_modules/axe-core/axe.min.js"), join(axe, "axe.min.js"));

const sources = {};
const modules = readdirSync(join(here, "editor")).sort().map((name) => "editor/" + name);
for (const name of ["layak.css", "layak.js", "editor.css", ...modules, "icon.svg", "build.mjs"]) {
  sources[name] = createHash("sha256").update(readFileSync(join(here, name))).digest("hex");
}
const version = (pkg) => JSON.parse(readFileSync(join(here, "node_modules", pkg, "package.json"), "utf8")).version;
const codemirror = Object.fromEntries(["autocomplete", "commands", "lang-json", "language", "lint", "merge", "search", "state", "view"].map((name) => ["@codemirror/" + name, version("@codemirror/" + name)]));
writeFileSync(join(out, "manifest.json"), JSON.stringify({ sources, vendored: { "@tabler/core": version("@tabler/core"), "htmx.org": version("htmx.org"), "axe-core": version("axe-core"), ...codemirror } }, null, 2) + "\n");
