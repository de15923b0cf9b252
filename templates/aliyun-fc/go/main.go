// A custom runtime of Function Compute: a web server. It gets events as POST requests to /invoke, and what an HTTP
// trigger takes in as it was sent.
package main

import (
	"encoding/json"
	"errors"
	"fmt"
	"io"
	"log"
	"net/http"
	"os"
	"sync/atomic"
)

// Lives as long as the instance: a warm call finds it as the call before left it.
var calls atomic.Int64

// What callers may send.
type event struct {
	Name string `json:"name"`
}

type greeting struct {
	Message string `json:"message"`
	Calls   int64  `json:"calls"`
}

func greet(response http.ResponseWriter, name string) {
	if name == "" {
		name = "world"
	}
	answer := greeting{Message: fmt.Sprintf("Hello, %s!", name), Calls: calls.Add(1)}
	fmt.Println("greeting", name, "call", answer.Calls)
	response.Header().Set("Content-Type", "application/json")
	if err := json.NewEncoder(response).Encode(answer); err != nil {
		log.Print(err)
	}
}

func invoked(response http.ResponseWriter, request *http.Request) {
	var given event
	// An event may be empty.
	if err := json.NewDecoder(request.Body).Decode(&given); err != nil && !errors.Is(err, io.EOF) {
		http.Error(response, err.Error(), http.StatusBadRequest)
		return
	}
	greet(response, given.Name)
}

func visited(response http.ResponseWriter, request *http.Request) {
	greet(response, request.URL.Query().Get("name"))
}

func main() {
	port := os.Getenv("FC_SERVER_PORT")
	if port == "" {
		port = "9000"
	}
	http.HandleFunc("/invoke", invoked)
	http.HandleFunc("/", visited)
	// In the cloud it has to be reached from outside. HOST=127.0.0.1 in a file .env keeps it to this machine here.
	log.Fatal(http.ListenAndServe(os.Getenv("HOST")+":"+port, nil))
}
