package main

import (
	"strings"

	"layak/internal/area"
	"layak/internal/auth"
)

// unitsCmd keeps the offices.
type unitsCmd struct {
	Add  unitsAddCmd  `cmd:"" help:"Tambah unit kerja."`
	List unitsListCmd `cmd:"" help:"Daftar unit kerja."`
}

type unitsAddCmd struct {
	Code string     `arg:"" help:"Kode unit, misalnya PKM-SILO."`
	Name string     `required:"" placeholder:"NAMA" help:"Nama unit."`
	Kind string     `required:"" enum:"puskesmas,hospital,kelurahan,desa,kecamatan,opd" help:"puskesmas, hospital, kelurahan, desa, kecamatan, atau opd."`
	Area []areaFlag `required:"" placeholder:"KODE" help:"Wilayah kerja. Boleh berulang."`
}

// Run adds a unit.
func (c *unitsAddCmd) Run(k *call) error {
	unit := auth.Unit{Code: c.Code, Name: c.Name, Kind: auth.UnitKind(c.Kind)}
	for _, a := range c.Area {
		unit.Areas = append(unit.Areas, area.Code(a))
	}
	return k.with(func(p *Program) error {
		err := p.Accounts.AddUnit(k, unit)
		if err != nil {
			return usage(err)
		}
		if k.JSON {
			return k.printJSON(unit)
		}
		k.printf("Unit %s ditambahkan.\n", unit.Code)
		return nil
	})
}

type unitsListCmd struct{}

// Run lists units.
func (c *unitsListCmd) Run(k *call) error {
	return k.with(func(p *Program) error {
		units, err := p.Accounts.Units(k)
		if err != nil {
			return err
		}
		if k.JSON {
			return k.printJSON(map[string]any{"units": append([]auth.Unit{}, units...)})
		}
		var rows [][]string
		for _, u := range units {
			var areas []string
			for _, a := range u.Areas {
				areas = append(areas, string(a))
			}
			rows = append(rows, []string{u.Code, string(u.Kind), u.Name, strings.Join(areas, " ")})
		}
		return k.table([]string{"KODE", "JENIS", "NAMA", "WILAYAH"}, rows)
	})
}

// staffCmd keeps the accounts.
type staffCmd struct {
	Add      staffAddCmd      `cmd:"" help:"Tambah akun; kata sandi dibaca dari masukan standar."`
	List     staffListCmd     `cmd:"" help:"Daftar akun."`
	Disable  staffDisableCmd  `cmd:"" help:"Nonaktifkan akun."`
	Password staffPasswordCmd `cmd:"" help:"Ganti kata sandi; dibaca dari masukan standar."`
	Token    staffTokenCmd    `cmd:"" help:"Buat token API; tampil sekali ini saja."`
}

type staffAddCmd struct {
	User string `arg:"" help:"Nama pengguna."`
	Name string `required:"" placeholder:"NAMA" help:"Nama lengkap seperti di layar."`
	Role string `required:"" enum:"puskesmas,kelurahan,coordinator,policy_officer,policy_approver,supervisor,auditor,administrator" help:"${enum}."`
	Unit string `placeholder:"KODE" help:"Unit kerja; wajib untuk puskesmas dan kelurahan."`
}

const longestPassword = 1000

// Run adds an account.
func (c *staffAddCmd) Run(k *call) error {
	password, err := k.readLine(longestPassword)
	if err != nil {
		return err
	}
	return k.with(func(p *Program) error {
		s, err := p.Accounts.AddStaff(k, auth.NewStaff{
			User: c.User, Name: c.Name, Role: auth.Role(c.Role), Unit: c.Unit, Password: password,
		})
		if err != nil {
			return usage(err)
		}
		if k.JSON {
			return k.printJSON(s)
		}
		k.printf("Akun %s ditambahkan.\n", s.User)
		return nil
	})
}

type staffListCmd struct{}

// Run lists accounts.
func (c *staffListCmd) Run(k *call) error {
	return k.with(func(p *Program) error {
		staff, err := p.Accounts.Staff(k)
		if err != nil {
			return err
		}
		if k.JSON {
			return k.printJSON(map[string]any{"staff": append([]auth.Staff{}, staff...)})
		}
		var rows [][]string
		for _, s := range staff {
			state := "aktif"
			if s.Disabled {
				state = "nonaktif"
			}
			rows = append(rows, []string{s.User, string(s.Role), s.Unit, state, s.Name})
		}
		return k.table([]string{"PENGGUNA", "PERAN", "UNIT", "KEADAAN", "NAMA"}, rows)
	})
}

type staffDisableCmd struct {
	User string `arg:"" help:"Nama pengguna."`
}

// Run disables an account, its sessions and its tokens.
func (c *staffDisableCmd) Run(k *call) error {
	return k.with(func(p *Program) error {
		err := p.Accounts.Disable(k, c.User)
		if err != nil {
			return err
		}
		return k.done(c.User, "Akun %s dinonaktifkan; sesi dan tokennya berakhir.\n")
	})
}

type staffPasswordCmd struct {
	User string `arg:"" help:"Nama pengguna."`
}

// Run sets a password.
func (c *staffPasswordCmd) Run(k *call) error {
	password, err := k.readLine(longestPassword)
	if err != nil {
		return err
	}
	return k.with(func(p *Program) error {
		err := p.Accounts.SetPassword(k, c.User, password)
		if err != nil {
			return usage(err)
		}
		return k.done(c.User, "Kata sandi %s diganti; sesi lamanya berakhir.\n")
	})
}

// done says that something happened to an account.
func (k *call) done(user, words string) error {
	if k.JSON {
		return k.printJSON(map[string]string{"user": user})
	}
	k.printf(words, user)
	return nil
}

type staffTokenCmd struct {
	User  string `arg:"" help:"Nama pengguna."`
	Days  int    `default:"30" help:"Masa berlaku dalam hari (${default})."`
	Label string `default:"baris perintah" placeholder:"TEKS" help:"Untuk apa token ini."`
}

// Run prints the Bearer token alone.
func (c *staffTokenCmd) Run(k *call) error {
	return k.with(func(p *Program) error {
		secret, t, err := p.Accounts.IssueToken(k, auth.NewToken{User: c.User, Label: c.Label, Days: c.Days})
		if err != nil {
			return usage(err)
		}
		if k.JSON {
			return k.printJSON(map[string]any{"token": secret, "user": t.User, "expires_at": t.ExpiresAt})
		}
		k.printf("%s\n", secret)
		return nil
	})
}
