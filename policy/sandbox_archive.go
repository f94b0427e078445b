package policy

import "io/fs"

// maxUnpacked bounds what is read of an archive before it is known to hold rules: a few kilobytes of zeros
// unpack to gigabytes. Names, padding and the copy of the parameters that old archives hold come on top of
// the files.
const maxUnpacked = 2 * maxBundleBytes

// longestFileName is what every archive can hold without a header of its own.
const longestFileName = 100

// fileName tells whether a file of rules may be called so: what people see of it has to be what it is, on
// every system to which the archive travels.
func fileName(name string) bool {
	for i := range len(name) {
		if c := name[i]; c < ' ' || c > '~' || c == '\\' || c == '"' || c == ':' {
			return false
		}
	}
	return len(name) <= longestFileName && fs.ValidPath(name)
}
