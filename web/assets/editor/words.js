// What CodeMirror itself says, in Indonesian; it is read aloud too. The words of the page come with the page.
import { EditorState } from "@codemirror/state";

export const words = EditorState.phrases.of({
  "Find": "Cari", "Replace": "Ganti dengan", "next": "berikutnya", "previous": "sebelumnya", "all": "semua",
  "match case": "bedakan huruf besar", "regexp": "pola", "by word": "kata utuh", "replace": "ganti", "replace all": "ganti semua",
  "close": "tutup", "current match": "yang ditemukan", "replaced $ matches": "$ diganti", "replaced match on line $": "diganti di baris $",
  "on line": "di baris", "Go to line": "Ke baris", "go": "buka",
  "Folded lines": "Baris yang dilipat", "Unfolded lines": "Baris yang dibuka", "folded code": "bagian yang dilipat",
  "unfold": "buka", "Fold line": "Lipat", "Unfold line": "Buka lipatan", "to": "sampai",
  "Completions": "Saran", "Control character": "Karakter kendali", "Selection deleted": "Pilihan dihapus",
  "Diagnostics": "Masalah", "No diagnostics": "Tidak ada masalah",
  "$ unchanged lines": "$ baris sama", "Accept": "Terima", "Reject": "Tolak", "Original": "Asal",
});
