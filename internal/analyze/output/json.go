package output

import (
	"bytes"
	"encoding/json"
	"io"

	"sigs.k8s.io/yaml"
)

// message is a finding as istioctl has it in JSON and YAML. The fields are in
// the order of the alphabet, as there.
type message struct {
	Cluster          string `json:"cluster,omitempty"`
	Code             string `json:"code"`
	DocumentationURL string `json:"documentationUrl"`
	Level            string `json:"level"`
	Message          string `json:"message"`
	Origin           string `json:"origin,omitempty"`
	Reference        string `json:"reference,omitempty"`
}

func messages(in Input) []message {
	all := make([]message, 0, len(in.Findings)) // an empty list, not null
	for _, f := range in.Findings {
		all = append(all, message{
			Cluster: f.Resource.Cluster, Code: f.Code.ID, DocumentationURL: DocumentationURL(f.Code),
			Level: f.Severity.String(), Message: f.Message, Origin: f.Resource.String(), Reference: reference(f),
		})
	}
	return all
}

func writeJSON(w io.Writer, in Input) error {
	return encode(w, messages(in), "\t")
}

func writeYAML(w io.Writer, in Input) error {
	text, err := yaml.Marshal(messages(in))
	if err != nil {
		return err
	}
	_, err = w.Write(text)
	return err
}

// encode keeps characters such as < readable: the text goes into no web page.
func encode(w io.Writer, value any, indent string) error {
	var text bytes.Buffer
	encoder := json.NewEncoder(&text)
	encoder.SetEscapeHTML(false)
	encoder.SetIndent("", indent)
	if err := encoder.Encode(value); err != nil {
		return err
	}
	_, err := w.Write(text.Bytes())
	return err
}
