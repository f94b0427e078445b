package storage

import (
	"os"
	"strconv"
	"testing"
	"time"
)

// TestFillingProcess is not a test: it is how cmd/bench stores many cases in a database that the
// program made before. LAYAK_TEST_FILL names it, LAYAK_TEST_CASES says how many.
func TestFillingProcess(t *testing.T) {
	address := os.Getenv("LAYAK_TEST_FILL")
	if address == "" {
		return
	}
	n, err := strconv.Atoi(os.Getenv("LAYAK_TEST_CASES"))
	must(t, err)
	newSampler(7, time.Now()).fill(t, openTest(t, address, testConfig()), n)
}
