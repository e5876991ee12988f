package main

import (
	"encoding/binary"
	"fmt"

	"github.com/mdlayher/netlink"
)

// Of linux/netfilter/nfnetlink.h and nfnetlink_queue.h.
const (
	protocol  = 12 // NETLINK_NETFILTER
	subsystem = 3  // NFNL_SUBSYS_QUEUE

	messagePacket  = 0
	messageVerdict = 1
	messageConfig  = 2

	configCommand  = 1
	configParams   = 2
	configCapacity = 3
	commandBind    = 1
	copyMeta       = 1

	packetHeader  = 1
	verdictHeader = 2
	drop          = 0
	accept        = 1
)

// queue is a netfilter queue of this network namespace.
type queue struct {
	conn   *netlink.Conn
	number uint16
}

// open binds a queue. Only the packets' numbers are copied here, not what is in them.
func open(number uint16, capacity uint32) (*queue, error) {
	conn, err := netlink.Dial(protocol, nil)
	if err != nil {
		return nil, err
	}
	q := &queue{conn, number}
	settings := []netlink.Attribute{
		{Type: configCommand, Data: []byte{commandBind, 0, 0, 0}},
		{Type: configParams, Data: []byte{0, 0, 0, 0, copyMeta}},
		{Type: configCapacity, Data: binary.BigEndian.AppendUint32(nil, capacity)},
	}
	for _, setting := range settings {
		message, err := q.message(messageConfig, setting)
		if err != nil {
			return nil, err
		}
		message.Header.Flags |= netlink.Acknowledge
		if _, err := conn.Execute(message); err != nil {
			return nil, fmt.Errorf("cannot bind netfilter queue %d: %w", number, err)
		}
	}
	return q, nil
}

// receive waits for packets and returns their numbers.
func (q *queue) receive() ([]uint32, error) {
	messages, err := q.conn.Receive()
	if err != nil {
		return nil, err
	}
	var ids []uint32
	for _, message := range messages {
		if message.Header.Type != subsystem<<8|messagePacket || len(message.Data) < 4 {
			continue
		}
		attributes, err := netlink.UnmarshalAttributes(message.Data[4:])
		if err != nil {
			return nil, err
		}
		for _, attribute := range attributes {
			if attribute.Type == packetHeader && len(attribute.Data) >= 4 {
				ids = append(ids, binary.BigEndian.Uint32(attribute.Data))
			}
		}
	}
	return ids, nil
}

// verdict lets a packet go on, or loses it.
func (q *queue) verdict(id uint32, goOn bool) error {
	decision := uint32(drop)
	if goOn {
		decision = accept
	}
	data := binary.BigEndian.AppendUint32(binary.BigEndian.AppendUint32(nil, decision), id)
	message, err := q.message(messageVerdict, netlink.Attribute{Type: verdictHeader, Data: data})
	if err != nil {
		return err
	}
	_, err = q.conn.Send(message)
	return err
}

func (q *queue) close() error { return q.conn.Close() }

// message is a request about this queue: nfgenmsg (family, version, number) and attributes.
func (q *queue) message(kind uint16, attributes ...netlink.Attribute) (netlink.Message, error) {
	data, err := netlink.MarshalAttributes(attributes)
	if err != nil {
		return netlink.Message{}, err
	}
	head := binary.BigEndian.AppendUint16([]byte{0, 0}, q.number)
	return netlink.Message{
		Header: netlink.Header{Type: netlink.HeaderType(subsystem<<8 | kind), Flags: netlink.Request},
		Data:   append(head, data...),
	}, nil
}
