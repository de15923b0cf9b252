import { dirname, join } from 'node:path';
import type { ProgramSettings } from '../../program.ts';
import type { ParseContext } from '../projectFile.ts';

/** Files in which templates of `func` have their function. */
const usualFiles = ['handle.go', 'function.go', 'func.go', 'f.go'];

/**
 * A server around a Go function of `func` that has none: a module in the build's folder which takes the function's own
 * from a workspace, so that nothing of the project is written. For functions that answer HTTP requests: `Handle`, or `New`
 * whose result has it (`func` templates, knative.dev/func/functions "Go"). Undefined for any other.
 */
export function goScaffold({
  file,
  include,
}: ParseContext): Pick<ProgramSettings, 'build' | 'assembly'> | undefined {
  const folder = dirname(file);
  const read = (name: string): string | undefined => {
    const found = include?.(join(folder, name));
    return found && 'text' in found ? found.text : undefined;
  };
  const manifest = read('go.mod') ?? '';
  const module = /^module[ \t]+"?([^\s"]+)/m.exec(manifest)?.[1];
  const version = /^go[ \t]+(\d+\.\d+)/m.exec(manifest)?.[1] ?? '1.18';
  const sources = usualFiles.flatMap((name) => read(name) ?? []);
  const made = sources.some((text) => /^func[ \t]+New[ \t]*\(/m.test(text));
  const plain = sources.some((text) => /^func[ \t]+Handle[ \t]*\(/m.test(text));
  const http = sources.some((text) => /\bhttp\.ResponseWriter\b/.test(text));
  if (module === undefined || !http || !(made || plain)) return undefined;
  // Quoted as Go's own files quote: forward slashes serve on every system.
  const place = JSON.stringify(folder.replaceAll('\\', '/'));
  return {
    build: ['go', 'build', '-o', '$ARTIFACTS_DIR/function', '.'],
    assembly: {
      files: {
        'go.work': `go ${version}\n\nuse (\n\t.\n\t${place}\n)\n`,
        'go.mod': `module porchlight.invalid/server\n\ngo ${version}\n`,
        'main.go': serverSource(module, made ? 'function.New()' : 'function.Handle'),
      },
    },
  };
}

/** The server: the function at `/`, the checks of the cluster beside it. */
function serverSource(module: string, made: string): string {
  return `// Made from func.yaml: the server around the function.
package main

import (
	"context"
	"log"
	"net/http"
	"os"
	"os/signal"
	"syscall"
	"time"

	function ${JSON.stringify(module)}
)

type simple interface {
	Handle(http.ResponseWriter, *http.Request)
}

type withContext interface {
	Handle(context.Context, http.ResponseWriter, *http.Request)
}

func handlerOf(made any) http.HandlerFunc {
	switch handle := made.(type) {
	case func(http.ResponseWriter, *http.Request):
		return handle
	case func(context.Context, http.ResponseWriter, *http.Request):
		return func(w http.ResponseWriter, r *http.Request) { handle(r.Context(), w, r) }
	case simple:
		return handle.Handle
	case withContext:
		return func(w http.ResponseWriter, r *http.Request) { handle.Handle(r.Context(), w, r) }
	}
	log.Fatal("the function takes no HTTP request: Handle(http.ResponseWriter, *http.Request) is what is called here")
	return nil
}

func variables() map[string]string {
	all := map[string]string{}
	for _, pair := range os.Environ() {
		for at, letter := range pair {
			if letter == '=' {
				all[pair[:at]] = pair[at+1:]
				break
			}
		}
	}
	return all
}

func main() {
	var made any = ${made}
	serve := http.NewServeMux()
	healthy := func(w http.ResponseWriter, _ *http.Request) { w.WriteHeader(http.StatusOK) }
	serve.HandleFunc("/health/liveness", healthy)
	serve.HandleFunc("/health/readiness", healthy)
	serve.HandleFunc("/", handlerOf(made))
	if starts, ok := made.(interface {
		Start(context.Context, map[string]string) error
	}); ok {
		if err := starts.Start(context.Background(), variables()); err != nil {
			log.Fatal(err)
		}
	}
	server := &http.Server{Addr: "127.0.0.1:" + os.Getenv("PORT"), Handler: serve}
	ended := make(chan struct{})
	go func() {
		asked := make(chan os.Signal, 1)
		signal.Notify(asked, syscall.SIGTERM, os.Interrupt)
		<-asked
		limit, cancel := context.WithTimeout(context.Background(), 10*time.Second)
		defer cancel()
		_ = server.Shutdown(limit)
		if stops, ok := made.(interface{ Stop(context.Context) error }); ok {
			_ = stops.Stop(limit)
		}
		close(ended)
	}()
	if err := server.ListenAndServe(); err != http.ErrServerClosed {
		log.Fatal(err)
	}
	<-ended
}
`;
}
