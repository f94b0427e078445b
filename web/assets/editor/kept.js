// What was typed and is not on the server yet, kept on this device for the same person: a closed tab, a computer
// without power or a draft that somebody else moved must not cost anybody's work.
const prefix = "layak-rules:", days = 14;

export class Kept {
  constructor(user, draft, file) { this.name = prefix + [user, draft, file].join(":"); }

  // put keeps the text with the version of the draft that it was written on.
  put(text, version) {
    try { localStorage.setItem(this.name, JSON.stringify({ text, version, at: Date.now() })); } catch (e) { /* full or off; the text is on the page */ }
  }

  drop() {
    try { localStorage.removeItem(this.name); } catch (e) { /* off */ }
  }

  // take gives what was kept, {text, version, at}, or null. Things that nobody came back for are thrown away.
  take() {
    try {
      for (const name of Object.keys(localStorage)) {
        if (name.startsWith(prefix) && !(JSON.parse(localStorage.getItem(name)).at > Date.now() - days * 864e5)) localStorage.removeItem(name);
      }
      return JSON.parse(localStorage.getItem(this.name));
    } catch (e) {
      return null;
    }
  }
}
