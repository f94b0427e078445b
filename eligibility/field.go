package eligibility

// Field is one fact about a person that a workbook column, a paper or an officer can give. The
// names are the closed list that `layak import --map`, `layak check --fact` and the JSON API use.
type Field uint8

// The fields.
const (
	FieldNIK Field = iota
	FieldKK
	FieldName
	FieldSex
	FieldBirthPlace
	FieldBirthDate
	FieldRelation
	FieldMarital
	FieldAddress
	FieldRT
	FieldRW
	FieldVillage
	FieldDistrict
	FieldRegency
	FieldProvince
	FieldLifeStatus
	FieldMovedInOn
	FieldMotherNIK
	FieldDesil
	FieldSegment
	FieldMemberStatus
	FieldMemberReason
	FieldMemberSince
	FieldInactiveSince
	FieldClass
	FieldJKNNumber
	FieldFacility
	NumFields // how many there are; not a field
)

// FieldType says how a value of a field is written.
type FieldType uint8

// The types of values.
const (
	TypeText FieldType = iota
	TypeNIK
	TypeKK
	TypeDate // YYYY-MM-DD
	TypeArea // code with dots
	TypeCode // member of the closed list FieldSpec.Codes of the input schema
	TypeInt
)

// FieldSpec describes a field.
type FieldSpec struct {
	Name  string // "birth_date"
	Label string // Indonesian, for screens
	Kind  Kind   // registry kind that owns it; NIK and KK belong to all
	Type  FieldType
	Codes string // name of the closed list when Type is TypeCode
}

// Specs is indexed by Field.
var Specs = [NumFields]FieldSpec{
	FieldNIK:           {"nik", "NIK", Residents, TypeNIK, ""},
	FieldKK:            {"kk", "Nomor KK", Residents, TypeKK, ""},
	FieldName:          {"name", "Nama lengkap", Residents, TypeText, ""},
	FieldSex:           {"sex", "Jenis kelamin", Residents, TypeCode, "sex"},
	FieldBirthPlace:    {"birth_place", "Tempat lahir", Residents, TypeText, ""},
	FieldBirthDate:     {"birth_date", "Tanggal lahir", Residents, TypeDate, ""},
	FieldRelation:      {"relation", "Hubungan keluarga", Residents, TypeCode, "kk_relation"},
	FieldMarital:       {"marital", "Status kawin", Residents, TypeCode, "marital"},
	FieldAddress:       {"address", "Alamat", Residents, TypeText, ""},
	FieldRT:            {"rt", "RT", Residents, TypeText, ""},
	FieldRW:            {"rw", "RW", Residents, TypeText, ""},
	FieldVillage:       {"village", "Desa/kelurahan", Residents, TypeArea, ""},
	FieldDistrict:      {"district", "Kecamatan", Residents, TypeArea, ""},
	FieldRegency:       {"regency", "Kabupaten/kota", Residents, TypeArea, ""},
	FieldProvince:      {"province", "Provinsi", Residents, TypeArea, ""},
	FieldLifeStatus:    {"life_status", "Status hidup", Residents, TypeCode, "life_status"},
	FieldMovedInOn:     {"moved_in_on", "Tanggal pindah masuk", Residents, TypeDate, ""},
	FieldMotherNIK:     {"mother_nik", "NIK ibu", Residents, TypeNIK, ""},
	FieldDesil:         {"desil", "Desil DTSEN", Welfares, TypeInt, ""},
	FieldSegment:       {"segment", "Segmen JKN", Membership, TypeCode, "segment"},
	FieldMemberStatus:  {"member_status", "Status JKN", Membership, TypeCode, "member_status"},
	FieldMemberReason:  {"member_reason", "Sebab nonaktif", Membership, TypeCode, "member_reason"},
	FieldMemberSince:   {"member_since", "Peserta sejak", Membership, TypeDate, ""},
	FieldInactiveSince: {"inactive_since", "Nonaktif sejak", Membership, TypeDate, ""},
	FieldClass:         {"class", "Kelas rawat", Membership, TypeCode, "class"},
	FieldJKNNumber:     {"jkn_number", "Nomor kartu JKN", Membership, TypeText, ""},
	FieldFacility:      {"facility", "Faskes terdaftar", Membership, TypeText, ""},
}

func (f Field) String() string { return Specs[f].Name }

// FieldNamed finds a field by its name.
func FieldNamed(name string) (Field, bool) {
	for f := range Specs {
		if Specs[f].Name == name {
			return Field(f), true
		}
	}
	return 0, false
}

// FieldsOf lists the fields that a registry file of the kind may carry, NIK and KK included.
func FieldsOf(k Kind) []Field {
	fields := []Field{FieldNIK, FieldKK}
	for f := FieldName; f < NumFields; f++ {
		if Specs[f].Kind == k {
			fields = append(fields, f)
		}
	}
	return fields
}

// Record is one row of a registry file after normalising: one text per field, "" is empty.
// Has tells which fields the file carries at all: a missing column keeps what is stored.
type Record struct {
	Values [NumFields]string
	Has    uint64 // bit 1<<Field
}

// Carries tells whether the file has a column for the field.
func (r *Record) Carries(f Field) bool { return r.Has&(1<<f) != 0 }

// Set stores a value and marks the field as carried.
func (r *Record) Set(f Field, v string) { r.Values[f] = v; r.Has |= 1 << f }
