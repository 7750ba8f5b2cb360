package main

import "strings"

// Identifiers by which others link to the dashboards, those of Istio's own.
const (
	meshUID         = "1a9a8ea49444aae205c7737573e894f9"
	serviceUID      = "LJ_uJAvmk"
	workloadUID     = "UbsSZTDik"
	performanceUID  = "vu8e0VWZk"
	controlPlaneUID = "1813f692a8e4ac77155348d4c7d2fba8"
	wasmUID         = "7PAV7ctGz"
	ztunnelUID      = "12c58766acc81a1c835dd5059eaf2741"
)

// path is where a dashboard is, with the time and the data source of this one.
func path(uid, slug string, variables ...string) string {
	return "/d/" + uid + "/" + slug + "?" + strings.Join(append([]string{"${__url_time_range}", "${datasource:queryparam}"}, variables...), "&")
}

// toService leads from a cell to the service in it; toWorkload takes the namespace from the same row.
func toService() string {
	return path(serviceUID, "istio-service-dashboard", "var-service=${__value.text:percentencode}")
}

func toWorkload(namespaceTitle string) string {
	return path(workloadUID, "istio-workload-dashboard", "var-workload=${__value.text:percentencode}", `var-namespace=${__data.fields["`+namespaceTitle+`"]:percentencode}`)
}
