// Talk with the server: checks, formatting and saving of the text on the page.

// post sends a form and gives {status, body}; status 0 when the line is cut, 401 when the session ended.
export async function post(url, fields, token) {
  let answer;
  try {
    answer = await fetch(url, {
      method: "POST", credentials: "same-origin", body: new URLSearchParams(fields),
      headers: { "X-CSRF-Token": token, Accept: "application/json" },
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

// Saver keeps the draft on the server as it is typed: a moment after the last key, one request at a
// time, each with the version it builds on. A version that somebody else moved ends it until the page
// is loaded again: nothing is overwritten.
export class Saver {
  constructor({ url, token, file, version, text, read, say }) {
    Object.assign(this, { url, token, file, version, read, say });
    this.saved = text;
    this.timer = 0;
    this.running = null;
    this.stopped = false;
  }

  get dirty() { return this.read() !== this.saved; }

  touched() {
    clearTimeout(this.timer);
    if (this.stopped || !this.dirty) return;
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
    const { status, body } = await post(this.url, { file: this.file, text, version: this.version }, this.token);
    if (status === 200) {
      this.saved = text;
      this.version = body.version;
      this.say(this.dirty ? "typing" : "saved", body);
      if (this.dirty) this.timer = setTimeout(() => this.flush(), 700);
      return true;
    }
    if (status === 409) this.stopped = true;
    this.say({ 0: "offline", 401: "ended", 409: "conflict" }[status] || "refused", body);
    if (status === 0 || status === 401) this.timer = setTimeout(() => this.flush(), 4000);
    return false;
  }
}
