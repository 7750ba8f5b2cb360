package prometheus

import (
	"bytes"
	"context"
	"fmt"
	"io"
	"math"
	"net/http"
	"slices"
	"time"

	"github.com/klauspost/compress/s2"
	"google.golang.org/protobuf/encoding/protowire"

	"github.com/meshctl/meshctl/e2e/series"
)

const (
	// Past is how far back the samples go.
	Past = 30 * time.Minute
	// Future is how long they last; Prometheus takes no more than ten minutes of it.
	Future = 9 * time.Minute
	// Step is the time between two samples, as between two scrapes with our chart.
	Step = 15 * time.Second
)

// Load gives it samples of the series from half an hour ago until nine minutes from now, so
// that what is asked in the meantime has an answer. Later calls go on where the last one ended.
func (s *Server) Load(ctx context.Context, now time.Time, all []series.Series) error {
	from := now.Add(-Past).Truncate(Step)
	if s.begin.IsZero() {
		s.begin = from
	} else {
		from = s.loaded
	}
	to := now.Add(Future)
	for part := range slices.Chunk(all, 400) {
		if err := s.write(ctx, encode(part, s.begin, from, to)); err != nil {
			return err
		}
	}
	for ; from.Before(to); from = from.Add(Step) {
		s.loaded = from.Add(Step)
	}
	return nil
}

// write uses the remote write protocol: unlike backfilling it needs no files, says each label once, and leaves
// the head of the database where rules of the server itself can add to it.
func (s *Server) write(ctx context.Context, message []byte) error {
	request, err := http.NewRequestWithContext(ctx, http.MethodPost, s.URL()+"/api/v1/write", bytes.NewReader(s2.EncodeSnappy(nil, message)))
	if err != nil {
		return fmt.Errorf("loading series: %w", err)
	}
	request.Header.Set("Content-Encoding", "snappy")
	request.Header.Set("Content-Type", "application/x-protobuf")
	request.Header.Set("X-Prometheus-Remote-Write-Version", "0.1.0")
	response, err := http.DefaultClient.Do(request)
	if err != nil {
		return fmt.Errorf("loading series: %w", err)
	}
	defer response.Body.Close()
	if response.StatusCode/100 != 2 {
		reason, _ := io.ReadAll(response.Body)
		return fmt.Errorf("loading series: %s: %s", response.Status, reason)
	}
	return nil
}

// encode is prometheus.WriteRequest of protocol version 0.1.0: field 1 of the
// message has the series; of a series, 1 has labels and 2 has samples.
func encode(all []series.Series, begin, from, to time.Time) []byte {
	var message []byte
	for _, one := range all {
		var body []byte
		for _, key := range one.Keys() {
			var label []byte
			label = protowire.AppendTag(label, 1, protowire.BytesType)
			label = protowire.AppendString(label, key)
			label = protowire.AppendTag(label, 2, protowire.BytesType)
			label = protowire.AppendString(label, one.Labels[key])
			body = appendMessage(body, 1, label)
		}
		for at := from; at.Before(to); at = at.Add(Step) {
			var sample []byte
			sample = protowire.AppendTag(sample, 1, protowire.Fixed64Type)
			sample = protowire.AppendFixed64(sample, math.Float64bits(one.At(at.Sub(begin))))
			sample = protowire.AppendTag(sample, 2, protowire.VarintType)
			sample = protowire.AppendVarint(sample, uint64(at.UnixMilli()))
			body = appendMessage(body, 2, sample)
		}
		message = appendMessage(message, 1, body)
	}
	return message
}

func appendMessage(to []byte, field protowire.Number, message []byte) []byte {
	to = protowire.AppendTag(to, field, protowire.BytesType)
	return protowire.AppendBytes(to, message)
}
