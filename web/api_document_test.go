package web

import (
	"bytes"
	"encoding/json"
	"maps"
	"net/http"
	"reflect"
	"slices"
	"strconv"
	"strings"
	"sync"
	"testing"

	"github.com/santhosh-tekuri/jsonschema/v6"

	"layak/complaints"
	"layak/eligibility"
	"layak/internal/auth"
	"layak/policy"
)

// description is openapi.json for tests: each response schema is closed, so that a member that the
// document does not name is found.
type description struct {
	doc      map[string]any
	compiler *jsonschema.Compiler
	schemas  map[string]*jsonschema.Schema
	mu       sync.Mutex
}

var described = sync.OnceValues(func() (*description, error) {
	parsed, err := jsonschema.UnmarshalJSON(bytes.NewReader(openapi))
	if err != nil {
		return nil, err
	}
	doc := parsed.(map[string]any)
	closeObjects(at(doc, "components", "schemas"))
	d := &description{doc: doc, compiler: jsonschema.NewCompiler(), schemas: map[string]*jsonschema.Schema{}}
	d.compiler.AssertFormat()
	return d, d.compiler.AddResource("openapi.json", doc)
})

func closeObjects(v any) {
	switch v := v.(type) {
	case map[string]any:
		if _, ok := v["properties"].(map[string]any); ok && v["additionalProperties"] == nil {
			v["additionalProperties"] = false
		}
		for _, child := range v {
			closeObjects(child)
		}
	case []any:
		for _, child := range v {
			closeObjects(child)
		}
	}
}

// at walks down a document by names.
func at(v any, names ...string) any {
	for _, name := range names {
		m, _ := v.(map[string]any)
		v = m[name]
	}
	return v
}

func describe(t testing.TB) *description {
	t.Helper()
	d, err := described()
	if err != nil {
		t.Fatal(err)
	}
	return d
}

// validate holds a JSON text against a named schema.
func (d *description) validate(t testing.TB, schema string, text []byte) error {
	t.Helper()
	d.mu.Lock()
	defer d.mu.Unlock()
	s := d.schemas[schema]
	if s == nil {
		var err error
		s, err = d.compiler.Compile("openapi.json#/components/schemas/" + schema)
		if err != nil {
			t.Fatal(err)
		}
		d.schemas[schema] = s
	}
	v, err := jsonschema.UnmarshalJSON(bytes.NewReader(text))
	if err != nil {
		return err
	}
	return s.Validate(v)
}

// operation finds the operation of a request.
func (d *description) operation(method, path string) map[string]any {
	path, _, _ = strings.Cut(path, "?")
	parts := strings.Split(path, "/")
	for pattern, item := range at(d.doc, "paths").(map[string]any) {
		want := strings.Split(pattern, "/")
		fits := len(want) == len(parts)
		for i := 0; fits && i < len(want); i++ {
			fits = want[i] == parts[i] || strings.HasPrefix(want[i], "{")
		}
		if op, ok := at(item, strings.ToLower(method)).(map[string]any); fits && ok {
			return op
		}
	}
	return nil
}

// checkAnswerShape fails when an answer is not what openapi.json says about the operation.
func checkAnswerShape(t testing.TB, method, path string, r heard) {
	t.Helper()
	d := describe(t)
	op := d.operation(method, path)
	schema, kind := "Problem", "application/problem+json"
	if op != nil {
		status := strconv.Itoa(r.StatusCode)
		answer := at(op, "responses", status)
		if answer == nil {
			t.Fatalf("%s %s: status %s is not in openapi.json: %s", method, path, status, r.raw)
		}
		if ref, ok := at(answer, "$ref").(string); ok {
			answer = at(d.doc, "components", "responses", ref[strings.LastIndex(ref, "/")+1:])
		}
		content := at(answer, "content").(map[string]any)
		kind = slices.Collect(maps.Keys(content))[0]
		ref, ok := at(content, kind, "schema", "$ref").(string)
		if !ok {
			return // the description itself
		}
		schema = ref[strings.LastIndex(ref, "/")+1:]
	}
	if got := r.Header.Get("Content-Type"); got != kind {
		t.Fatalf("%s %s: content type %q, want %q", method, path, got, kind)
	}
	err := d.validate(t, schema, r.raw)
	if err != nil {
		t.Fatalf("%s %s: answer is not a %s: %v\n%s", method, path, schema, err, r.raw)
	}
	if r.Header.Get("Cache-Control") != "no-store" {
		t.Errorf("%s %s may be cached: %q", method, path, r.Header.Get("Cache-Control"))
	}
}

