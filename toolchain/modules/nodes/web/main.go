// Command web serves one page that says which Pod answered, and a greeting from the environment.
package main

import (
	"fmt"
	"html"
	"log"
	"net/http"
	"os"
	"time"
)

func main() {
	host, err := os.Hostname()
	if err != nil {
		log.Fatal(err)
	}
	page := fmt.Sprintf("<!doctype html><title>%[1]s</title><p>%[1]s, from %[2]s</p>\n",
		html.EscapeString(os.Getenv("GREETING")), html.EscapeString(host))
	server := &http.Server{
		Addr:              ":8080",
		ReadHeaderTimeout: 5 * time.Second,
		Handler: http.HandlerFunc(func(w http.ResponseWriter, _ *http.Request) {
			w.Header().Set("Content-Type", "text/html; charset=utf-8")
			_, _ = fmt.Fprint(w, page)
		}),
	}
	log.Fatal(server.ListenAndServe())
}
