// Command layak is the one binary.
package main

func main() {}