// Every route of the API is in the document, and the document promises no other.
func TestAPIDescriptionIsTheRouteTable(t *testing.T) {
	d := describe(t)
	served := map[string]Route{}
	for _, r := range (&Server{}).apiRoutes() {
		path := r.Path
		for _, part := range strings.Split(path, "/") {
			if name, ok := strings.CutPrefix(part, ":"); ok {
				path = strings.Replace(path, part, "{"+name+"}", 1)
			}
		}
		served[r.Method+" "+path] = r
	}
	for path, item := range at(d.doc, "paths").(map[string]any) {
		for method, op := range item.(map[string]any) {
			key := strings.ToUpper(method) + " " + path
			r, ok := served[key]
			if !ok {
				t.Errorf("openapi.json promises %s, which is not served", key)
				continue
			}
			delete(served, key)
			text, _ := at(op, "description").(string)
			if !r.Public && !strings.Contains(text, "Permission: `"+string(r.Permission)+"`.") {
				t.Errorf("%s does not name its permission %s: %q", key, r.Permission, text)
			}
			_, open := at(op, "security").([]any)
			if open != r.Public {
				t.Errorf("%s: open in the document %v, in the program %v", key, open, r.Public)
			}
			takes := at(op, "requestBody") != nil
			if takes != (method == "post") {
				t.Errorf("%s: takes a body %v", key, takes)
			}
		}
	}
	for key := range served {
		t.Errorf("%s is not in openapi.json", key)
	}
}

// Every reference of the document leads somewhere, every schema is one, every operation has a name
// of its own.
func TestAPIDescriptionHoldsTogether(t *testing.T) {
	d := describe(t)
	var walk func(v any)
	walk = func(v any) {
		switch v := v.(type) {
		case map[string]any:
			if ref, ok := v["$ref"].(string); ok && at(d.doc, strings.Split(strings.TrimPrefix(ref, "#/"), "/")...) == nil {
				t.Errorf("%s leads nowhere", ref)
			}
			for _, child := range v {
				walk(child)
			}
		case []any:
			for _, child := range v {
				walk(child)
			}
		}
	}
	walk(d.doc)
	for name := range at(d.doc, "components", "schemas").(map[string]any) {
		_, err := d.compiler.Compile("openapi.json#/components/schemas/" + name)
		if err != nil {
			t.Errorf("%s: %v", name, err)
		}
	}
	names := map[string]bool{}
	for _, item := range at(d.doc, "paths").(map[string]any) {
		for _, op := range item.(map[string]any) {
			id, _ := at(op, "operationId").(string)
			if id == "" || names[id] {
				t.Errorf("operation id %q is missing or used twice", id)
			}
			names[id] = true
		}
	}
}

