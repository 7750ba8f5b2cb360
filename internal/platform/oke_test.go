package platform

import (
	"fmt"
	"strings"
	"testing"
)

func TestParseOKE_SetsTheAnnotations(t *testing.T) {
	for text, want := range map[string]string{
		"flexible:10-100":          "oci.oraclecloud.com/load-balancer-type=lb P-shape=flexible P-shape-flex-min=10 P-shape-flex-max=100",
		"flexible:50":              "oci.oraclecloud.com/load-balancer-type=lb P-shape=flexible P-shape-flex-min=50 P-shape-flex-max=50",
		"flexible:10-100,internal": "oci.oraclecloud.com/load-balancer-type=lb P-shape=flexible P-shape-flex-min=10 P-shape-flex-max=100 P-internal=true",
		"internal":                 "oci.oraclecloud.com/load-balancer-type=lb P-internal=true",
		"nlb":                      "oci.oraclecloud.com/load-balancer-type=nlb",
		"nlb,internal,client-ip,subnet=ocid1.subnet.oc1.a":                              "oci.oraclecloud.com/load-balancer-type=nlb N/internal=true N/subnet=ocid1.subnet.oc1.a N/is-preserve-source=true",
		"internal,subnet=ocid1.subnet.oc1.a,subnet=ocid1.subnet.oc1.b":                  "oci.oraclecloud.com/load-balancer-type=lb P-internal=true P-subnet1=ocid1.subnet.oc1.a P-subnet2=ocid1.subnet.oc1.b",
		"nlb,nsg=ocid1.networksecuritygroup.oc1.b,nsg=ocid1.networksecuritygroup.oc1.a": "oci.oraclecloud.com/load-balancer-type=nlb N/oci-network-security-groups=ocid1.networksecuritygroup.oc1.a,ocid1.networksecuritygroup.oc1.b",
	} {
		lb, err := ParseOKE(text)
		if err != nil {
			t.Errorf("%s: %v", text, err)
			continue
		}
		var got []string
		annotations := map[string]string{}
		for _, pair := range lb.Annotations() {
			annotations[pair[0]] = pair[1]
			got = append(got, pair[0]+"="+pair[1])
		}
		short := strings.NewReplacer("service.beta.kubernetes.io/oci-load-balancer", "P", "oci-network-load-balancer.oraclecloud.com", "N")
		if found := short.Replace(strings.Join(got, " ")); found != want {
			t.Errorf("%s: got %s", text, found)
		}
		if problems := CheckOKE(annotations, lb.KeepsClientIP()); len(problems) > 0 {
			t.Errorf("%s makes what the check refuses: %v", text, problems)
		}
	}
}

func TestParseOKE_RefusesTheImpossible(t *testing.T) {
	for text, want := range map[string]string{
		"flexible:10-100,nlb":    "has no shape",
		"flexible":               "wants the least and the most",
		"flexible:x-10":          "wants the least and the most",
		"flexible:100-10":        "is more than the most",
		"flexible:5-10":          "10 to 8192 Mbps",
		"flexible:10-9000":       "10 to 8192 Mbps",
		"flexible:10,flexible:5": "bandwidth is said twice",
		"nlb,nlb":                "nlb is said twice",
		"":                       `"" is none of flexible:MIN-MAX`,
		"public":                 `"public" is none of`,
		"subnet=10.0.0.0/24":     "starts with ocid1.subnet",
		"nsg=ocid1.subnet.oc1.a": "starts with ocid1.networksecuritygroup",
		"client-ip":              "client-ip needs nlb",
		"nlb,subnet=ocid1.subnet.a,subnet=ocid1.subnet.b":                            "has one subnet, not 2",
		"subnet=ocid1.subnet.a,subnet=ocid1.subnet.b,subnet=ocid1.subnet.c":          "not 3",
		"nlb," + strings.Join(many("nsg=ocid1.networksecuritygroup.oc1.%d", 6), ","): "5 network security groups at most, not 6",
	} {
		if _, err := ParseOKE(text); err == nil || !strings.Contains(err.Error(), want) {
			t.Errorf("%s: got %v, want %q", text, err, want)
		}
	}
}

func many(format string, count int) []string {
	var texts []string
	for i := range count {
		texts = append(texts, fmt.Sprintf(format, i))
	}
	return texts
}

func TestCheckOKE_FindsWhatIsNotObeyed(t *testing.T) {
	for _, test := range []struct {
		annotations map[string]string
		local       bool
		want        string // of the first problem; "" is none
		fatal       bool
	}{
		{annotations: nil},
		{annotations: map[string]string{"example.com/other": "x"}},
		{annotations: map[string]string{lbShape: "400Mbps", lbInternal: "true"}},
		{annotations: map[string]string{lbShape: "flexible"}, want: "needs " + lbShapeMin, fatal: true},
		{annotations: map[string]string{lbShape: "flexible", lbShapeMin: "10"}, want: "needs " + lbShapeMax, fatal: true},
		{annotations: map[string]string{lbShape: "flexible", lbShapeMin: "10Mbps", lbShapeMax: "20"}, want: "not a number", fatal: true},
		{annotations: map[string]string{lbShape: "flexible", lbShapeMin: "30", lbShapeMax: "20"}, want: "is more than the most", fatal: true},
		{annotations: map[string]string{lbShape: "flexible", lbShapeMin: "5", lbShapeMax: "20"}, want: "out of reach"},
		{annotations: map[string]string{lbShapeMin: "10", lbShapeMax: "20"}, want: "without " + lbShape},
		{annotations: map[string]string{ociType: "network"}, want: "neither", fatal: true},
		{annotations: map[string]string{ociType: "nlb", lbShape: "flexible"}, want: "has no shape", fatal: true},
		{annotations: map[string]string{ociType: "nlb", lbInternal: "true"}, want: "no effect on a network load balancer"},
		{annotations: map[string]string{nlbInternal: "true"}, want: "without " + ociType + ": nlb"},
		{annotations: map[string]string{ociType: "nlb", nlbPreserve: "true"}, want: "externalTrafficPolicy: Local", fatal: true},
		{annotations: map[string]string{ociType: "nlb", nlbPreserve: "true"}, local: true},
		{annotations: map[string]string{lbInternal: "yes"}, want: "neither", fatal: true},
		{annotations: map[string]string{lbSubnet1: "public"}, want: "not the OCID", fatal: true},
	} {
		problems := CheckOKE(test.annotations, test.local)
		switch {
		case test.want == "" && len(problems) == 0:
		case len(problems) == 0 || test.want == "" || !strings.Contains(problems[0].Text, test.want) || problems[0].Fatal != test.fatal:
			t.Errorf("%v: got %v, want %q", test.annotations, problems, test.want)
		}
	}
	if ForOKE(map[string]string{"service.beta.kubernetes.io/aws-load-balancer-type": "nlb"}) || !ForOKE(map[string]string{ociType: "nlb"}) {
		t.Error("the annotations of one cloud are taken for those of another")
	}
}
