// Package main is a library: the host calls it, after `_initialize` has run its init functions; main does not run.
package main

import (
	"fmt"
	"os"
)

var calls int32

var name = "nobody"

func init() {
	calls = 100
	if given, ok := os.LookupEnv("NAME"); ok {
		name = given
	}
}

//go:wasmexport add
func add(a, b int32) int32 { return a + b }

//go:wasmexport count
func count() int32 {
	calls++
	return calls
}

//go:wasmexport greet
func greet(times int32) {
	for range times {
		fmt.Println("hello", name)
	}
}

func main() { panic("main ran") }
