package main

import (
	"archive/tar"
	"compress/gzip"
	"encoding/json"
	"errors"
	"fmt"
	"io"
	"os"
	"os/exec"
	"path/filepath"
	"strings"
	"testing"
	"time"

	"layak/eligibility"
	"layak/internal/storage"
	"layak/policy"
)

// TestRulesAndProofsTravel exports the rules of one office and reads them at another, which knows the
// first only by its public key, and has a second machine repeat a check from its proof with plain opa.
func TestRulesAndProofsTravel(t *testing.T) {
	dir := t.TempDir()
	here := &house{t, dir, "sqlite:" + filepath.Join(dir, "layak.db")}
	far := t.TempDir()
	there := &house{t, far, "sqlite:" + filepath.Join(far, "layak.db")}

	bundle := here.path("aturan.tar.gz")
	out := here.object("policy", "export", "active", bundle)
	hash := out["revision"]
	key := here.path("kunci.pem")
	err := os.WriteFile(key, []byte(here.must("", "policy", "key")), 0o600)
	if err != nil {
		t.Fatal(err)
	}
	if s := there.run("", "policy", "import", bundle); s.code == exitDone || !strings.Contains(s.err, "kunci yang tidak dikenal") {
		t.Errorf("a stranger's rules were taken: %+v", s)
	}
	if got := there.object("policy", "import", bundle, "--key", key)["revision"]; got != hash {
		t.Errorf("revision %v arrived as %v", hash, got)
	}
	if got := here.object("policy", "import", bundle, "--name", "Kembali")["signed_by"]; got != out["signed_by"] {
		t.Errorf("our own bundle is signed by %v", got)
	}
	err = os.WriteFile(key, []byte(there.must("", "policy", "key")), 0o600)
	if err != nil {
		t.Fatal(err)
	}
	if s := there.run("", "policy", "import", bundle, "--key", key); s.code == exitDone || !strings.Contains(s.err, "kunci yang tidak dikenal") && !strings.Contains(s.err, "tidak cocok") {
		t.Errorf("rules were taken by a wrong key: %+v", s)
	}

	checked := here.object("check", "3509195204719001", "--evidence", "ktp")
	id, _ := checked["id"].(string)
	if s := here.run("", "policy", "proof", id, here.path("bukti.tar.gz"), "--purpose", "x"); s.code == exitDone {
		t.Errorf("a proof left without a purpose: %+v", s)
	}
	proof := here.object("policy", "proof", id, here.path("bukti.tar.gz"), "--purpose", "sengketa biaya")
	if info, err := os.Stat(here.path("bukti.tar.gz")); err != nil || info.Mode().Perm() != 0o600 {
		t.Error("others can read the proof:", err, info.Mode())
	}
	command, _ := proof["command"].(string)
	repeated(t, here.path("bukti.tar.gz"), command, checked["outcome"])
	sure := here.object("policy", "proof", "--check", here.path("bukti.tar.gz"))
	if sure["determination"] != id || sure["signed_by"] != out["signed_by"] || sure["outcome"] != checked["outcome"] {
		t.Errorf("our own proof is %v", sure)
	}
	told := here.must("", "policy", "proof", "--check", here.path("bukti.tar.gz"))
	outcome, _ := checked["outcome"].(string)
	for _, want := range []string{"Bukti ini utuh", outcomeWords[policy.Outcome(outcome)], "NIK 350919••••••9001", eligibility.DateOf(time.Now().In(eligibility.WIB)).Words(),
		"Kabupaten Jember", "Bukti dibuat", "oleh " + fmt.Sprint(sure["made_by"]), "Cocokkan orang, hari layanan, dan waktunya dengan perkara Anda"} {
		if want == "" || !strings.Contains(told, want) {
			t.Errorf("the proof does not tell %q:\n%s", want, told)
		}
	}
	if strings.Contains(told, outcome) || strings.Contains(told+fmt.Sprint(sure), "3509195204719001") {
		t.Errorf("a code or a whole NIK is told:\n%s%v", told, sure)
	}
	if s := there.run("", "policy", "proof", "--check", here.path("bukti.tar.gz")); s.code != exitFailed || !strings.Contains(s.err, "tidak dikenal") {
		t.Errorf("a stranger's proof: %+v", s)
	}
	err = os.WriteFile(key, []byte(here.must("", "policy", "key")), 0o600)
	if err != nil {
		t.Fatal(err)
	}
	if got := there.object("policy", "proof", "--check", here.path("bukti.tar.gz"), "--key", key)["outcome"]; got != checked["outcome"] {
		t.Errorf("with the key of its office the proof says %v", got)
	}
	page, err := here.open().DB.AuditEntries(t.Context(), storage.AuditFilter{Act: "determination.prove"})
	if err != nil || len(page.Entries) != 1 || page.Entries[0].Purpose != "sengketa biaya" {
		t.Errorf("the trail does not tell who took the proof: %v %+v", err, page)
	}
}

// repeated unpacks a proof and runs its command with the real opa.
func repeated(t *testing.T, proof, command string, outcome any) {
	t.Helper()
	opa, err := exec.CommandContext(t.Context(), "go", "tool", "-n", "opa").Output()
	if err != nil {
		t.Fatal(err)
	}
	folder := t.TempDir()
	unpack(t, proof, folder)
	cmd := exec.CommandContext(t.Context(), strings.TrimSpace(string(opa)), strings.Fields(command)[1:]...)
	cmd.Dir = folder
	got, err := cmd.Output()
	if err != nil {
		t.Fatal(err)
	}
	want, err := os.ReadFile(filepath.Join(folder, "result.json"))
	if err != nil || string(got) != string(want) {
		t.Errorf("%v: opa says %s, the proof %s", err, got, want)
	}
	var said struct {
		Outcome any `json:"outcome"`
	}
	err = json.Unmarshal(got, &said)
	if err != nil || said.Outcome != outcome {
		t.Errorf("opa says %v, the desk was told %v", said.Outcome, outcome)
	}
}

func unpack(t *testing.T, archive, folder string) {
	t.Helper()
	f, err := os.Open(archive)
	if err != nil {
		t.Fatal(err)
	}
	defer f.Close()
	zip, err := gzip.NewReader(f)
	if err != nil {
		t.Fatal(err)
	}
	for r := tar.NewReader(zip); ; {
		head, err := r.Next()
		if errors.Is(err, io.EOF) {
			return
		}
		if err != nil {
			t.Fatal(err)
		}
		data, err := io.ReadAll(r)
		if err != nil {
			t.Fatal(err)
		}
		err = os.WriteFile(filepath.Join(folder, head.Name), data, 0o600)
		if err != nil {
			t.Fatal(err)
		}
	}
}
