// Package main greets, shows its arguments, and sums in goroutines.
package main

import (
	"fmt"
	"os"
)

func main() {
	fmt.Println("hello, world")
	for i, argument := range os.Args[1:] {
		fmt.Printf("%d %q\n", i, argument)
	}
	sums := make(chan int)
	for i := 0; i < 4; i++ {
		go func() { sums <- i * i }()
	}
	total := 0
	for i := 0; i < 4; i++ {
		total += <-sums
	}
	fmt.Println(total)
	if len(os.Args) > 2 {
		os.Exit(len(os.Args))
	}
}
