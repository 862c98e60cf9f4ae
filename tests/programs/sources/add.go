// Package main is a reactor: main must not run.
package main

import "fmt"

//go:wasmexport add
func add(a, b int32) int32 { return a + b }

func main() { fmt.Println("main ran") }
