module managedcluster.io/binaries/crossplane-cli-v1.20

go 1.26.0

tool github.com/crossplane/crossplane/cmd/crank

require github.com/crossplane/crossplane v1.20.1
