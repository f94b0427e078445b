//go:build unix

package testkit

import (
	"errors"
	"fmt"
	"io"
	"net"
	"os"
	"os/exec"
	"os/user"
	"path/filepath"
	"slices"
	"strconv"
	"strings"
	"sync"
	"sync/atomic"
	"syscall"
	"testing"
	"time"
)

// server is the PostgreSQL of this test binary. It starts when the first test asks and ends with
// the process, however that ends.
type server struct {
	bin  string
	port int
	data string              // its folder
	cred *syscall.Credential // nil: run as whoever runs the tests
	hold io.Closer           // the guard ends the server when this closes

	mu        sync.Mutex
	templates map[string]string
}

var (
	startOnce = sync.OnceValues(startServer)
	number    atomic.Int64
)

// Postgres gives the address of a fresh, empty database, dropped after the test.
func Postgres(t testing.TB) string {
	t.Helper()
	return fresh(t, "template0")
}

// PostgresLike gives a fresh database that is a copy of the one that prepare filled. prepare runs
// once per name and test binary; it must close its connections.
func PostgresLike(t testing.TB, name string, prepare func(address string) error) string {
	t.Helper()
	s := started(t)
	s.mu.Lock()
	template := s.templates[name]
	if template == "" {
		template = fmt.Sprintf("template_%d", number.Add(1))
		err := s.create(template, "template0")
		if err == nil {
			err = prepare(s.address(template))
		}
		if err != nil {
			s.mu.Unlock()
			t.Fatalf("prepare template database %s: %v", name, err)
		}
		s.templates[name] = template
	}
	s.mu.Unlock()
	return fresh(t, template)
}

func started(t testing.TB) *server {
	t.Helper()
	s, err := startOnce()
	if err != nil {
		t.Fatalf("PostgreSQL for the tests: %v", err)
	}
	return s
}

func fresh(t testing.TB, template string) string {
	t.Helper()
	s := started(t)
	name := fmt.Sprintf("test_%d", number.Add(1))
	err := s.create(name, template)
	if err != nil {
		t.Fatal(err)
	}
	t.Cleanup(func() {
		err := s.run("dropdb", "--force", name)
		if err != nil {
			t.Error(err)
		}
	})
	return s.address(name)
}

func (s *server) create(name, template string) error {
	return s.run("createdb", "-T", template, name)
}

func (s *server) address(name string) string {
	return fmt.Sprintf("postgres://layak@127.0.0.1:%d/%s?sslmode=disable", s.port, name)
}

func (s *server) run(tool string, args ...string) error {
	args = append([]string{"-h", "127.0.0.1", "-p", strconv.Itoa(s.port), "-U", "layak"}, args...)
	out, err := exec.Command(filepath.Join(s.bin, tool), args...).CombinedOutput()
	if err != nil {
		return fmt.Errorf("%s %s: %w: %s", tool, args[len(args)-1], err, out)
	}
	return nil
}

// guard runs the server until its standard input closes, which happens when the test binary ends
// in any way, and then removes the data.
const guard = `"$1" -D "$2" -p "$3" >"$2.log" 2>&1 & pid=$!
cat >/dev/null; kill -INT $pid; wait $pid; rm -rf "$4"`

