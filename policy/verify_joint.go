package policy

import (
	"sync"

	"github.com/open-policy-agent/opa/v1/ast"
	"github.com/open-policy-agent/opa/v1/types"
)

// joint is what the compiler says about the rules of one set and about the tests beside them.
type joint struct {
	types *ast.TypeEnv // of the rules, as far as the compiler came
	rules []Problem
	tests []Problem // asked only of rules without any
}

// jointly remembers what the compiler said: whoever types changes one of two sets, and the other is as it
// was. It holds types and sentences, a small part of what was compiled. borne remembers the tests that were
// sound, with what they see of the rules.
var (
	jointly = memo[joint]{room: 6}
	borne   = &seenFiles{}
)

// compileJointly compiles the rules of a set, and their tests with them unless they were found sound beside
// rules in which they see no difference; or gives what came of the same files before.
func (s *ruleSet) compileJointly(b Bundle) joint {
	return jointly.get(s.digestOf(b, s.withTests()), 1, func() joint {
		if len(s.tests) == 0 { // who asks a person next needs them ready to run
			c := s.compileOnce(b)
			return joint{types: c.TypeEnv, rules: problemsOf("", c.Errors)}
		}
		c := s.look(s.modules)
		j := joint{types: c.TypeEnv, rules: problemsOf("", c.Errors)}
		if c.Failed() {
			return j
		}
		seen, sure := s.seenByTests(b, c.TypeEnv)
		if sure && borne.has(seen) {
			return j
		}
		j.tests = problemsOf("", s.look(s.withTests()).Errors)
		if sure && len(j.tests) == 0 {
			borne.put(seen)
		}
		return j
	})
}

// look compiles without what only helps to run. It finds what compile finds.
func (s *ruleSet) look(modules map[string]*ast.Module) *ast.Compiler {
	c := s.compilerOf().WithStageAfterID(ast.StageRewriteDynamicTerms, noCircle).
		WithSkipStages(ast.StageCheckRecursion, ast.StageBuildRuleIndices, ast.StageBuildComprehensionIndices, ast.StageBuildRequiredCapabilities)
	c.Compile(modules)
	for _, e := range c.Errors {
		if e.Message == circle {
			return s.compile(modules)
		}
	}
	return c
}

const circle = "a circle of rules"

// noCircle stands in for the compiler's own look at rules that rest on themselves, which walks the whole
// graph once for each rule. It only tells that there is a circle; where, the compiler tells afterwards.
var noCircle = ast.CompilerStageDefinition{Name: "NoCircle", MetricName: "compile_stage_no_circle", Stage: func(c *ast.Compiler) *ast.Error {
	if _, ok := c.Graph.Sort(); !ok {
		return ast.NewError(ast.RecursionErr, nil, circle)
	}
	return nil
}}

// typeOf gives what the compiler knows of a rule or a function, nil when that is nothing. It waits for the
// compiler.
func (s *ruleSet) typeOf(ref ast.Ref) types.Type {
	if s.joint == nil {
		return nil
	}
	known := s.joint().types
	if known == nil {
		return nil
	}
	return known.GetByRef(ref)
}

// aside begins to make something beside what goes on, and gives what waits for it.
func aside[T any](make func() T) func() T {
	get := sync.OnceValue(make)
	go get()
	return get
}
