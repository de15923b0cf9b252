// Says the SHA-256 of a text. Asks Lambda's runtime API for events itself, so that it needs no library; with
// github.com/aws/aws-lambda-go the loop is lambda.Start(digest).
package main

import (
	"bytes"
	"crypto/sha256"
	"encoding/hex"
	"encoding/json"
	"io"
	"log"
	"net/http"
	"os"
)

type event struct {
	Text string `json:"text"`
}

type answer struct {
	Sha256   string `json:"sha256"`
	Language string `json:"language"`
}

func digest(given event) answer {
	sum := sha256.Sum256([]byte(given.Text))
	return answer{Sha256: hex.EncodeToString(sum[:]), Language: "Go"}
}

func main() {
	invocations := "http://" + os.Getenv("AWS_LAMBDA_RUNTIME_API") + "/2018-06-01/runtime/invocation/"
	for {
		next, err := http.Get(invocations + "next")
		if err != nil {
			log.Fatal(err)
		}
		body, err := io.ReadAll(next.Body)
		next.Body.Close()
		if err != nil {
			log.Fatal(err)
		}
		var given event
		path, result := "/response", any(nil)
		if err := json.Unmarshal(body, &given); err != nil {
			path, result = "/error", map[string]string{"errorType": "EventError", "errorMessage": err.Error()}
		} else {
			result = digest(given)
		}
		encoded, err := json.Marshal(result)
		if err != nil {
			log.Fatal(err)
		}
		id := next.Header.Get("Lambda-Runtime-Aws-Request-Id")
		told, err := http.Post(invocations+id+path, "application/json", bytes.NewReader(encoded))
		if err != nil {
			log.Fatal(err)
		}
		told.Body.Close()
	}
}
