package importers

import (
	"context"
	"sort"
	"sync"

	"layak/eligibility"
	"layak/internal/area"
	"layak/internal/audit"
	"layak/internal/fault"
)

// memStore keeps the promises of Store in memory: rows are invisible until their import is
// published, a lock lets one import work, coverage makes rows fresh.
type memStore struct {
	mu       sync.Mutex
	lock     chan struct{}
	seq      int64
	imports  []Import
	versions map[eligibility.Kind]map[eligibility.NIK][]memVersion
	coverage []eligibility.Coverage
	rejects  map[string][]Reject
	gaps     []eligibility.NIK
	mappings map[string]map[string]eligibility.Field
	acts     []string
	appends  int

	failAppend  error
	failPublish error
}

type memVersion struct {
	Version
	seq  int64
	asOf eligibility.Date
}

func newMemStore() *memStore {
	return &memStore{lock: make(chan struct{}, 1), versions: map[eligibility.Kind]map[eligibility.NIK][]memVersion{},
		rejects: map[string][]Reject{}, mappings: map[string]map[string]eligibility.Field{}}
}

func (s *memStore) LockImports(ctx context.Context, waiting func()) (func(), error) {
	select {
	case s.lock <- struct{}{}:
	default:
		waiting()
		select {
		case s.lock <- struct{}{}:
		case <-ctx.Done():
			return nil, ctx.Err()
		}
	}
	return func() { <-s.lock }, nil
}

func (s *memStore) SweepImports(context.Context) ([]Import, error) {
	s.mu.Lock()
	defer s.mu.Unlock()
	var swept []Import
	for i := range s.imports {
		if s.imports[i].Status == Running {
			s.imports[i].Status = Failed
			swept = append(swept, s.imports[i])
		}
		if st := s.imports[i].Status; st != Published && st != RolledBack {
			for _, m := range s.versions {
				for nik := range m {
					m[nik] = without(m[nik], s.imports[i].Seq)
				}
			}
		}
	}
	return swept, nil
}

func without(list []memVersion, seq int64) []memVersion {
	out := list[:0]
	for _, v := range list {
		if v.seq != seq {
			out = append(out, v)
		}
	}
	return out
}

func (s *memStore) published(seq int64) bool {
	for i := range s.imports {
		if s.imports[i].Seq == seq {
			return s.imports[i].Status == Published
		}
	}
	return false
}

func (s *memStore) PublishedWithHash(_ context.Context, kind eligibility.Kind, hash string) (*Import, error) {
	s.mu.Lock()
	defer s.mu.Unlock()
	for _, i := range s.imports {
		if i.Kind == kind && i.FileHash == hash && i.Status == Published {
			return &i, nil
		}
	}
	return nil, nil
}

func (s *memStore) StartImport(_ context.Context, imp Import, e audit.Entry) (Import, error) {
	s.mu.Lock()
	defer s.mu.Unlock()
	s.seq++
	imp.Seq = s.seq
	s.imports = append(s.imports, imp)
	s.acts = append(s.acts, e.Act)
	return imp, nil
}

// visible is the newest published version of a NIK.
func (s *memStore) visible(kind eligibility.Kind, nik eligibility.NIK) (Stored, bool) {
	list := s.versions[kind][nik]
	for i := len(list) - 1; i >= 0; i-- {
		v := list[i]
		if !s.published(v.seq) {
			continue
		}
		out := Stored{Record: v.Record, Gone: v.Gone, AsOf: v.asOf}
		for _, c := range s.coverage {
			if c.Kind == kind && !v.Gone && c.AsOf > out.AsOf && c.Area.Contains(s.areaOf(kind, nik, &v.Record)) {
				out.AsOf = c.AsOf
			}
		}
		return out, true
	}
	return Stored{}, false
}

func (s *memStore) areaOf(kind eligibility.Kind, nik eligibility.NIK, r *eligibility.Record) area.Code {
	if kind != eligibility.Residents {
		if st, ok := s.visible(eligibility.Residents, nik); ok {
			return deepest(&st.Record)
		}
		return "35.09"
	}
	return deepest(r)
}

func (s *memStore) StoredRows(_ context.Context, kind eligibility.Kind, niks []eligibility.NIK) (map[eligibility.NIK]Stored, error) {
	s.mu.Lock()
	defer s.mu.Unlock()
	out := map[eligibility.NIK]Stored{}
	for _, n := range niks {
		if st, ok := s.visible(kind, n); ok {
			out[n] = st
		}
	}
	return out, nil
}

