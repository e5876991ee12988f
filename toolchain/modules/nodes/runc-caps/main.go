// Command runc-caps is an OCI runtime: runc, with the capabilities of containers limited to those that
// this process may give away. Docker asks for every capability that the kernel knows when a container is
// privileged; where the machine withholds one, such as CAP_SYS_RESOURCE, runc fails with "unable to apply
// caps: operation not permitted". The runtime that it calls is named by RUNC, or found on the PATH.
package main

import (
	"bytes"
	"encoding/json"
	"fmt"
	"log"
	"os"
	"os/exec"
	"path/filepath"
	"slices"
	"strconv"
	"strings"
	"syscall"
)

// In the order of their bits (linux/capability.h).
var names = strings.Fields(`CHOWN DAC_OVERRIDE DAC_READ_SEARCH FOWNER FSETID KILL SETGID SETUID SETPCAP
	LINUX_IMMUTABLE NET_BIND_SERVICE NET_BROADCAST NET_ADMIN NET_RAW IPC_LOCK IPC_OWNER SYS_MODULE SYS_RAWIO
	SYS_CHROOT SYS_PTRACE SYS_PACCT SYS_ADMIN SYS_BOOT SYS_NICE SYS_RESOURCE SYS_TIME SYS_TTY_CONFIG MKNOD LEASE
	AUDIT_WRITE AUDIT_CONTROL SETFCAP MAC_OVERRIDE MAC_ADMIN SYSLOG WAKE_ALARM BLOCK_SUSPEND AUDIT_READ PERFMON
	BPF CHECKPOINT_RESTORE`)

type object = map[string]any

func main() {
	if err := limit(os.Args[1:]); err != nil {
		log.Fatalf("runc-caps: %v", err)
	}
	runtime := os.Getenv("RUNC")
	if runtime == "" {
		found, err := exec.LookPath("runc")
		if err != nil {
			log.Fatalf("runc-caps: %v", err)
		}
		runtime = found
	}
	log.Fatal(syscall.Exec(runtime, append([]string{runtime}, os.Args[1:]...), os.Environ()))
}

// A container's capabilities stand in config.json of its bundle, those of an exec in the file of its process.
func limit(args []string) error {
	command := slices.IndexFunc(args, func(arg string) bool {
		return slices.Contains([]string{"create", "run", "exec"}, arg)
	})
	if command < 0 {
		return nil
	}
	if args[command] == "exec" {
		file := flag(args[command:], "--process", "-p")
		if file == "" {
			return nil
		}
		return edit(file, func(root object) any { return root })
	}
	bundle := flag(args[command:], "--bundle", "-b")
	return edit(filepath.Join(bundle, "config.json"), func(root object) any { return root["process"] })
}

func flag(args []string, names ...string) string {
	for i, arg := range args {
		if name, value, ok := strings.Cut(arg, "="); ok && slices.Contains(names, name) {
			return value
		}
		if slices.Contains(names, arg) && i+1 < len(args) {
			return args[i+1]
		}
	}
	return ""
}

func edit(file string, process func(object) any) error {
	text, err := os.ReadFile(file)
	if err != nil {
		return err
	}
	root := object{}
	decoder := json.NewDecoder(bytes.NewReader(text))
	decoder.UseNumber()
	if err := decoder.Decode(&root); err != nil {
		return err
	}
	found, ok := process(root).(object)
	if !ok {
		return nil
	}
	capabilities, ok := found["capabilities"].(object)
	if !ok {
		return nil
	}
	given, err := bounding()
	if err != nil {
		return err
	}
	for set, list := range capabilities {
		wanted, _ := list.([]any)
		capabilities[set] = slices.DeleteFunc(wanted, func(name any) bool { return !given[fmt.Sprint(name)] })
	}
	edited, err := json.Marshal(root)
	if err != nil {
		return err
	}
	return os.WriteFile(file, edited, 0o600)
}

// bounding are the capabilities that this process may pass on.
func bounding() (map[string]bool, error) {
	text, err := os.ReadFile("/proc/self/status")
	if err != nil {
		return nil, err
	}
	for line := range strings.Lines(string(text)) {
		digits, ok := strings.CutPrefix(line, "CapBnd:")
		if !ok {
			continue
		}
		bits, err := strconv.ParseUint(strings.TrimSpace(digits), 16, 64)
		if err != nil {
			return nil, err
		}
		given := map[string]bool{}
		for bit, name := range names {
			given["CAP_"+name] = bits&(1<<bit) != 0
		}
		return given, nil
	}
	return nil, fmt.Errorf("no CapBnd in /proc/self/status")
}
