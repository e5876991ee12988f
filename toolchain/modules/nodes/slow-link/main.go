// Command slow-link is a bad network: it holds every packet of a netfilter queue for a while, and loses
// some. What tc netem does, for kernels that do not have it. On SIGTERM, which comes when nothing is queued
// any more, it lets go of what it holds and says how many packets there were.
package main

import (
	"flag"
	"fmt"
	"log"
	"math/rand/v2"
	"os"
	"os/signal"
	"syscall"
	"time"
)

// held is a packet that waits for its time.
type held struct {
	id    uint32
	until time.Time
}

// More than a fast link sends in a second; the kernel drops what does not fit.
const capacity = 16384

func main() {
	number := flag.Uint("queue", 7, "number of the queue (iptables -j NFQUEUE --queue-num)")
	delay := flag.Duration("delay", 50*time.Millisecond, "how long each packet is held")
	loss := flag.Float64("loss", 0.01, "probability that a packet is lost, 0 to 1")
	flag.Parse()
	queue, err := open(uint16(*number), capacity)
	if err != nil {
		log.Fatal(err)
	}
	packets := make(chan held, capacity)
	counts := make(chan [2]int)
	go func() { counts <- release(queue, packets, *loss) }()
	stop := make(chan os.Signal, 1)
	signal.Notify(stop, syscall.SIGTERM, syscall.SIGINT)
	go func() {
		<-stop
		time.Sleep(*delay)
		queue.close()
	}()
	for {
		ids, err := queue.receive()
		if err != nil {
			break
		}
		until := time.Now().Add(*delay)
		for _, id := range ids {
			packets <- held{id, until}
		}
	}
	close(packets)
	total := <-counts
	fmt.Printf("%d packets, %d lost\n", total[0], total[1])
}

// release lets packets go in the order in which they came, each when its time has come.
func release(queue *queue, packets <-chan held, loss float64) (counts [2]int) {
	for packet := range packets {
		time.Sleep(time.Until(packet.until))
		lost := rand.Float64() < loss
		counts[0]++
		if lost {
			counts[1]++
		}
		if err := queue.verdict(packet.id, !lost); err != nil {
			log.Print(err)
		}
	}
	return counts
}
