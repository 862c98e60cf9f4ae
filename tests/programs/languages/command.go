// Package main shows what it is given, reads and writes files, and ends with the number of its arguments.
package main

import (
	"fmt"
	"io"
	"os"
	"slices"
)

func list(path string) {
	entries, _ := os.ReadDir(path)
	lines := make(chan string)
	for _, entry := range entries {
		go func() {
			found, _ := entry.Info()
			lines <- fmt.Sprintf("%s: %d bytes", entry.Name(), found.Size())
		}()
	}
	var sorted []string
	for range entries {
		sorted = append(sorted, <-lines)
	}
	slices.Sort(sorted)
	for _, line := range sorted {
		fmt.Println(line)
	}
}

func main() {
	for _, argument := range os.Args[1:] {
		fmt.Printf("argument: %s\n", argument)
	}
	greeting, given := os.LookupEnv("GREETING")
	if !given {
		greeting = "none"
	}
	fmt.Printf("greeting: %s\n", greeting)
	input, _ := io.ReadAll(os.Stdin)
	fmt.Printf("input: %d bytes\n", len(input))
	contents, err := os.ReadFile("input.txt")
	if err != nil {
		contents = []byte("none")
	}
	fmt.Printf("file: %s\n", contents)
	list("folder")
	os.WriteFile("output.txt", []byte("written by the program"), 0666)
	fmt.Fprintln(os.Stderr, "done")
	os.Exit(len(os.Args) - 1)
}
