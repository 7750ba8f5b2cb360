package main

func wasmExtension() dashboard {
	const runtime = "envoy_wasm_envoy_wasm_runtime_"
	const cache, fetch = "envoy_wasm_remote_load_cache_", "envoy_wasm_remote_load_fetch_"
	return newDashboard("istio-wasm-extension", wasmUID, "Istio Wasm Extension Dashboard",
		"WebAssembly plugins in proxies: how many run, how they are fetched, and what the proxies that run them use.", nil,
		under("Virtual machines",
			graph("Active", "Virtual machines that run now. Plugins compiled into Envoy run in the null machine, WebAssembly in V8.", "short",
				query{"V8", sum("", runtime+"v8_active")}, query{"Null", sum("", runtime+"null_active")}).steps(),
			graph("Created", "Virtual machines made per second. Many of them mean that plugins are reloaded again and again.", "ops",
				query{"V8", sumRate("", runtime+"v8_created")}, query{"Null", sumRate("", runtime+"null_created")}),
		),
		under("Modules from afar",
			graph("Modules in the cache", "Modules that proxies have fetched and keep.", "short", query{"Modules", sum("", cache+"entries")}).steps().sized(8, 8),
			graph("Lookups in the cache", "Per second: found, not found, and known to be impossible to fetch.", "ops",
				query{"Hits", sumRate("", cache+"hits")}, query{"Misses", sumRate("", cache+"misses")}, query{"Known failures", sumRate("", cache+"negative_hits")}).sized(8, 8),
			graph("Fetches", "Modules fetched per second, and attempts that failed.", "ops",
				query{"Passed", sumRate("", fetch+"successes")}, query{"Failed", sumRate("", fetch+"failures")}).sized(8, 8),
		),
		under("Proxies with plugins",
			graph("CPU", "CPUs that a proxy uses which runs V8, on average."+kubeletNote, "short", query{"CPU per proxy", "avg(" + sumRate("pod, namespace", cpu, proxies) + withV8 + ")"}),
			graph("Memory", "Working set of a proxy that runs V8, on average."+kubeletNote, "bytes", query{"Memory per proxy", "avg(sum by (pod, namespace) (" + memory + braces([]string{proxies}) + ")" + withV8 + ")"}),
			table("Where they run", "Proxies by the number of virtual machines they run.", "V8",
				column{title: "Namespace", label: "namespace"},
				column{title: "Pod", label: "pod"},
				column{title: "V8", name: "v8", unit: "short", width: 140, expr: sum("namespace, pod", runtime+"v8_active") + " > 0"},
				column{title: "Null", name: "null", unit: "short", width: 140, expr: sum("namespace, pod", runtime+"null_active") + " > 0"},
			),
		),
	)
}

// withV8 keeps the pods in which WebAssembly runs.
const withV8 = ` and on (pod, namespace) sum by (pod, namespace) (envoy_wasm_envoy_wasm_runtime_v8_active) > 0`
