package charts

import (
	"context"
	"errors"
	"io"
	"io/fs"
	"os"
	"sync/atomic"

	"github.com/docker/cli/cli/config"
	"github.com/docker/cli/cli/config/types"
	"github.com/google/go-containerregistry/pkg/authn"
)

// keychain finds credentials where `helm registry login` leaves them, else
// where docker and podman do. Credential helpers are asked too.
type keychain struct {
	file  string
	found atomic.Bool
}

var _ authn.ContextKeychain = (*keychain)(nil)

func newKeychain(file string) *keychain { return &keychain{file: file} }

// known says that there were credentials for what was asked for.
func (k *keychain) known() bool { return k.found.Load() }

// Resolve is there for the interface's sake: callers with a context use ResolveContext.
func (k *keychain) Resolve(target authn.Resource) (authn.Authenticator, error) {
	return k.resolve(target, authn.DefaultKeychain.Resolve)
}

// ResolveContext implements authn.ContextKeychain.
func (k *keychain) ResolveContext(ctx context.Context, target authn.Resource) (authn.Authenticator, error) {
	return k.resolve(target, func(target authn.Resource) (authn.Authenticator, error) {
		return authn.Resolve(ctx, authn.DefaultKeychain, target)
	})
}

func (k *keychain) resolve(target authn.Resource, others func(authn.Resource) (authn.Authenticator, error)) (authn.Authenticator, error) {
	own, err := k.own(target)
	if err != nil {
		return nil, err
	}
	if own != nil {
		k.found.Store(true)
		return own, nil
	}
	other, err := others(target)
	if err == nil && other != authn.Anonymous {
		k.found.Store(true)
	}
	return other, err
}

// own looks into Helm's file; nil if it says nothing.
func (k *keychain) own(target authn.Resource) (authn.Authenticator, error) {
	file, err := os.Open(k.file)
	if errors.Is(err, fs.ErrNotExist) {
		return nil, nil //nolint:nilnil // nobody has logged in
	}
	if err != nil {
		return nil, &BrokenError{Location: k.file, Err: reason(err)}
	}
	defer func() { _ = file.Close() }()
	read, err := config.LoadFromReader(file)
	if errors.Is(err, io.EOF) {
		return nil, nil //nolint:nilnil // empty, as some tools leave it
	}
	if err != nil {
		return nil, &BrokenError{Location: k.file, Err: err}
	}
	for _, key := range []string{target.String(), target.RegistryStr()} {
		found, err := read.GetAuthConfig(key)
		if err != nil {
			return nil, &BrokenError{Location: k.file, Err: err}
		}
		found.ServerAddress = "" // it repeats the question
		if found != (types.AuthConfig{}) {
			return authn.FromConfig(authn.AuthConfig{
				Username: found.Username, Password: found.Password, Auth: found.Auth,
				IdentityToken: found.IdentityToken, RegistryToken: found.RegistryToken,
			}), nil
		}
	}
	return nil, nil //nolint:nilnil // it knows other registries
}
