// Package web owns everything that speaks HTTP: pages, forms, the JSON API, static files, sessions
// and the answer to every failure. It is the only code that knows Echo, html/template and cookies.
// It must not know SQL, OPA or workbooks, and it holds no rule: a handler reads a form, calls a
// service, and shows what came back.
//
// # To add a page
//
//  1. One line in the table of routes.go: method, path, permission, handler. The test that drives
//     every route with every role picks it up by itself.
//  2. One file page_NAME.go with a struct that embeds Base, and the handlers. A handler does five
//     things: read the form, build the request, call the service, on a fault.Invalid show the same
//     page again (Base.refuse keeps what was typed and puts each problem beside its field),
//     otherwise flash and redirect. Any other error is returned as it is; errors.go answers it.
//  3. One template templates/pages/NAME.html that defines "content", and one line in pageSets of
//     render.go that names it and the partials it uses. A file that no set names stops the start.
//     Other templates that the page defines are its own; names of partials are those of the program.
//  4. The words in internal/i18n/catalog/id.json and en.json ({{t "people.title"}}).
//  5. The states worth looking at in gallery.go: empty, long names, an error beside a field. The
//     browser test runs axe over each and the gallery route shows them in development.
//
// A form carries {{template "csrf" .}}; htmx sends the token by itself. Personal data never stands
// in a path or query: look people up by POST and redirect to an id.
//
// After a change of assets/layak.css or assets/layak.js, or the first use of a Tabler class in a
// template, run `make assets` (node assets/build.mjs); a test tells when it was forgotten.
package web
