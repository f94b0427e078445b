package eligibility

import "layak/internal/fault"

// Validate cleans the numbers of the subject and says what is missing or wrong, for whoever keeps
// a subject before a check is made of it.
func (s *Subject) Validate() error {
	bad := s.check(fault.New(fault.Invalid, "subject_invalid", "Isian tentang warga belum dapat diterima."), "")
	if len(bad.Fields) > 0 {
		bad.Message = bad.Fields[0].Message
		return bad
	}
	return nil
}