// The closed lists of the document are those of the program.
func TestAPIDescriptionKnowsTheClosedLists(t *testing.T) {
	d := describe(t)
	words := func(list []complaints.Word) []string {
		var codes []string
		for _, w := range list {
			codes = append(codes, w.Code)
		}
		return codes
	}
	var states []string
	for _, s := range complaints.States {
		states = append(states, string(s))
	}
	fact := func(name string) []string { return []string{"EvidenceFacts", "properties", name, "enum"} }
	for _, c := range []struct {
		path []string
		want []string
	}{
		{[]string{"Channel", "enum"}, words(complaints.Channels)},
		{[]string{"Matter", "enum"}, words(complaints.Matters)},
		{[]string{"Relation", "enum"}, words(complaints.Relations)},
		{[]string{"Need", "enum"}, policy.Codes("need")},
		{[]string{"Need", "enum"}, words(complaints.Needs)},
		{[]string{"EvidenceKind", "enum"}, policy.Codes("evidence_kind")},
		{[]string{"State", "enum"}, states},
		{[]string{"Class", "enum"}, words(complaints.Classes)},
		{[]string{"Priority", "enum"}, words(complaints.Priorities)},
		{[]string{"Element", "enum"}, words(complaints.Elements)},
		{[]string{"Task", "properties", "result", "enum"}, words(complaints.TaskResults)},
		{[]string{"EventType", "enum"}, eventTypes()},
		{[]string{"ResolveEvent", "properties", "decision", "enum"}, words(complaints.Decisions)},
		{[]string{"RejectEvent", "properties", "code", "enum"}, words(complaints.RejectReasons)},
		{[]string{"Task_doneEvent", "properties", "result", "enum"}, words(complaints.TaskResults)},
		{[]string{"TaskOrder", "properties", "role", "enum"}, words(complaints.TaskRoles)},
		{[]string{"Send", "items", "enum"}, words(complaints.Ways)},
		{[]string{"Resolution", "properties", "decision", "enum"}, words(complaints.Decisions)},
		{[]string{"RegistrationEvent", "properties", "through", "enum"}, words(complaints.Throughs)},
		{[]string{"RegistrationEvent", "properties", "result", "enum"}, words(complaints.Results)},
		{fact("sex"), policy.Codes("sex")},
		{fact("relation"), policy.Codes("kk_relation")},
		{fact("marital"), policy.Codes("marital")},
		{fact("life_status"), policy.Codes("life_status")},
		{fact("segment"), policy.Codes("segment")},
		{fact("member_status"), policy.Codes("member_status")},
		{fact("member_reason"), policy.Codes("member_reason")},
	} {
		list, _ := at(at(d.doc, "components", "schemas"), c.path...).([]any)
		var got []string
		for _, v := range list {
			got = append(got, v.(string))
		}
		slices.Sort(got)
		want := slices.Sorted(slices.Values(c.want))
		if !slices.Equal(got, want) {
			t.Errorf("%s: openapi.json has %v, the program %v", strings.Join(c.path, "."), got, want)
		}
	}
}

// The members of the documented request bodies are those that the program reads.
func TestAPIDescriptionKnowsTheRequestMembers(t *testing.T) {
	d := describe(t)
	members := func(of any) []string {
		var names []string
		for i := range reflect.TypeOf(of).NumField() {
			name, _, _ := strings.Cut(reflect.TypeOf(of).Field(i).Tag.Get("json"), ",")
			if name != "-" {
				names = append(names, name)
			}
		}
		return names
	}
	var fields []string
	for _, s := range eligibility.Specs {
		fields = append(fields, s.Name)
	}
	cases := map[string][]string{
		"CheckRequest": members(checkBody{}), "Statements": members(statementsBody{}),
		"Subject": members(eligibility.Subject{}), "Evidence": members(eligibility.Evidence{}),
		"EvidenceFacts": fields, "Filing": members(complaints.Filing{}), "Reporter": members(complaints.Reporter{}),
	}
	cases["TaskOrder"] = members(complaints.TaskOrder{})
	all := map[string]bool{"type": true, "version": true}
	for kind, names := range eventMembers {
		schema := strings.ToUpper(string(kind[:1])) + string(kind[1:]) + "Event"
		cases[schema] = append([]string{"type", "version"}, names...)
		for _, n := range names {
			all[n] = true
		}
	}
	for schema, want := range cases {
		props, _ := at(d.doc, "components", "schemas", schema, "properties").(map[string]any)
		got := slices.Sorted(maps.Keys(props))
		slices.Sort(want)
		if !slices.Equal(got, want) {
			t.Errorf("%s: openapi.json has %v, the program reads %v", schema, got, want)
		}
		if at(d.doc, "components", "schemas", schema, "additionalProperties") != false {
			t.Errorf("%s: a request body must be closed", schema)
		}
	}
	for _, name := range members(eventBody{}) {
		if !all[name] {
			t.Errorf("no event uses the member %s", name)
		}
	}
	for _, m := range complaints.Moves {
		_, sent := eventMembers[m.Event]
		inside := m.Event == complaints.AttachEvent // not chosen by an action
		if sent == inside {
			t.Errorf("event %s: offered %v", m.Event, sent)
		}
	}
}