func (s *memStore) ListedIn(_ context.Context, kind eligibility.Kind, a area.Code, yield func(eligibility.NIK) error) error {
	s.mu.Lock()
	defer s.mu.Unlock()
	var niks []eligibility.NIK
	for nik := range s.versions[kind] {
		st, ok := s.visible(kind, nik)
		if ok && !st.Gone && a.Contains(s.areaOf(kind, nik, &st.Record)) {
			niks = append(niks, nik)
		}
	}
	sort.Slice(niks, func(i, j int) bool { return niks[i] < niks[j] })
	for _, n := range niks {
		if err := yield(n); err != nil {
			return err
		}
	}
	return nil
}

func (s *memStore) AppendRows(_ context.Context, imp Import, rows []Version) error {
	s.mu.Lock()
	defer s.mu.Unlock()
	if s.failAppend != nil {
		return s.failAppend
	}
	s.appends += len(rows)
	m := s.versions[imp.Kind]
	if m == nil {
		m = map[eligibility.NIK][]memVersion{}
		s.versions[imp.Kind] = m
	}
	for _, r := range rows {
		key := RowKey(&r.Record)
		m[key] = append(m[key], memVersion{r, imp.Seq, imp.AsOf})
	}
	return nil
}

func (s *memStore) DropRows(_ context.Context, imp Import, niks []eligibility.NIK) error {
	s.mu.Lock()
	defer s.mu.Unlock()
	for _, n := range niks {
		s.versions[imp.Kind][n] = without(s.versions[imp.Kind][n], imp.Seq)
	}
	return nil
}

func (s *memStore) SaveGaps(_ context.Context, _ Import, keys []eligibility.NIK) error {
	s.mu.Lock()
	defer s.mu.Unlock()
	s.gaps = append(s.gaps, keys...)
	return nil
}

func (s *memStore) SaveRejects(_ context.Context, imp Import, rows []Reject) error {
	s.mu.Lock()
	defer s.mu.Unlock()
	s.rejects[imp.ID] = append(s.rejects[imp.ID], rows...)
	return nil
}

func (s *memStore) replace(imp Import) {
	for i := range s.imports {
		if s.imports[i].ID == imp.ID {
			s.imports[i] = imp
		}
	}
}

func (s *memStore) PublishImport(_ context.Context, imp Import, c []eligibility.Coverage, e audit.Entry) error {
	s.mu.Lock()
	defer s.mu.Unlock()
	if s.failPublish != nil {
		return s.failPublish
	}
	s.replace(imp)
	s.coverage = append(s.coverage, c...)
	s.acts = append(s.acts, e.Act)
	return nil
}

func (s *memStore) EndImport(_ context.Context, imp Import, e audit.Entry) error {
	s.mu.Lock()
	defer s.mu.Unlock()
	s.replace(imp)
	s.acts = append(s.acts, e.Act)
	return nil
}

func (s *memStore) RollbackImport(_ context.Context, id string, _ audit.Entry) (Import, error) {
	s.mu.Lock()
	defer s.mu.Unlock()
	for i := range s.imports {
		if s.imports[i].ID == id {
			s.imports[i].Status = RolledBack
			return s.imports[i], nil
		}
	}
	return Import{}, fault.New(fault.NotFound, "import_missing", "Impor tidak ditemukan.")
}

func (s *memStore) Import(_ context.Context, id string) (Import, error) {
	for _, i := range s.imports {
		if i.ID == id {
			return i, nil
		}
	}
	return Import{}, fault.New(fault.NotFound, "import_missing", "Impor tidak ditemukan.")
}

func (s *memStore) Imports(context.Context, int) ([]Import, error) { return s.imports, nil }

func (s *memStore) Rejects(_ context.Context, id string, _ int) ([]Reject, error) {
	return s.rejects[id], nil
}

func (s *memStore) Mapping(_ context.Context, hash string) (map[string]eligibility.Field, error) {
	s.mu.Lock()
	defer s.mu.Unlock()
	return s.mappings[hash], nil
}

func (s *memStore) SaveMapping(_ context.Context, hash string, m map[string]eligibility.Field) error {
	s.mu.Lock()
	defer s.mu.Unlock()
	s.mappings[hash] = m
	return nil
}

var _ Store = (*memStore)(nil)