func startServer() (*server, error) {
	bin, err := binaries()
	if err != nil {
		return nil, err
	}
	s := &server{bin: bin, templates: map[string]string{}}
	s.cred, err = unprivileged()
	if err != nil {
		return nil, err
	}
	dir, err := os.MkdirTemp("", "layak-postgres-")
	if err != nil {
		return nil, err
	}
	if s.cred != nil {
		err = os.Chown(dir, int(s.cred.Uid), int(s.cred.Gid))
		if err != nil {
			return nil, err
		}
	}
	data := filepath.Join(dir, "data")
	s.data = data
	out, err := s.command("initdb", "-D", data, "-U", "layak", "--auth=trust", "-E", "UTF8",
		"--locale=C.UTF-8", "--no-sync").CombinedOutput()
	if err != nil {
		return nil, fmt.Errorf("initdb: %w: %s", err, out)
	}
	// Tests want speed; what a power cut leaves is PostgreSQL's own business.
	conf := "\nfsync = off\nfull_page_writes = off\nlisten_addresses = '127.0.0.1'\nmax_connections = 200\n" +
		"shared_buffers = 128MB\nmax_wal_size = 2GB\nunix_socket_directories = '" + dir + "'\n"
	err = appendFile(filepath.Join(data, "postgresql.conf"), conf)
	if err != nil {
		return nil, err
	}
	s.port, err = freePort()
	if err != nil {
		return nil, err
	}
	cmd := s.command("postgres")
	cmd.Args = []string{"sh", "-c", guard, "sh", cmd.Path, data, strconv.Itoa(s.port), dir}
	cmd.Path = "/bin/sh"
	cmd.SysProcAttr.Setpgid = true // an interrupt at the terminal is for the tests alone
	s.hold, err = cmd.StdinPipe()
	if err != nil {
		return nil, err
	}
	err = cmd.Start()
	if err != nil {
		return nil, err
	}
	return s, s.wait(data + ".log")
}

func (s *server) command(tool string, args ...string) *exec.Cmd {
	cmd := exec.Command(filepath.Join(s.bin, tool), args...)
	cmd.Dir = "/"
	cmd.SysProcAttr = &syscall.SysProcAttr{Credential: s.cred}
	return cmd
}

// wait returns when the server takes connections.
func (s *server) wait(log string) error {
	deadline := time.Now().Add(60 * time.Second)
	for {
		err := s.run("pg_isready", "-q")
		if err == nil {
			return nil
		}
		if time.Now().After(deadline) {
			b, _ := os.ReadFile(log)
			return fmt.Errorf("server did not start: %w\n%s", err, b)
		}
		time.Sleep(50 * time.Millisecond)
	}
}

// binaries finds the newest installed server.
func binaries() (string, error) {
	dirs, _ := filepath.Glob("/usr/lib/postgresql/*/bin/postgres")
	slices.SortFunc(dirs, func(a, b string) int { return version(b) - version(a) })
	if len(dirs) > 0 {
		return filepath.Dir(dirs[0]), nil
	}
	path, err := exec.LookPath("postgres")
	if err == nil {
		return filepath.Dir(path), nil
	}
	return "", errors.New("not installed; on Debian and Ubuntu: apt-get install postgresql")
}

func version(path string) int {
	n, _ := strconv.Atoi(strings.Split(path, "/")[4])
	return n
}

// unprivileged is the account for the server when root runs the tests: PostgreSQL refuses root.
func unprivileged() (*syscall.Credential, error) {
	if os.Geteuid() != 0 {
		return nil, nil
	}
	u, err := user.Lookup("postgres")
	if err != nil {
		return nil, fmt.Errorf("tests run as root and there is no account postgres: %w", err)
	}
	uid, err := strconv.ParseUint(u.Uid, 10, 32)
	if err != nil {
		return nil, err
	}
	gid, err := strconv.ParseUint(u.Gid, 10, 32)
	if err != nil {
		return nil, err
	}
	return &syscall.Credential{Uid: uint32(uid), Gid: uint32(gid)}, nil
}

func freePort() (int, error) {
	l, err := net.Listen("tcp", "127.0.0.1:0")
	if err != nil {
		return 0, err
	}
	defer l.Close()
	return l.Addr().(*net.TCPAddr).Port, nil
}

func appendFile(path, text string) error {
	f, err := os.OpenFile(path, os.O_APPEND|os.O_WRONLY, 0)
	if err != nil {
		return err
	}
	_, err = f.WriteString(text)
	return errors.Join(err, f.Close())
}
