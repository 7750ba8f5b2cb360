// Package analyze looks for mistakes in the configuration of a mesh.
//
// Documents and live objects become a Mesh: a snapshot that never changes, typed
// and indexed. Analyzers look at it, each through a Pass of its own, and report
// Diagnostics. Run makes a Report of them: findings with their places in files,
// in a fixed order. Printing and exit codes are views of the report. Nothing
// here reads files, talks to a cluster or knows the time.
//
// # Adding a check
//
// A check is a folder below checks and a line in suite.All:
//
//	checks/portname/
//	    portname.go          the variable Analyzer, its codes, and run
//	    portname_test.go     analyzetest.Run(t, portname.Analyzer)
//	    IST0118.md           the page of a code, embedded: ## Effect, ## Example, ## Fix
//	    testdata/*.yaml      with "# want CODE REGEXP" and "# near CODE why not" comments
//
// A code that several checks report is defined in package codes. The suite's
// tests want every code unique and documented, with a case that fires and one
// that almost does.
//
// In Run, range over what the mesh has and report what is wrong:
//
//	for service := range pass.Mesh.Services().All() {
//		for i, port := range service.Spec.Ports {
//			if bad(port) {
//				pass.Reportf(code, service, object.Field("spec.ports", i, "name"), "port %d is bad", port.Port)
//			}
//		}
//	}
//
// The rules:
//
//   - The mesh is shared: change nothing that it hands out, sort copies only,
//     keep no state outside of run. Checks run side by side. Parts of specs that are
//     the same are one value, so a pointer into a spec does not say whose it is.
//   - Say where: the Field is a path from the top of the object; the driver finds
//     the line, or that of the parent if the field is not there. Names with dots,
//     such as annotations, go through Path.Key.
//   - Report in an order that is the same every time: never from within a loop over
//     a map. (The driver sorts, but Related and messages are the check's own.)
//   - Say what is missing: a finding that something does not exist lists the kinds
//     it looked among in Diagnostic.Absent. Where they are not known completely, as
//     among a few files, the driver keeps the finding aside. Host and workload
//     lookups have AbsentHost and AbsentWorkloads for that.
//   - Use the indexes, not nested loops: LookupHost, Select, RulesFor, RoutesOf,
//     PoliciesFor, Chosen, GatewaySets, Losses, Credential, MembershipOf, HostMap. A new one goes into a file here and a field of indexes.
//   - One finding for one mistake: name a few of many workloads (Names), not each.
//   - A Fix is data: fields to set, remove or rename. It is Safe if what works
//     now goes on to work; --fix applies those. A file in fix/testdata has the text
//     before and after, and the tests there apply every fix that testdata offers.
//   - A message says what is wrong and why that matters in one line, lower case,
//     without a period; the page says the rest.
package analyze
