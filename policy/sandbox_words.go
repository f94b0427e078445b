package policy

import (
	"errors"
	"fmt"
	"strings"

	"github.com/open-policy-agent/opa/v1/topdown"
)

// nameless keeps of an error of an evaluation where it happened and which function failed. OPA quotes the
// value besides, and that may be the number of a person, which no log may hold.
func nameless(err error) error {
	var e *topdown.Error
	if !errors.As(err, &e) || topdown.IsCancel(err) {
		return err
	}
	what, _, _ := strings.Cut(e.Message, ":") // the name of the function, or words of OPA's own
	if e.Location == nil {
		return fmt.Errorf("%s: %s", e.Code, what)
	}
	return fmt.Errorf("%s: %s: %s", e.Location, e.Code, what)
}
