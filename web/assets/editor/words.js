// What CodeMirror itself says, in the language of the page; it is read aloud too. Its own words are English, so an
// English page needs only those that are ours. The words of the page come with the page.
import { EditorState } from "@codemirror/state";

const indonesian = {
  "Find": "Cari", "Replace": "Ganti dengan", "next": "berikutnya", "previous": "sebelumnya", "all": "semua",
  "match case": "bedakan huruf besar", "regexp": "pola", "by word": "kata utuh", "replace": "ganti", "replace all": "ganti semua",
  "close": "tutup", "current match": "yang ditemukan", "replaced $ matches": "$ diganti", "replaced match on line $": "diganti di baris $",
  "on line": "di baris", "Go to line": "Ke baris", "go": "buka",
  "Folded lines": "Baris yang dilipat", "Unfolded lines": "Baris yang dibuka", "folded code": "bagian yang dilipat",
  "unfold": "buka", "Fold line": "Lipat", "Unfold line": "Buka lipatan", "to": "sampai",
  "Completions": "Saran", "Control character": "Karakter kendali", "Selection deleted": "Pilihan dihapus",
  "Diagnostics": "Masalah", "No diagnostics": "Tidak ada masalah",
  "$ unchanged lines": "$ baris sama", "Accept": "Terima", "Reject": "Tolak", "Original": "Asal", "Revert this chunk": "Kembalikan bagian ini",
  "$, show them": "$, tampilkan", "Shown: $": "Ditampilkan: $", "This file cannot be read yet": "Berkas ini belum terbaca",
};

export const words = document.documentElement.lang === "en" ? [] : EditorState.phrases.of(indonesian);
