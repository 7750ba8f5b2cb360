package prometheus

import (
	"context"
	"encoding/json"
	"fmt"
	"net/http"
	"net/url"
	"strconv"
)

// Sample is one element of an instant vector.
type Sample struct {
	Labels map[string]string
	Value  float64
}

// Query answers a PromQL expression whose value is a vector, as of now.
func (s *Server) Query(ctx context.Context, expr string) ([]Sample, error) {
	var found struct {
		Type   string `json:"resultType"`
		Result []struct {
			Metric map[string]string `json:"metric"`
			Value  [2]any            `json:"value"`
		} `json:"result"`
	}
	if err := s.Get(ctx, "/api/v1/query", url.Values{"query": {expr}}, &found); err != nil {
		return nil, fmt.Errorf("asking for %s: %w", expr, err)
	}
	if found.Type != "vector" {
		return nil, fmt.Errorf("asking for %s: the answer is a %s, not a vector", expr, found.Type)
	}
	samples := make([]Sample, len(found.Result))
	for i, r := range found.Result {
		text, _ := r.Value[1].(string)
		value, err := strconv.ParseFloat(text, 64)
		if err != nil {
			return nil, fmt.Errorf("asking for %s: %w", expr, err)
		}
		samples[i] = Sample{Labels: r.Metric, Value: value}
	}
	return samples, nil
}

// Get reads the data of an answer of the API into into.
func (s *Server) Get(ctx context.Context, path string, parameters url.Values, into any) error {
	request, err := http.NewRequestWithContext(ctx, http.MethodGet, s.URL()+path+"?"+parameters.Encode(), nil)
	if err != nil {
		return err
	}
	response, err := http.DefaultClient.Do(request)
	if err != nil {
		return err
	}
	defer response.Body.Close()
	answer := struct {
		Status string `json:"status"`
		Error  string `json:"error"`
		Data   any    `json:"data"`
	}{Data: into}
	if err := json.NewDecoder(response.Body).Decode(&answer); err != nil {
		return fmt.Errorf("%s: %w", response.Status, err)
	}
	if answer.Status != "success" {
		return fmt.Errorf("%s: %s", response.Status, answer.Error)
	}
	return nil
}
