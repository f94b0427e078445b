package storage

import (
	"sync"
	"testing"

	"layak/complaints/reply"
	"layak/internal/fault"
)

func TestWordingsAreVersioned(t *testing.T) {
	eachEngine(t, func(t *testing.T, db *DB) {
		ctx := t.Context()
		save := func(w reply.Wording) error {
			w.SavedAt = noon
			w.SavedBy = "sari"
			return db.SaveWording(ctx, w, entry("reply.save"))
		}
		must(t, save(reply.Wording{Code: "receipt", Version: 1, Subject: "a", Body: "b"}))
		must(t, save(reply.Wording{Code: "receipt", Version: 2, Subject: "c", Body: "d"}))
		must(t, save(reply.Wording{Code: "closed", Version: 1, Shipped: true}))
		wantKind(t, save(reply.Wording{Code: "receipt", Version: 2, Subject: "e"}), fault.Conflict, "wording_changed")
		wantKind(t, save(reply.Wording{Code: "receipt", Version: 5, Subject: "e"}), fault.Conflict, "wording_changed")
		all, err := db.Wordings(ctx)
		must(t, err)
		if len(all) != 2 || all[0].Code != "closed" || !all[0].Shipped || all[1].Subject != "c" || all[1].Version != 2 || !all[1].SavedAt.Equal(noon) {
			t.Errorf("%+v", all)
		}
		// Of two who save at the same moment one hears of the other.
		var both sync.WaitGroup
		errs := make([]error, 2)
		for i := range errs {
			both.Go(func() { errs[i] = save(reply.Wording{Code: "receipt", Version: 3, Subject: "f", Body: "g"}) })
		}
		both.Wait()
		if (errs[0] == nil) == (errs[1] == nil) {
			t.Errorf("%v", errs)
		}
	})
}
