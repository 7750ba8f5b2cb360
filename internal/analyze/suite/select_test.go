package suite_test

import (
	"slices"
	"testing"

	"github.com/meshctl/meshctl/internal/analyze"
	"github.com/meshctl/meshctl/internal/analyze/suite"
)

// TestSelect_LeavesUpgradesAlone has an analysis without what is about upgrades
// and installations, unless somebody asks for it.
func TestSelect_LeavesUpgradesAlone(t *testing.T) {
	all, err := suite.Select(nil, nil)
	if err != nil {
		t.Fatal(err)
	}
	for _, id := range []string{"IST0136", "IST0141", "IST0142", "IST0156", "IST0169", "IST0172"} {
		reports := func(a *analyze.Analyzer) bool {
			return slices.ContainsFunc(a.Codes, func(c *analyze.Code) bool { return c.ID == id })
		}
		if slices.ContainsFunc(all.Analyzers, reports) {
			t.Errorf("%s is looked for without being asked for", id)
		}
		one, err := suite.Select([]string{id}, nil)
		if err != nil {
			t.Error(err)
		} else if !slices.ContainsFunc(one.Analyzers, reports) {
			t.Errorf("%s is not looked for when asked for", id)
		}
	}
}

// TestCodes_AreOfIstio has every code that istioctl 1.30 can report.
func TestCodes_AreOfIstio(t *testing.T) {
	for _, id := range []string{
		"IST0001", "IST0002", "IST0101", "IST0102", "IST0103", "IST0106", "IST0107", "IST0108", "IST0109", "IST0110", "IST0111", "IST0112",
		"IST0116", "IST0118", "IST0123", "IST0125", "IST0126", "IST0127", "IST0128", "IST0129", "IST0130", "IST0131", "IST0132", "IST0133",
		"IST0134", "IST0135", "IST0136", "IST0137", "IST0138", "IST0139", "IST0140", "IST0141", "IST0142", "IST0144", "IST0145", "IST0146",
		"IST0147", "IST0148", "IST0149", "IST0150", "IST0151", "IST0152", "IST0153", "IST0154", "IST0155", "IST0156", "IST0157", "IST0158",
		"IST0159", "IST0160", "IST0161", "IST0162", "IST0163", "IST0164", "IST0165", "IST0166", "IST0167", "IST0169", "IST0170", "IST0171",
		"IST0172", "IST0173", "IST0174", "IST0175", "IST0176",
	} {
		if code, ok := suite.Find(id); !ok {
			t.Errorf("there is no %s", id)
		} else if len(suite.ReportedBy(code)) == 0 {
			t.Errorf("nothing reports %s", id)
		}
	}
}
