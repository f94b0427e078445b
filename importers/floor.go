package importers

import (
	"fmt"

	"github.com/xuri/excelize/v2"
)

// EachRow reads every row of every sheet of a workbook and keeps nothing: what reading through
// excelize costs alone. It is the floor that `make bench` holds an import against.
func EachRow(path string, yield func(cells []string) error) error {
	x, err := excelize.OpenFile(path, excelize.Options{RawCellValue: true})
	if err != nil {
		return fmt.Errorf("open workbook: %w", err)
	}
	defer x.Close()
	for _, sheet := range x.GetSheetList() {
		rows, err := x.Rows(sheet)
		if err != nil {
			return fmt.Errorf("open sheet: %w", err)
		}
		for rows.Next() {
			cells, err := rows.Columns()
			if err != nil {
				return fmt.Errorf("read row: %w", err)
			}
			err = yield(cells)
			if err != nil {
				return err
			}
		}
		err = rows.Close()
		if err != nil {
			return fmt.Errorf("close sheet: %w", err)
		}
	}
	return nil
}
