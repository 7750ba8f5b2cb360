package browser

import (
	"fmt"
	"net/http"
	"strings"
	"sync"
	"testing"
)

// table is a Prometheus whose mesh is a few lines: who calls whom, how often, and with which code.
type table struct {
	mu    sync.Mutex
	lines []string
	down  bool
}

// set changes the mesh; nil is a Prometheus that fails.
func (m *table) set(lines []string) {
	m.mu.Lock()
	defer m.mu.Unlock()
	m.lines, m.down = lines, lines == nil
}

func (m *table) ServeHTTP(w http.ResponseWriter, r *http.Request) {
	m.mu.Lock()
	defer m.mu.Unlock()
	if m.down {
		http.Error(w, "out of order", http.StatusInternalServerError)
		return
	}
	var samples []string
	for _, line := range m.lines {
		var from, to, code, rate string
		if _, err := fmt.Sscan(line, &from, &to, &code, &rate); err != nil {
			http.Error(w, err.Error(), http.StatusBadRequest)
			return
		}
		if strings.Contains(r.FormValue("query"), "istio_requests_total") {
			samples = append(samples, fmt.Sprintf(`{"metric":{"reporter":"destination","source_workload":%q,"source_workload_namespace":"shop",
				"destination_workload":%q,"destination_workload_namespace":"shop","destination_service":"%[2]s.shop.svc.cluster.local",
				"request_protocol":"http","response_code":%q,"connection_security_policy":"mutual_tls"},"value":[1,%q]}`, from, to, code, rate))
		}
	}
	w.Header().Set("Content-Type", "application/json")
	fmt.Fprintf(w, `{"status":"success","data":{"resultType":"vector","result":[%s]}}`, strings.Join(samples, ","))
}

// crowd is a mesh of forty workloads, each of which calls some of those behind it, and the first of which calls itself and is called back.
func crowd() []string {
	lines := []string{"w0-of-a-long-name w0-of-a-long-name 200 1", "w39-of-a-long-name w0-of-a-long-name 200 1"}
	for i := range 40 {
		for _, next := range []int{i*2 + 1, i*2 + 2, i + 7} {
			if next >= 40 {
				continue
			}
			lines = append(lines, fmt.Sprintf("w%d-of-a-long-name w%d-of-a-long-name 200 %d", i, next, 3*i+1))
			if next%5 == 0 {
				lines = append(lines, fmt.Sprintf("w%d-of-a-long-name w%d-of-a-long-name 503 2", i, next))
			}
		}
	}
	return lines
}

// What must not lie on each other, and must not ask anybody else.
const (
	overlaps = `(() => { const r = [...document.querySelectorAll(".node .box")].map((b) => b.getBoundingClientRect());
		let n = 0; r.forEach((a, i) => r.slice(i + 1).forEach((b) => { if (a.left < b.right && b.left < a.right && a.top < b.bottom && b.top < a.bottom) n++; })); return n; })()`
	covered = `(() => { const boxes = [...document.querySelectorAll(".node .box")].map((b) => b.getBoundingClientRect()); let n = 0;
		for (const p of document.querySelectorAll(".link .line")) { const m = p.getScreenCTM(), all = p.getTotalLength();
			for (let at = 12; at < all - 12; at += 6) { const q = p.getPointAtLength(at).matrixTransform(m);
				if (boxes.some((b) => q.x > b.left + 3 && q.x < b.right - 3 && q.y > b.top + 3 && q.y < b.bottom - 3)) { n++; break; } } }
		return n; })()`
	strangers = `performance.getEntriesByType("resource").filter((r) => !r.name.startsWith(location.origin) && !r.name.startsWith("data:")).map((r) => r.name)`
)

// TestGraph looks at the service graph: in all views, small and large, with the
// keyboard, while the mesh changes, and while Prometheus fails.
func TestGraph(t *testing.T) {
	b := Start(t)
	m := NewMesh(t)
	m.Run(t, "install", "--profile", "minimal", "--set", "components.prometheus.enabled=true", "--yes")
	mesh := &table{}
	m.Serve(t, "istio-system", map[string]http.Handler{"9090": mesh})
	small := []string{"web cart 200 8", "web cart 503 2", "cart stock 200 5", "stock cart 200 1"}
	mesh.set(small)
	url, stop := m.Dashboard(t, "graph")

	for _, view := range Views() {
		t.Run(view.String(), func(t *testing.T) {
			for name, lines := range map[string][]string{"small": small, "crowd": crowd()} {
				mesh.set(lines)
				p := b.Visit(t, url, view)
				p.Await(t, fmt.Sprintf(`document.querySelectorAll(".node").length === %d`, map[string]int{"small": 3, "crowd": 40}[name]))
				var nodes, links int
				p.Eval(t, overlaps, &nodes)
				p.Eval(t, covered, &links)
				if nodes > 0 || links > 0 {
					t.Errorf("%s: %d boxes lie on others, and %d links run through boxes", name, nodes, links)
				}
				p.Await(t, `document.querySelector("#rows tr td.bad, #rows tr td.poor")`) // what fails comes first
				p.Sound(t)
				p.Shoot(t, "graph-"+name+"-"+view.String())
			}
		})
	}

	mesh.set(small)
	p := b.Visit(t, url, Views()[0])
	p.Await(t, `document.querySelectorAll(".node").length === 3`)
	p.Eval(t, `(() => { const n = document.querySelector('.node[data-id="shop/stock"]'); n.focus(); n.dispatchEvent(new KeyboardEvent("keydown", { key: "Enter", bubbles: true })); })()`, nil)
	p.Await(t, `document.querySelector("#title").innerText === "Edges of shop/stock" && document.querySelectorAll("#rows tr").length === 2`)
	mesh.set(append(small, "stock depot 200 1"))
	p.Await(t, `document.querySelectorAll(".node").length === 4`)
	p.Await(t, `document.activeElement.dataset.id === "shop/stock" && document.querySelectorAll("#rows tr").length === 3`)
	p.Eval(t, `dispatchEvent(new KeyboardEvent("keydown", { key: "Escape" }))`, nil)
	p.Await(t, `document.querySelectorAll("#rows tr").length === 4 && !document.querySelector(".faded")`)
	var others []string
	p.Eval(t, strangers, &others)
	if len(others) > 0 {
		t.Errorf("the page asks %q", others)
	}
	p.Sound(t)
	mesh.set(nil)
	p.Await(t, `document.querySelector("#when.stale")?.innerText.includes("not kept up to date")`)
	p.Await(t, `document.querySelectorAll(".node").length === 4`)
	// Who comes by then is told why there is nothing, and sees the mesh once it can be seen.
	late := b.Visit(t, url, Views()[0])
	late.Await(t, `document.querySelector("#when.stale") && document.querySelector(".empty")?.innerText.includes("Prometheus")`)
	mesh.set(small)
	late.Await(t, `!document.querySelector("#when.stale") && document.querySelectorAll(".node").length === 3`)
	stop()
	late.Await(t, `document.querySelector("#when.stale")?.innerText.includes("has ended")`)
}
