// A function of AWS Lambda in Go, without a library: it asks the runtime API for events and answers them. With
// github.com/aws/aws-lambda-go, whose lambda.Start does the same, main is one line.
package main

import (
	"bytes"
	"crypto/sha256"
	"encoding/base64"
	"encoding/json"
	"errors"
	"fmt"
	"io"
	"net/http"
	"net/url"
	"os"
)

// How many characters a code has.
const length = 7

type event struct {
	URL string `json:"url"`
	// What an HTTP trigger sends.
	Body string `json:"body"`
}

type link struct {
	Code string `json:"code"`
	URL  string `json:"url"`
}

func shorten(given event) (*link, error) {
	if given.URL == "" && given.Body != "" {
		if err := json.Unmarshal([]byte(given.Body), &given); err != nil {
			return nil, err
		}
	}
	target, err := url.ParseRequestURI(given.URL)
	if err != nil || target.Host == "" {
		return nil, errors.New("give the address to shorten as url")
	}
	sum := sha256.Sum256([]byte(target.String()))
	code := base64.RawURLEncoding.EncodeToString(sum[:])[:length]
	fmt.Println("shortened", target, "to", code)
	return &link{Code: code, URL: target.String()}, nil
}

func main() {
	api := "http://" + os.Getenv("AWS_LAMBDA_RUNTIME_API") + "/2018-06-01/runtime/invocation/"
	for {
		if err := serve(api); err != nil {
			fmt.Fprintln(os.Stderr, err)
			os.Exit(1)
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
	var result *link
	if err = json.Unmarshal(body, &given); err == nil {
		result, err = shorten(given)
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
