// What the pages do by themselves. Everything works without it, only slower.
(function () {
  "use strict";
  var $ = function (sel, root) { return (root || document).querySelector(sel); };
  var $$ = function (sel, root) { return Array.prototype.slice.call((root || document).querySelectorAll(sel)); };

  // Focus goes to the answer, or to the summary of problems, once the page stands.
  function focusAnswer(root) {
    var el = $("[data-focus]", root);
    if (el) { el.focus({ preventScroll: false }); }
  }

  // The one-time token of the set-up link stands behind # so that no log sees it.
  function takeToken() {
    var field = $("#f-token");
    if (field && !field.value && location.hash.length > 10) {
      field.value = decodeURIComponent(location.hash.slice(1));
      history.replaceState(null, "", location.pathname);
    }
  }

  // Drafts: a form marked data-keep survives errors, an ended session and a lost line in this tab. A
  // page with data-done="PREFIX" forgets those whose name begins so: what was typed has arrived.
  function draftKey(form) { return "draft:" + location.pathname + ":" + form.dataset.keep; }
  function saveDraft(form) {
    var draft = {};
    $$("input,select,textarea", form).forEach(function (el) {
      if (!el.name || el.type === "hidden" || el.type === "password" || el.type === "file") { return; }
      if (el.type === "checkbox" || el.type === "radio") { if (el.checked) { (draft[el.name] = draft[el.name] || []).push(el.value); } } else if (el.value) { draft[el.name] = el.value; }
    });
    try { sessionStorage.setItem(draftKey(form), JSON.stringify(draft)); } catch (e) { /* storage is full or off */ }
  }
  function loadDraft(form) {
    var raw = null;
    try { raw = sessionStorage.getItem(draftKey(form)); } catch (e) { return; }
    if (!raw || $(".field.bad", form)) { return; }
    var draft = JSON.parse(raw);
    $$("input,select,textarea", form).forEach(function (el) {
      if (!(el.name in draft)) { return; }
      if (el.type === "checkbox" || el.type === "radio") { el.checked = draft[el.name].indexOf(el.value) >= 0; } else if (!el.value) { el.value = draft[el.name]; }
    });
  }
  function forgetDrafts() {
    var done = $("[data-done]");
    if (!done) { return; }
    try {
      Object.keys(sessionStorage).forEach(function (k) { if (k.indexOf("draft:") === 0 && k.indexOf(":" + done.dataset.done) > 0) { sessionStorage.removeItem(k); } });
    } catch (e) { /* off */ }
  }

  function say(el, text) {
    var box = el.parentNode.querySelector(".copied") || el.parentNode.appendChild(document.createElement("span"));
    box.className = "copied"; box.setAttribute("role", "status"); box.textContent = text;
  }
  function copy(el) {
    var src = document.getElementById(el.dataset.copy);
    var text = src ? (src.value || src.textContent) : "";
    var done = function () { say(el, el.dataset.copied); };
    if (navigator.clipboard && navigator.clipboard.writeText) { navigator.clipboard.writeText(text.trim()).then(done); return; }
    var t = document.createElement("textarea"); t.value = text.trim(); document.body.appendChild(t); t.select();
    document.execCommand("copy"); t.remove(); done();
  }

  // How many rows are ticked is said in the bar below them.
  function countTicked() {
    var say = $("[data-ticked]"), n = $$(".ticklist input:checked").length;
    if (say) { say.dataset.word = say.dataset.word || say.textContent; say.textContent = n ? say.dataset.word + ": " + n : say.dataset.word; }
  }

  // Keys: / find, a queue, c check, n new complaint, j and k move, x tick, ? help. Never while typing.
  function typing(el) { return el && (/^(INPUT|TEXTAREA|SELECT)$/.test(el.tagName) && el.type !== "checkbox" || el.isContentEditable); }
  function move(step) {
    var rows = $$(".moving a.row-line, .moving tr[tabindex], .moving tr a");
    if (!rows.length) { return; }
    var at = rows.indexOf(document.activeElement);
    rows[Math.max(0, Math.min(rows.length - 1, at + step))].focus();
  }
  document.addEventListener("keydown", function (e) {
    if (e.ctrlKey || e.metaKey || e.altKey || typing(e.target)) { return; }
    var find = $("#find"), go = { a: "/", c: "/checks", n: "/complaints/new" }[e.key];
    if (e.key === "/" && find) { e.preventDefault(); find.focus(); }
    else if (e.key === "j") { move(1); } else if (e.key === "k") { move(-1); }
    else if (e.key === "x") { var row = e.target.closest(".ticklist > li"), box = row && $("input[type=checkbox]", row); if (box) { box.click(); } }
    else if (e.key === "?" && $("#keys")) { $("#keys").showModal(); }
    else if (go && $('a[href="' + go + '"]')) { location.href = go; }
  });

  document.addEventListener("click", function (e) {
    var el = e.target.closest("[data-copy],[data-print],[data-open]");
    if (!el) { return; }
    if (el.dataset.copy) { copy(el); }
    if ("print" in el.dataset) { window.print(); }
    if (el.dataset.open) { var d = document.getElementById(el.dataset.open); if (d) { e.preventDefault(); d.open = true; d.querySelector("summary,input,select").focus(); } }
  });
  document.addEventListener("change", function (e) { if (e.target.closest(".ticklist")) { countTicked(); } });
  document.addEventListener("input", function (e) { var f = e.target.form; if (f && f.dataset.keep) { saveDraft(f); } });
  document.addEventListener("submit", function (e) {
    var f = e.target, b = e.submitter;
    if (f.dataset.sent) { e.preventDefault(); return; }
    // The next person at this computer must not find what this one typed.
    if (f.getAttribute("action") === "/sign-out") { try { sessionStorage.clear(); } catch (err) { /* off */ } }
    if (f.method === "post" && !f.hasAttribute("hx-post")) {
      f.dataset.sent = "1";
      if (b) { b.setAttribute("aria-busy", "true"); }
      setTimeout(function () { delete f.dataset.sent; if (b) { b.removeAttribute("aria-busy"); } }, 8000);
    }
  });
  // A page from the back-forward cache must not stay locked.
  window.addEventListener("pageshow", function () { $$("[data-sent]").forEach(function (f) { delete f.dataset.sent; }); $$("[aria-busy]").forEach(function (b) { b.removeAttribute("aria-busy"); }); });

  // A list that is searched as one types: data-find names it. Themes with a hit open, and fold again after.
  function findIn(box) {
    var input = $("input", box), list = $(box.dataset.find), told = $("[role=status]", box);
    if (!list) { return; }
    box.hidden = false;
    input.addEventListener("input", function () {
      var q = input.value.trim().toLowerCase(), hits = 0;
      $$(".param", list).forEach(function (el) {
        el.hidden = q !== "" && el.textContent.toLowerCase().indexOf(q) < 0;
        if (!el.hidden) { hits++; }
      });
      $$("details.theme", list).forEach(function (d) {
        if (d.dataset.was === undefined) { d.dataset.was = d.open ? "open" : ""; }
        d.hidden = !$(".param:not([hidden])", d);
        d.open = q === "" ? d.dataset.was === "open" : !d.hidden;
        if (q === "") { delete d.dataset.was; }
      });
      told.textContent = q === "" ? "" : hits + " " + box.dataset.of;
    });
  }
  $$("[data-find]").forEach(findIn);

  function line() { var box = $("#offline"); if (box) { box.hidden = navigator.onLine; } }
  window.addEventListener("online", line); window.addEventListener("offline", line);
  document.addEventListener("htmx:sendError", function () { var box = $("#offline"); if (box) { box.hidden = false; } });
  document.addEventListener("htmx:afterRequest", function (e) { if (e.detail.successful) { line(); } });

  // After a press of the button the answer is read out; after a tick the focus stays where it is.
  document.addEventListener("htmx:afterSwap", function (e) {
    var cause = e.detail.requestConfig && e.detail.requestConfig.triggeringEvent;
    if ($(".problems") || (cause && cause.type === "submit")) { focusAnswer($("#answer") || document); }
  });

  // While the year of a date is being typed, "2026" passes through 2, 20 and 202: the answer waits.
  document.addEventListener("change", function (e) {
    if (e.target.type === "date" && e.target.closest(".ticks") && e.target.value && e.target.value < "1900") { e.stopPropagation(); }
  }, true);

  // A summary that names a field opens the fold it lies in.
  document.addEventListener("click", function (e) {
    var a = e.target.closest('.problems a[href^="#"]'), target = a && document.getElementById(a.hash.slice(1));
    if (!target) { return; }
    for (var d = target.closest("details"); d; d = d.parentNode.closest("details")) { d.open = true; }
    e.preventDefault(); target.focus();
  });

  document.addEventListener("DOMContentLoaded", function () { takeToken(); forgetDrafts(); $$("form[data-keep]").forEach(loadDraft); focusAnswer(document); countTicked(); line(); });
})();
