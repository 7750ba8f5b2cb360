package load

import (
	"errors"
	"fmt"
	"io/fs"
	"path/filepath"
	"sync"

	"github.com/fsnotify/fsnotify"
)

// Notifier tells when something happens in places.
type Notifier struct {
	changed func(file string)
	watcher *fsnotify.Watcher

	mu sync.Mutex
	// wanted are the names that count in each folder; nil for all.
	wanted map[string]map[string]bool
}

// WatchError is a folder that the system does not watch.
type WatchError struct {
	Folder string
	Err    error
}

func (e *WatchError) Error() string { return fmt.Sprintf("watching %s: %v", e.Folder, e.Err) }

func (e *WatchError) Unwrap() error { return e.Err }

// NewNotifier watches nothing yet. changed is called from another goroutine, with
// the file or folder that changed; empty where the system has lost count.
func NewNotifier(changed func(file string)) (*Notifier, error) {
	watcher, err := fsnotify.NewWatcher()
	if err != nil {
		return nil, fmt.Errorf("watching files: %w", err)
	}
	n := &Notifier{changed: changed, watcher: watcher}
	go n.run()
	return n, nil
}

// Close ends the watch.
func (n *Notifier) Close() error { return n.watcher.Close() }

// Watch replaces the places, and says whether folders are watched now that were
// not before: what happened in them until then nobody has seen.
func (n *Notifier) Watch(places []Place) (more bool, err error) {
	wanted := map[string]map[string]bool{}
	for _, place := range places {
		folder, err := canonical(place.Folder)
		if err != nil {
			continue // it is gone; its own folder tells when it is back
		}
		names, there := wanted[folder]
		switch {
		case place.Name == "":
			wanted[folder] = nil
		case !there:
			wanted[folder] = map[string]bool{place.Name: true}
		case names != nil:
			names[place.Name] = true
		}
	}
	n.mu.Lock()
	n.wanted = wanted
	n.mu.Unlock()
	watched := map[string]bool{}
	for _, folder := range n.watcher.WatchList() {
		watched[folder] = true
		if _, still := wanted[folder]; !still {
			_ = n.watcher.Remove(folder) // it may be gone already
		}
	}
	for folder := range wanted {
		// Also those that are watched: another folder may have taken the place.
		err := n.watcher.Add(folder)
		if errors.Is(err, fs.ErrNotExist) {
			continue
		}
		if err != nil {
			return more, &WatchError{Folder: folder, Err: err}
		}
		more = more || !watched[folder]
	}
	return more, nil
}

func (n *Notifier) run() {
	for {
		select {
		case event, open := <-n.watcher.Events:
			if !open {
				return
			}
			if n.counts(event) {
				n.changed(event.Name)
			}
		case _, open := <-n.watcher.Errors:
			if !open {
				return
			}
			n.changed("")
		}
	}
}

// counts leaves out files that nobody asked for, and changes of modes and times.
func (n *Notifier) counts(event fsnotify.Event) bool {
	if event.Op == fsnotify.Chmod {
		return false
	}
	n.mu.Lock()
	defer n.mu.Unlock()
	names, in := n.wanted[filepath.Dir(event.Name)]
	if !in {
		_, in = n.wanted[event.Name] // the folder itself
		return in
	}
	return names == nil || names[filepath.Base(event.Name)]
}

// canonical gives a folder the same name however it was reached.
func canonical(folder string) (string, error) {
	full, err := filepath.Abs(folder)
	if err != nil {
		return "", err
	}
	return filepath.EvalSymlinks(full)
}
