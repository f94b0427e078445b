// Talk with the server: checks, formatting and saving of the text on the page.

// token is what the forms of this page carry; it is read anew each time, since signing in again changes it.
function token() {
  return JSON.parse(document.body.getAttribute("hx-headers"))["X-CSRF-Token"];
}

// post sends a form and gives {status, body}; status 0 when the line is cut, 401 when the session ended.
export async function post(url, fields) {
  let answer;
  try {
    answer = await fetch(url, {
      method: "POST", credentials: "same-origin", body: new URLSearchParams(fields),
      headers: { "X-CSRF-Token": token(), Accept: "application/json" },
    });
  } catch (e) {
    return { status: 0, body: {} };
  }
  if (answer.redirected && /\/sign-in/.test(answer.url)) return { status: 401, body: {} };
  try {
    return { status: answer.status, body: await answer.json() };
  } catch (e) {
    return { status: answer.status === 200 ? 500 : answer.status, body: {} };
  }
}

// signedInAgain looks whether somebody signed in again, in another tab, and takes over what the forms of this page
// have to carry from then on. True when it changed.
async function signedInAgain() {
  try {
    const answer = await fetch(location.pathname, { credentials: "same-origin", headers: { Accept: "text/html" } });
    if (!answer.ok || /\/sign-in/.test(answer.url)) return false;
    const page = new DOMParser().parseFromString(await answer.text(), "text/html"), fresh = page.body.getAttribute("hx-headers");
    // Another person at the same computer must not save under his name what this one wrote.
    const who = (doc) => { const el = doc.querySelector("[data-user]"); return el && el.dataset.user; };
    if (!fresh || fresh === document.body.getAttribute("hx-headers") || who(page) !== who(document)) return false;
    document.body.setAttribute("hx-headers", fresh);
    for (const el of document.querySelectorAll('input[name="csrf"]')) el.value = JSON.parse(fresh)["X-CSRF-Token"];
    return true;
  } catch (e) {
    return false;
  }
}

// later is after how many milliseconds a text that could not be sent is sent again.
const later = 4000;

// Saver keeps the draft on the server as it is typed: a moment after the last key, one request at a time, each with
// the version it builds on. What the server does not have yet is kept on this device. A file that somebody else
// changed ends it until the page is loaded again: nothing is overwritten.
export class Saver {
  constructor({ url, file, version, text, read, say, kept }) {
    Object.assign(this, { url, file, version, read, say, kept });
    this.saved = text;
    this.timer = 0;
    this.running = null;
    this.stopped = false;
    window.addEventListener("online", () => { if (this.dirty) this.flush(); });
    // Another tab with the same file that was saved must not drop what this one still holds.
    window.addEventListener("storage", (e) => { if (e.key === kept.name && e.newValue === null && this.dirty) this.keep(); });
  }

  get dirty() { return this.read() !== this.saved; }

  keep() { this.kept.put(this.read(), this.version); }

  touched() {
    clearTimeout(this.timer);
    if (!this.dirty) { this.kept.drop(); if (!this.stopped) this.say("saved"); return; }
    this.keep();
    if (this.stopped) return;
    this.say("typing");
    this.timer = setTimeout(() => this.flush(), 700);
  }

  // flush saves what is not saved and gives true when the server holds the text of the page.
  async flush() {
    clearTimeout(this.timer);
    while (this.running) await this.running;
    if (this.stopped) return false;
    if (!this.dirty) return true;
    this.running = this.send();
    const done = await this.running;
    this.running = null;
    return done;
  }

  async send() {
    const text = this.read();
    this.say("saving");
    let answer;
    for (let turn = 0; turn < 3; turn++) {
      answer = await post(this.url, { file: this.file, text, version: this.version });
      if (!await this.mended(answer, text)) break;
    }
    const { status, body } = answer;
    if (status === 200) {
      this.saved = text;
      this.version = body.version;
      if (this.dirty) this.timer = setTimeout(() => this.flush(), 700);
      else this.kept.drop();
      this.say(this.dirty ? "typing" : "saved", body);
      return true;
    }
    if (status === 409) this.stopped = true;
    const kind = { 0: "offline", 401: "ended", 403: "ended", 408: "down", 409: "conflict", 429: "down" }[status] || (status >= 500 ? "down" : "refused");
    this.say(kind, body);
    if (kind !== "conflict" && kind !== "refused") this.timer = setTimeout(() => this.flush(), later);
    return false;
  }

  // mended tells whether sending again makes sense: the person signed in again, or the draft moved while this file
  // stayed as it was, as when two tabs write two files of it.
  async mended({ status, body }, text) {
    if (status === 401 || status === 403) return signedInAgain();
    if (status !== 409 || body.code !== "draft_moved" || !body.version || String(body.version) === String(this.version)) return false;
    if (body.text !== this.saved && body.text !== text) return false;
    this.version = body.version;
    return true;
  }
}
