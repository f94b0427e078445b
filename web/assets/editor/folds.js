// The stretches of equal lines that a comparison folds. CodeMirror opens them by a click alone; here they are
// buttons that the keyboard reaches, that tell what they are, and that say aloud what they opened.
import { EditorView } from "@codemirror/view";

// watchFolds keeps every folded stretch below root a button, also those that are drawn later.
export function watchFolds(root) {
  const watch = new MutationObserver(() => dress(root));
  watch.observe(root, { childList: true, subtree: true });
  dress(root);
}

function dress(root) {
  for (const el of root.querySelectorAll(".cm-collapsedLines:not([role])")) {
    const view = EditorView.findFromDOM(el);
    if (!view) continue;
    el.setAttribute("role", "button");
    el.setAttribute("aria-label", view.state.phrase("$, show them", el.textContent));
    // Both sides open together, so that one stop on the way is enough.
    el.tabIndex = el.closest(".cm-merge-a") ? -1 : 0;
    el.addEventListener("keydown", (e) => {
      if (e.key !== "Enter" && e.key !== " ") return;
      e.preventDefault();
      e.stopPropagation();
      open(view, el);
    });
  }
}

// open shows the lines, puts the cursor on the first of them and says how many there are.
function open(view, el) {
  const at = view.posAtDOM(el), lines = el.textContent;
  el.click();
  view.dispatch({ selection: { anchor: at }, scrollIntoView: true, effects: EditorView.announce.of(view.state.phrase("Shown: $", lines)) });
  view.focus();
}
