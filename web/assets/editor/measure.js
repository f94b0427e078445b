// CodeMirror measures the lines of a view only while the view is in the window, and puts the numbers beside lines that it
// has not measured where it guesses them to be. Before paper it measures all of them; a comparison, in which remarks go by
// the number, is measured that way as soon as its styles are in.

// measureAll has views measure all of their lines before the next picture is drawn.
export function measureAll(views) {
  requestAnimationFrame(() => {
    for (const view of views) {
      const state = view.viewState;
      if (!view.dom.isConnected || !state || state.inView) continue;
      state.printing = true;
      view.measure();
      state.printing = false;
    }
  });
}
