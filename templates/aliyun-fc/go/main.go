// A custom runtime of Function Compute: a web server that gets every event as a POST to /invoke.
package main

import (
	"encoding/json"
	"fmt"
	"io"
	"log"
	"net/http"
	"os"
	"sync/atomic"
)

// Lives as long as the instance: a warm call finds it as the call before left it.
var calls atomic.Int64

// What callers may send, and what an HTTP trigger sends of a request.
type event struct {
	Name            string            `json:"name"`
	QueryParameters map[string]string `json:"queryParameters"`
	RequestContext  json.RawMessage   `json:"requestContext"`
}

type greeting struct {
	Message string `json:"message"`
	Calls   int64  `json:"calls"`
}

func greet(name string) greeting {
	if name == "" {
		name = "world"
	}
	answer := greeting{Message: fmt.Sprintf("Hello, %s!", name), Calls: calls.Add(1)}
	fmt.Println("greeting", name, "call", answer.Calls)
	return answer
}

func invoke(response http.ResponseWriter, request *http.Request) {
	body, err := io.ReadAll(request.Body)
	if err != nil {
		http.Error(response, err.Error(), http.StatusInternalServerError)
		return
	}
	var given event
	if len(body) > 0 {
		if err := json.Unmarshal(body, &given); err != nil {
			http.Error(response, err.Error(), http.StatusBadRequest)
			return
		}
	}
	var result any
	if given.RequestContext == nil {
		result = greet(given.Name)
	} else {
		text, err := json.Marshal(greet(given.QueryParameters["name"]))
		if err != nil {
			http.Error(response, err.Error(), http.StatusInternalServerError)
			return
		}
		result = map[string]any{
			"statusCode": http.StatusOK,
			"headers":    map[string]string{"Content-Type": "application/json"},
			"body":       string(text),
		}
	}
	response.Header().Set("Content-Type", "application/json")
	if err := json.NewEncoder(response).Encode(result); err != nil {
		log.Print(err)
	}
}

func main() {
	port := os.Getenv("FC_SERVER_PORT")
	if port == "" {
		port = "9000"
	}
	http.HandleFunc("/invoke", invoke)
	log.Fatal(http.ListenAndServe("0.0.0.0:"+port, nil))
}
