package web

import (
	"os"
	"testing"

	"layak/internal/testkit"
)

func TestMain(m *testing.M) { os.Exit(testkit.Main(m)) }