// What a request schema accepts and what it refuses; the program's own answers are tested with
// the same bodies elsewhere.
func TestAPIDescriptionOfRequests(t *testing.T) {
	d := describe(t)
	for _, c := range []struct {
		name, schema, body string
		good               bool
	}{
		{"nik", "CheckRequest", `{"nik":"3509190302800001","need":"inpatient"}`, true},
		{"person", "CheckRequest", `{"subject":{"name":"Sri","birth_date":"1980-02-03","village":"35.09.19.1001"}}`, true},
		{"newborn", "CheckRequest", `{"mother_nik":"3509190302800001","birth_date":"2026-11-20"}`, true},
		{"unknown person", "CheckRequest", `{"unknown":true,"description":"laki-laki, sekitar 50 tahun"}`, true},
		{"nobody", "CheckRequest", `{"need":"inpatient"}`, false},
		{"number in facts", "CheckRequest", `{"nik":"3509190302800001","evidence":[{"kind":"kk","facts":{"desil":2}}]}`, true},
		{"nik as a number", "CheckRequest", `{"nik":3509190302800001}`, false},
		{"null", "CheckRequest", `{"nik":"3509190302800001","need":null}`, false},
		{"event of one type", "EventRequest", `{"type":"note","version":1,"text":"Catatan"}`, true},
		{"member of another type", "EventRequest", `{"type":"note","version":1,"text":"Catatan","office":"BPJS"}`, false},
		{"merge", "EventRequest", `{"type":"merge","version":1,"into":"3509-0000-0000-0"}`, true},
		{"one task", "EventRequest", `{"type":"task","version":1,"unit":"PKM-SILO","act":"Temui pasien","amount":4,"measure":"hours"}`, true},
		{"several tasks", "EventRequest", `{"type":"task","version":1,"tasks":[{"unit":"PKM-SILO","act":"Temui pasien"}]}`, true},
		{"a task for nobody", "EventRequest", `{"type":"task","version":1,"act":"Temui pasien"}`, false},
		{"reject by code", "EventRequest", `{"type":"reject","version":1,"code":"duplicate"}`, true},
		{"reject without reason", "EventRequest", `{"type":"reject","version":1}`, false},
	} {
		err := d.validate(t, c.schema, []byte(c.body))
		if (err == nil) != c.good {
			t.Errorf("%s: %v, want good %v", c.name, err, c.good)
		}
	}
}

func TestAPIDescriptionIsServedToAnybody(t *testing.T) {
	d := newDesk(t, Services{})
	a := d.get("/api/openapi.json")
	if a.StatusCode != http.StatusOK || !json.Valid([]byte(a.body)) || !strings.Contains(a.body, `"openapi": "3.1.0"`) {
		t.Fatalf("status %d: %.200s", a.StatusCode, a.body)
	}
	if got := a.Header.Get("Content-Type"); got != "application/json" {
		t.Errorf("content type %q", got)
	}
	var doc struct{ Info map[string]any }
	err := json.Unmarshal([]byte(a.body), &doc)
	if err != nil || doc.Info["title"] != "Layak" {
		t.Errorf("%v %v", err, doc.Info)
	}
	// Every permission that the document may name exists.
	for _, r := range (&Server{}).apiRoutes() {
		if !r.Public && !slices.Contains(auth.Permissions(), r.Permission) {
			t.Errorf("%s %s asks for %q", r.Method, r.Path, r.Permission)
		}
	}
}
