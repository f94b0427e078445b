package policy

import (
	"archive/tar"
	"bytes"
	"compress/gzip"
	"errors"
	"io"
)

// maxProofBytes bounds a proof, packed and unpacked: the rules, which hardly shrink a second time, and the facts and
// answers beside them. WriteProof keeps it as well, so that whatever is given out can be read back.
const maxProofBytes = 2 * maxUnpacked

var errBehind = errors.New("bytes behind the end of the archive")

// readProof reads the files of a proof, and sees to it that every reader of the archive comes to the same files: what
// lies behind its end is skipped by us and unpacked by `tar -i`, and could carry an answer beside the signed one.
// proof_unreadable or proof_altered otherwise.
func readProof(r io.Reader) (map[string][]byte, error) {
	data, err := io.ReadAll(io.LimitReader(r, maxProofBytes+1))
	if err != nil {
		return nil, errProofUnreadable.Because(err)
	}
	if len(data) > maxProofBytes {
		return nil, errProofUnreadable.Because(errors.New("larger than any proof"))
	}
	packed := bytes.NewReader(data) // of which gzip takes no byte more than it needs
	zip, err := gzip.NewReader(packed)
	if err != nil {
		return nil, errProofUnreadable.Because(err)
	}
	if zip.Comment != "" || len(zip.Extra) > 0 {
		return nil, errProofForged.Because(errors.New("words in the header of the archive"))
	}
	zip.Multistream(false)
	limited := &io.LimitedReader{R: zip, N: maxProofBytes + 1}
	files, err := proofFiles(limited)
	if err != nil {
		return nil, err
	}
	err = onlyPadding(limited)
	if err != nil {
		return nil, err
	}
	if packed.Len() > 0 {
		return nil, errProofForged.Because(errBehind)
	}
	return files, nil
}

// proofFiles reads the plain files of the tar up to its end mark.
func proofFiles(r *io.LimitedReader) (map[string][]byte, error) {
	files := map[string][]byte{}
	for t := tar.NewReader(r); ; {
		head, err := t.Next()
		if errors.Is(err, io.EOF) && r.N > 0 {
			return files, nil
		}
		if err != nil {
			return nil, errProofUnreadable.Because(err)
		}
		data, err := io.ReadAll(t)
		// Records of an extended header rename a file for the tools that know them, and not for the others.
		if _, twice := files[head.Name]; err != nil || twice || head.Typeflag != tar.TypeReg || len(head.PAXRecords) > 0 {
			return nil, errProofUnreadable.Because(err)
		}
		files[head.Name] = data
	}
}

// onlyPadding reads what follows the end mark: zeros, with which a tar is filled up, up to the checksum of gzip.
func onlyPadding(r *io.LimitedReader) error {
	rest, err := io.ReadAll(r)
	if err != nil {
		return errProofUnreadable.Because(err)
	}
	if r.N == 0 {
		return errProofUnreadable.Because(errors.New("larger than any proof"))
	}
	if len(bytes.Trim(rest, "\x00")) > 0 {
		return errProofForged.Because(errBehind)
	}
	return nil
}
