package importers

import (
	"strings"

	"layak/eligibility"
)

// role tells how a column carries its field. Areas come as code, as name or as both in two
// columns; some hand-made columns hold two fields.
type role uint8

const (
	plain     role = iota
	areaCode       // a code: NO_KEC "19", "350919", "35.09.19"
	areaName       // a name, but a code is understood as well
	placeDate      // "JEMBER, 17-08-1990"
	rtAndRW        // "001/002"
	byValues       // STATUS, KETERANGAN: the values decide which field it is
)

// spelled is one spelling's meaning. rank orders spellings of one field: when a sheet has several
// columns for it, the lowest rank is read and the others are left.
type spelled struct {
	field eligibility.Field
	role  role
	rank  int
}

// spellings lists the headers met in Dukcapil, DTSEN, BPJS and hand-made files, folded: letters
// and digits only. The best source of a field comes first.
var spellings = []struct {
	field eligibility.Field
	role  role
	words string
}{
	{eligibility.FieldNIK, plain, "nik nomorindukkependudukan noindukkependudukan nikpenduduk nikpeserta nikpasien nikktp noktp nomorktp niknoktp noktpnik nonik nomornik nikpenerima nikart nikanggotakeluarga nikanggota nikwarga"},
	{eligibility.FieldKK, plain, "kk nokk nomorkk nkk nokartukeluarga nomorkartukeluarga kartukeluarga nomerkk nokkpeserta nikkk nokeluarga idkk"},
	{eligibility.FieldName, plain, "namalengkap namalgkp nama namapenduduk namapeserta namapenerima namapasien namaanggotakeluarga namaanggota namaart namawarga namalengkappeserta name"},
	{eligibility.FieldSex, plain, "jenisklmin jeniskelamin jk lp jnskelamin kelamin jkel jeniskel sex gender jnsklmin lakilakiperempuan pl"},
	{eligibility.FieldBirthPlace, plain, "tmptlhr tempatlahir tmptlahir tmplahir tptlahir tmplhr kotalahir birthplace"},
	{eligibility.FieldBirthDate, plain, "tgllhr tanggallahir tgllahir tgllahirpeserta tanggallahirpeserta tgllahirblnth birthdate dob"},
	{eligibility.FieldBirthDate, placeDate, "ttl tempattanggallahir tempattgllahir tmpttgllahir tempatdantanggallahir tempattanggal"},
	{eligibility.FieldRelation, plain, "stathbkel kklevel statushubungankeluarga shdk hubungankeluarga hubungandalamkeluarga hubungan hubkel hubkeluarga statushubungandalamkeluarga statushubungan hubunganklg statusdalamkeluarga relation"},
	{eligibility.FieldMarital, plain, "statkwn statuskawin statuskwn statusperkawinan statuspernikahan statkawin kawin perkawinan marital"},
	{eligibility.FieldAddress, plain, "alamat alamatlengkap alamatdomisili alamatktp alamatpeserta alamattinggal alamatrumah address"},
	{eligibility.FieldRT, plain, "nort rt rtktp"},
	{eligibility.FieldRW, plain, "norw rw rwktp"},
	{eligibility.FieldRT, rtAndRW, "rtrw"},
	{eligibility.FieldVillage, areaCode, "nokel kodekel kodekelurahan kodedesa kdkel kddesa kodekelurahandesa kodedesakelurahan kodekeldesa kodedesakel kodekelurahandesaktp kodewilayah"},
	{eligibility.FieldVillage, areaName, "kelname namakel namakelurahan namadesa nmkel nmdesa kelurahandesa desakelurahan desa kelurahan desakel keldesa deskel namakelurahandesa namadesakelurahan kel kelurahandesaktp village desakelurahandomisili"},
	{eligibility.FieldDistrict, areaCode, "nokec kodekec kodekecamatan kdkec kodekecamatanktp"},
	{eligibility.FieldDistrict, areaName, "kecname namakec namakecamatan nmkec kecamatan kec kecamatanktp district"},
	{eligibility.FieldRegency, areaCode, "nokab kodekab kodekabupaten kodekabkota kodekabupatenkota kdkab kdkabkota kodekabupatenkotaktp"},
	{eligibility.FieldRegency, areaName, "kabname namakab namakabupaten namakabkota namakabupatenkota nmkab kabupatenkota kabkota kabupaten kotakabupaten kab kabupatenkotaktp regency"},
	{eligibility.FieldProvince, areaCode, "noprop noprov kodeprop kodeprov kodepropinsi kodeprovinsi kdprop kdprov kodeprovinsiktp"},
	{eligibility.FieldProvince, areaName, "propname provname namaprop namaprov namapropinsi namaprovinsi nmprop nmprov provinsi propinsi prov prop provinsiktp province"},
	{eligibility.FieldLifeStatus, plain, "stathidup statusdasar statushidup statuskependudukan statuspenduduk flagstatus lifestatus"},
	{eligibility.FieldMovedInOn, plain, "tglpindahmasuk tanggalpindahmasuk tgldatang tanggaldatang tanggalmasuk tglmasuk movedinon"},
	{eligibility.FieldMotherNIK, plain, "nikibu ibunik nikibukandung nomornikibu mothernik"},
	{eligibility.FieldDesil, plain, "desilnasional desil desildtsen desilkesejahteraan desilkeluarga desilnasionaldtsen peringkatdesil"},
	{eligibility.FieldSegment, plain, "segmen segmenpeserta jeniskepesertaan jenispeserta segmenjkn kategoripeserta segmenkepesertaan jnspeserta segment"},
	{eligibility.FieldMemberStatus, plain, "statuspeserta statuskepesertaan statusjkn statusbpjs statusaktif statuskepesertaanjkn statuskeaktifan ketstatuspeserta memberstatus"},
	{eligibility.FieldMemberReason, plain, "alasannonaktif sebabnonaktif keterangannonaktif penyebabnonaktif memberreason"},
	{eligibility.FieldMemberSince, plain, "tmt tmtpeserta tglmulai tanggalmulai tglaktif tanggalaktif tmtaktif tglmulaiberlaku membersince pesertasejak"},
	{eligibility.FieldInactiveSince, plain, "tglnonaktif tanggalnonaktif tat tmtnonaktif tattanggungan nonaktifsejak inactivesince"},
	{eligibility.FieldClass, plain, "kelas hakkelas kelasrawat klsrawat kelasrawatinap hakkelasrawat kelasperawatan kls class"},
	{eligibility.FieldJKNNumber, plain, "nokartu noka nomorjkn nojkn nokartujkn nomorkartu nomorkartujkn nobpjs nomorbpjs nokartubpjs nomorkartubpjs nokapst nopeserta nomorpeserta jknnumber"},
	{eligibility.FieldFacility, plain, "faskes fktp ppk namafaskes namafktp faskestingkati faskestingkat1 faskestk1 faskestingkatpertama faskesterdaftar namappk ppktk1 ppktingkati facility"},
	{eligibility.NumFields, byValues, "status keterangan ket stat"},
}

var spellingOf = func() map[string]spelled {
	m := map[string]spelled{}
	for _, s := range spellings {
		for i, word := range strings.Fields(s.words) {
			m[word] = spelled{s.field, s.role, i}
		}
	}
	return m
}()

// fold keeps letters and digits in small letters, so that case, spacing and punctuation of a
// header or code do not matter.
func fold(s string) string {
	var b []byte
	for i := 0; i < len(s); i++ {
		c := s[i]
		switch {
		case c >= 'a' && c <= 'z', c >= '0' && c <= '9':
			b = append(b, c)
		case c >= 'A' && c <= 'Z':
			b = append(b, c+'a'-'A')
		}
	}
	return string(b)
}

// meaning looks a header up. What stands in brackets is tried without: "NIK (16 digit)".
func meaning(header string) (spelled, bool) {
	m, ok := spellingOf[fold(header)]
	if ok {
		return m, true
	}
	if i := strings.IndexAny(header, "(["); i > 0 {
		m, ok = spellingOf[fold(header[:i])]
		return m, ok
	}
	return spelled{}, false
}
