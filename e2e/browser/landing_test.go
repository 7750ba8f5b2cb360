package browser

import (
	"fmt"
	"net/http"
	"strings"
	"testing"
)

func answers(text string) http.Handler {
	return http.HandlerFunc(func(w http.ResponseWriter, r *http.Request) {
		if strings.HasPrefix(r.URL.Path, "/api/") {
			w.Header().Set("Content-Type", "application/json")
			text = "{}"
		}
		fmt.Fprint(w, text)
	})
}

// TestLanding looks at the page that lists dashboards: in all views, while
// something happens to one of them, and after the command has ended.
func TestLanding(t *testing.T) {
	b := Start(t)
	m := NewMesh(t)
	m.Run(t, "install", "--profile", "minimal", "--set", "components.grafana.enabled=true", "--set", "components.prometheus.enabled=true", "--yes")
	servers := m.Serve(t, "istio-system", map[string]http.Handler{"3000": answers("grafana"), "9090": answers("prometheus"), "15014": answers("istiod")})
	url, stop := m.Dashboard(t, "--all")

	for _, view := range Views() {
		t.Run(view.String(), func(t *testing.T) {
			p := b.Visit(t, url, view)
			p.Await(t, `document.querySelector("#card-grafana.up .took")`)
			p.Await(t, `document.querySelector("#card-istiod.up")`)
			p.Await(t, `document.querySelector("#card-controlz.failed .hint")`) // nobody listens there
			p.Await(t, `document.querySelector("#absent").innerText.includes("addon install kiali")`)
			p.Await(t, `document.querySelector("#live").innerText === "live"`)
			var links []string
			p.Eval(t, `[...document.querySelectorAll("#card-grafana .links a")].map(a => a.innerText)`, &links)
			if len(links) != 7 || links[0] != "Mesh" {
				t.Errorf("links of Grafana are %q", links)
			}
			var background string
			p.Eval(t, `getComputedStyle(document.body).backgroundColor`, &background)
			if dark := background == "rgb(17, 21, 28)"; dark != view.Dark {
				t.Errorf("the background is %s", background)
			}
			p.Sound(t)
			p.Shoot(t, "landing-"+view.String())
		})
	}

	p := b.Visit(t, url, Views()[0])
	p.Await(t, `document.querySelector("#card-prometheus.up .took")`)
	// Whoever has gone to a link with the keyboard stays there while other things change.
	p.Eval(t, `document.querySelector("#card-grafana h2 a").focus()`, nil)
	servers["9090"].Close()
	p.Await(t, `document.querySelector("#card-prometheus.reconnecting, #card-prometheus.sick, #card-prometheus.failed")`)
	p.Await(t, `document.activeElement === document.querySelector("#card-grafana h2 a")`)
	p.Await(t, `document.querySelector("#card-grafana.up")`)
	p.Sound(t)
	p.Shoot(t, "landing-trouble")

	stop()
	p.Await(t, `!document.querySelector("#ended").hidden && document.querySelector("#live").innerText === "ended"`)
	p.Shoot(t, "landing-ended")
}
