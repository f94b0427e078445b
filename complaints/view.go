package complaints

import (
	"context"
	"net/url"
	"time"
	"unicode/utf8"

	"layak/internal/audit"
	"layak/internal/auth"
	"layak/internal/fault"
)

// View is a list that somebody saved under a name: the filter of the list as its address writes it.
// It holds no words of a search, because those name people.
type View struct {
	ID    string
	Name  string
	Query string // "show=open&unit=KEL-MANGLI"
	At    time.Time
}

// Limits of saved views.
const (
	mostViews    = 30
	longestView  = 60
	longestQuery = 500
)

// Views lists the actor's own saved views, by name.
func (f *Finder) Views(ctx context.Context) ([]View, error) {
	actor := auth.From(ctx)
	err := actor.Require(auth.ComplaintRead)
	if err != nil || actor.User == "" {
		return nil, err
	}
	return f.Store.Views(ctx, actor.User)
}

// SaveView keeps a filter under a name for the actor; a view of the same name is replaced.
func (f *Finder) SaveView(ctx context.Context, name, query string) (View, error) {
	actor, err := f.owner(ctx)
	if err != nil {
		return View{}, err
	}
	v := View{ID: newID(), Name: line(name), At: moment(f.Clock())}
	switch n := utf8.RuneCountInString(v.Name); {
	case n == 0:
		return View{}, Invalid("view_unnamed", "view", "Beri nama untuk tampilan ini, misalnya “Tagihan belum selesai”.")
	case n > longestView:
		return View{}, Invalid("view_name_long", "view", "Nama tampilan paling panjang 60 huruf.")
	}
	values, err := url.ParseQuery(query)
	if err != nil || len(query) > longestQuery {
		return View{}, Invalid("view_query", "view", "Saringan ini tidak dapat disimpan. Muat ulang daftar, lalu simpan lagi.")
	}
	v.Query = values.Encode()
	kept, err := f.Store.Views(ctx, actor.User)
	if err != nil {
		return View{}, err
	}
	same := false
	for _, k := range kept {
		same = same || k.Name == v.Name
	}
	if len(kept) >= mostViews && !same {
		return View{}, Invalid("views_full", "view", "Sudah ada 30 tampilan tersimpan. Hapus satu yang tidak dipakai lagi.")
	}
	return v, f.Store.SaveView(ctx, actor.User, v, f.entry(actor, "view.save", v.ID))
}

// DropView forgets one of the actor's views; fault.NotFound for anybody else's.
func (f *Finder) DropView(ctx context.Context, id string) error {
	actor, err := f.owner(ctx)
	if err != nil {
		return err
	}
	return f.Store.DropView(ctx, actor.User, id, f.entry(actor, "view.drop", id))
}

// owner is the actor, who needs an account to own anything.
func (f *Finder) owner(ctx context.Context) (auth.Actor, error) {
	actor := auth.From(ctx)
	err := actor.Require(auth.ComplaintRead)
	if err == nil && actor.User == "" {
		err = fault.New(fault.Forbidden, "account_needed", "Tampilan hanya dapat disimpan oleh akun petugas.")
	}
	return actor, err
}

func (f *Finder) entry(a auth.Actor, act, id string) audit.Entry {
	return audit.Entry{At: moment(f.Clock()), Actor: a.Name, Act: act, Object: "view", ObjectID: id}
}
