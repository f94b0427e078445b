package complaints

// State is where a complaint stands.
type State string

// The states.
const (
	Received        State = "received"
	Verified        State = "verified"
	InProgress      State = "in_progress"
	WaitingReporter State = "waiting_reporter"
	Answered        State = "answered"
	Closed          State = "closed"
	Forwarded       State = "forwarded"
	Rejected        State = "rejected"
	Withdrawn       State = "withdrawn"
	Merged          State = "merged"
)

// Before as the goal of a move stands for the state that the complaint was in before it began to
// wait or was merged. It is never stored.
const Before State = "before"

// States lists them in the order of a life.
var States = []State{
	Received, Verified, InProgress, WaitingReporter, Answered, Closed, Forwarded, Rejected, Withdrawn, Merged,
}

// OpenStates are those in which the office still owes something.
var OpenStates = []State{Received, Verified, InProgress, WaitingReporter, Answered}

// Open tells whether the office still owes something.
func (s State) Open() bool {
	for _, o := range OpenStates {
		if s == o {
			return true
		}
	}
	return false
}

// stateWords are the words of a state here and in the two systems that citizens already know.
type stateWords struct{ label, lapor, wadul string }

var words = map[State]stateWords{
	Received:        {"Diterima", "Belum Terverifikasi", "Disposisi"},
	Verified:        {"Terverifikasi", "Belum Ditindaklanjuti", "Disposisi"},
	InProgress:      {"Sedang dikerjakan", "Proses", "Tindak Lanjut"},
	WaitingReporter: {"Menunggu jawaban pelapor", "Tertunda", "Tindak Lanjut"},
	Answered:        {"Sudah dijawab", "Proses", "Tindak Lanjut"},
	Closed:          {"Selesai", "Selesai", "Selesai"},
	Forwarded:       {"Diteruskan ke instansi lain", "Proses", "Disposisi"},
	Rejected:        {"Tidak dapat ditindaklanjuti", "Arsip", "Dibatalkan"},
	Withdrawn:       {"Dibatalkan pelapor", "Arsip", "Dibatalkan"},
	Merged:          {"Digabung dengan aduan lain", "Arsip", "Dibatalkan"},
}

// Label is the Indonesian word of the state.
func (s State) Label() string { return words[s].label }

// Lapor is the status word of SP4N-LAPOR! that comes nearest.
func (s State) Lapor() string { return words[s].lapor }

// Wadul is the status word of Wadul Gus'e that comes nearest.
func (s State) Wadul() string { return words[s].wadul }
