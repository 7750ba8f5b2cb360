package e2e_test

import (
	"bufio"
	"encoding/json"
	"errors"
	"flag"
	"fmt"
	"io"
	"log/slog"
	"net/http"
	"net/http/httptest"
	"os"
	"os/exec"
	"os/signal"
	"strings"
	"syscall"
)

// pages is a program that scripts run as a dashboard:
//
//	pages [-tls] [-prefix PATH] [-shown PATH] [-dashboards UID=TITLE,...] NAME FILE
//
// It writes its address into the file and serves until it is ended. -prefix
// serves below a path only, as programs do that are configured for it; -shown
// makes its page believe that it is below a path that somebody takes off.
func pages() {
	var site site
	encrypted := flag.Bool("tls", false, "")
	flag.StringVar(&site.prefix, "prefix", "", "")
	flag.StringVar(&site.shown, "shown", "", "")
	flag.StringVar(&site.dashboards, "dashboards", "", "")
	flag.Parse()
	site.name = flag.Arg(0)
	server := httptest.NewUnstartedServer(site)
	server.Config.ErrorLog = slog.NewLogLogger(slog.DiscardHandler, slog.LevelError) // what clients of a test do wrong
	if *encrypted {
		server.StartTLS()
	} else {
		server.Start()
	}
	if err := os.WriteFile(flag.Arg(1), []byte(server.Listener.Addr().String()), 0o600); err != nil {
		fatal(err)
	}
	over := make(chan os.Signal, 1)
	signal.Notify(over, os.Interrupt, syscall.SIGTERM)
	<-over
	server.Close()
}

func fatal(err error) {
	fmt.Fprintln(os.Stderr, err)
	os.Exit(1)
}

type site struct{ name, prefix, shown, dashboards string }

func (s site) ServeHTTP(w http.ResponseWriter, r *http.Request) {
	path, below := strings.CutPrefix(r.URL.Path, s.prefix)
	switch {
	case !below && r.URL.Path == "/":
		http.Redirect(w, r, s.prefix+"/", http.StatusFound)
	case !below:
		http.NotFound(w, r)
	case path == "/api/health" || path == "/api/services":
		w.Header().Set("Content-Type", "application/json")
		fmt.Fprint(w, "{}")
	case strings.HasPrefix(path, "/api/dashboards/uid/"):
		s.byUID(w, strings.TrimPrefix(path, "/api/dashboards/uid/"))
	case path == "/api/search":
		s.byTitle(w, r.URL.Query().Get("query"))
	case path == "/away":
		scheme := "http"
		if r.TLS != nil {
			scheme = "https"
		}
		http.Redirect(w, r, scheme+"://"+r.Host+s.prefix+"/there", http.StatusFound)
	case s.shown != "":
		w.Header().Set("Content-Type", "text/html")
		fmt.Fprintf(w, "<base href=%q>pages of %s at %s", s.shown+"/", s.name, path)
	default:
		fmt.Fprintf(w, "pages of %s at %s", s.name, r.URL.RequestURI())
	}
}

func (s site) byUID(w http.ResponseWriter, uid string) {
	for one := range strings.SplitSeq(s.dashboards, ",") {
		if known, _, _ := strings.Cut(one, "="); known == uid {
			fmt.Fprint(w, "{}")
			return
		}
	}
	http.Error(w, "{}", http.StatusNotFound)
}

func (s site) byTitle(w http.ResponseWriter, query string) {
	type found struct {
		UID   string `json:"uid"`
		Title string `json:"title"`
	}
	answer := []found{}
	for one := range strings.SplitSeq(s.dashboards, ",") {
		if uid, title, _ := strings.Cut(one, "="); strings.Contains(title, query) {
			answer = append(answer, found{uid, title})
		}
	}
	_ = json.NewEncoder(w).Encode(answer) // the test sees what comes
}

// opens runs "meshctl dashboard" with its arguments, without a browser, prints
// the URL and what is there, and ends it as Ctrl-C does. It fails if that fails.
func opens() {
	program, err := exec.LookPath("meshctl")
	if err != nil {
		fatal(err)
	}
	command := exec.Command(program, append([]string{"dashboard", "--browser=false"}, os.Args[1:]...)...)
	command.Stderr = os.Stderr
	out, err := command.StdoutPipe()
	if err != nil {
		fatal(err)
	}
	if err := command.Start(); err != nil {
		fatal(err)
	}
	line, err := bufio.NewReader(out).ReadString('\n')
	if err == nil {
		fmt.Print(line)
		err = show(strings.TrimSpace(line), "")
		_ = command.Process.Signal(os.Interrupt)
	}
	if err := errors.Join(err, command.Wait()); err != nil {
		fatal(err)
	}
}

// fetch prints what is at a URL, or at the one in the first line of a file;
// -host asks for it under another name.
func fetch() {
	host := flag.String("host", "", "")
	flag.Parse()
	address := flag.Arg(0)
	if text, err := os.ReadFile(address); err == nil {
		first, _, _ := strings.Cut(string(text), "\n")
		address = first[strings.Index(first, "http"):]
	}
	if err := show(address, *host); err != nil {
		fatal(err)
	}
}

func show(url, host string) error {
	request, err := http.NewRequest(http.MethodGet, url, nil) //nolint:noctx // scripts have a timeout
	if err != nil {
		return err
	}
	request.Host = host
	response, err := http.DefaultClient.Do(request)
	if err != nil {
		return err
	}
	defer response.Body.Close()
	_, err = io.Copy(os.Stdout, response.Body)
	fmt.Println()
	return err
}
