package worker

import (
	"context"
	"errors"
	"strconv"
	"strings"
	"time"

	"layak/internal/fault"
	"layak/policy"
)

// How much longer than its processor time a request may take by the clock: somebody waits for the answer of a
// short one. Tests and previews run beside a page that asks again, and children step back from whatever else
// the machine does: cut off after a minute and begun anew, they would never end on a machine that stays busy.
const (
	attended   = 30 * time.Second
	unattended = 10 * time.Minute
)

// patience is how long by the clock a request may take that may use so much of the processor.
func patience(limit time.Duration) time.Duration {
	if 4*limit > attended {
		return limit + unattended
	}
	return 5 * limit
}

// budget is what one request has spent of its time.
type budget struct {
	op     string
	limit  time.Duration
	since  time.Time
	before time.Duration
	used   func() (time.Duration, bool) // processor time of the child since its start
}

// spend begins to count. used gives false where the system does not tell processor times; the clock
// stands in for them there.
func spend(op string, limit time.Duration, used func() (time.Duration, bool)) budget {
	before, _ := used()
	return budget{op: op, limit: limit, since: time.Now(), before: before, used: used}
}

// over says why the time is up, nil while it is not. On two processors a child that collects garbage
// beside its work uses more of them than passes by the clock, so both must be over: a request always has
// as long as it says.
func (b budget) over() error {
	passed := time.Since(b.since)
	if passed < b.limit {
		return nil
	}
	now, known := b.used()
	switch {
	case !known || now-b.before >= b.limit:
		return tooSlow(b.op, b.limit)
	case passed >= patience(b.limit):
		return busy(errors.New("the clock ran out before the processor time of a request"))
	}
	return nil
}

// soon is a context that ends shortly before the parent ends the child: rules that look at it end in time
// and leave a warm child. Its cause is what over says.
func soon(op string, limit time.Duration) (context.Context, context.CancelFunc) {
	ctx, cancel := context.WithCancelCause(context.Background())
	spent := spend(op, limit*9/10, ownTime)
	poll := time.NewTicker(pollEvery)
	go func() {
		defer poll.Stop()
		for {
			select {
			case <-ctx.Done():
				return
			case <-poll.C:
				over := spent.over()
				if fault.Is(over, fault.Invalid) {
					over = tooSlow(op, limit) // the whole of it is what people know
				}
				if over != nil {
					cancel(over)
				}
			}
		}
	}()
	return policy.WithTimeout(ctx, patience(limit)), func() { cancel(context.Canceled) }
}

// turn waits for a place among those that run.
func turn(ctx context.Context, places chan struct{}, wait time.Duration) error {
	timer := time.NewTimer(wait)
	defer timer.Stop()
	select {
	case places <- struct{}{}:
		return nil
	case <-ctx.Done():
		return cancelled(ctx)
	case <-timer.C:
		return busy(errors.New("no rule worker was free"))
	}
}

// tooSlow says that rules never came to an end, or, of rules that were only read, that they are too many.
func tooSlow(op string, limit time.Duration) error {
	seconds := strings.Replace(strconv.FormatFloat(limit.Seconds(), 'f', -1, 64), ".", ",", 1)
	if op == opVerify || op == opFormat {
		return fault.New(fault.Invalid, "policy_too_slow", "Kumpulan aturan ini terlalu besar untuk diperiksa dalam "+seconds+
			" detik. Pecah aturan yang panjang, dan tulis nilai yang banyak sebagai daftar.")
	}
	return fault.New(fault.Invalid, "policy_too_slow", "Aturan ini dihentikan karena belum selesai dihitung dalam "+seconds+
		" detik. Cari daftar yang dikalikan dengan daftar lain, lalu sederhanakan.")
}

// busy blames nobody's rules.
func busy(cause error) error {
	return fault.New(fault.Unavailable, "machine_busy",
		"Mesin sedang sibuk, jadi aturan ini belum selesai diperiksa. Coba lagi sebentar lagi.").Because(cause)
}
