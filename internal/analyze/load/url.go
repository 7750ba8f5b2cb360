package load

import (
	"context"
	"errors"
	"fmt"
	"net/http"
	"net/url"
	"path"
	"strings"
)

// maxDownload is what a URL may give at most.
const maxDownload = 256 << 20

func isURL(path string) bool {
	return strings.HasPrefix(path, "https://") || strings.HasPrefix(path, "http://")
}

// url reads what is at a URL: manifests, or the archive of a chart.
func (r *fileReader) url(location string) error {
	text, err := r.fetch(location)
	if err != nil {
		return &FileError{File: location, Err: err}
	}
	r.files.Named = append(r.files.Named, location)
	if where, err := url.Parse(location); err == nil && isArchive(path.Base(where.Path)) {
		return r.archive(location, text)
	}
	r.take(location, text)
	return nil
}

func (r *fileReader) fetch(location string) ([]byte, error) {
	if r.HTTP == nil {
		return nil, errors.New("URLs cannot be read here")
	}
	request, err := http.NewRequestWithContext(r.ctx, http.MethodGet, location, nil)
	if err != nil {
		return nil, plainURLError(err)
	}
	answer, err := r.HTTP.Do(request)
	if err != nil {
		if late := context.Cause(r.ctx); late != nil {
			return nil, late
		}
		return nil, plainURLError(err)
	}
	defer answer.Body.Close() //nolint:errcheck // it was only read
	if answer.StatusCode != http.StatusOK {
		return nil, fmt.Errorf("the server answered %s", answer.Status)
	}
	return readAll(answer.Body, maxDownload)
}

// plainURLError leaves out the URL, which the message has already.
func plainURLError(err error) error {
	if failed, ok := errors.AsType[*url.Error](err); ok {
		return failed.Err
	}
	return err
}
