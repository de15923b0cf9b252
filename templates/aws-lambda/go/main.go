// A function of AWS Lambda in Go, without a library: it asks the runtime API for events and answers them. With
// github.com/aws/aws-lambda-go, whose lambda.Start does the same, main is one line.
package main

import (
	"bytes"
	"encoding/json"
	"fmt"
	"io"
	"log"
	"net/http"
	"os"
)

// Lives as long as the instance: a warm call finds it as the call before left it.
var calls int

// What callers may send, and what an HTTP trigger sends of a request.
type event struct {
	Name                  string            `json:"name"`
	QueryStringParameters map[string]string `json:"queryStringParameters"`
	RequestContext        json.RawMessage   `json:"requestContext"`
}

type greeting struct {
	Message string `json:"message"`
	Calls   int    `json:"calls"`
}

func handle(given event) (any, error) {
	calls++
	name := given.Name
	if asked := given.QueryStringParameters["name"]; asked != "" {
		name = asked
	}
	if name == "" {
		name = "world"
	}
	fmt.Println("greeting", name, "call", calls)
	answer := greeting{Message: fmt.Sprintf("Hello, %s!", name), Calls: calls}
	if given.RequestContext == nil {
		return answer, nil
	}
	text, err := json.Marshal(answer)
	return map[string]any{
		"statusCode": http.StatusOK,
		"headers":    map[string]string{"content-type": "application/json"},
		"body":       string(text),
	}, err
}

func main() {
	api := "http://" + os.Getenv("AWS_LAMBDA_RUNTIME_API") + "/2018-06-01/runtime/invocation/"
	for {
		if err := serve(api); err != nil {
			log.Fatal(err)
		}
	}
}

// Takes one event and answers it.
func serve(api string) error {
	next, err := http.Get(api + "next")
	if err != nil {
		return err
	}
	defer next.Body.Close()
	body, err := io.ReadAll(next.Body)
	if err != nil {
		return err
	}
	var given event
	var result any
	if err = json.Unmarshal(body, &given); err == nil {
		result, err = handle(given)
	}
	id := next.Header.Get("Lambda-Runtime-Aws-Request-Id")
	if err != nil {
		return post(api+id+"/error", map[string]string{"errorMessage": err.Error(), "errorType": "Error"})
	}
	return post(api+id+"/response", result)
}

func post(url string, value any) error {
	body, err := json.Marshal(value)
	if err != nil {
		return err
	}
	answer, err := http.Post(url, "application/json", bytes.NewReader(body))
	if err != nil {
		return err
	}
	return answer.Body.Close()
}
