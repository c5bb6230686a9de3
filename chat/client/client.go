package client

import (
	"bytes"
	"context"
	"encoding/json"
	"errors"
	"fmt"
	"io"
	"net/http"
	"net/http/cookiejar"
	"net/url"
	"strings"
	"time"
)

const (
	// requestTimeout bounds one request and its answer, and the opening of a stream.
	requestTimeout = 30 * time.Second
	// maxAnswerBytes is a page of 200 events (the protocol's most) of 64 KiB each, rounded up.
	maxAnswerBytes = 16 << 20
)

// Client speaks for one person, or one bot, to one server. Who that is: the cookie
// that SignIn brought, or a token. It may be used by many goroutines at once.
type Client struct {
	base  *url.URL
	http  *http.Client
	token string
}

// Option changes how New builds a Client.
type Option func(*Client)

// WithToken makes the Client a program with a bearer token, which needs no SignIn.
func WithToken(token string) Option { return func(c *Client) { c.token = token } }

// WithHTTPClient lets requests and streams go through h (its Transport, its Jar).
// h itself is not changed. Its Timeout must be 0: it would end streams.
func WithHTTPClient(h *http.Client) Option {
	return func(c *Client) { own := *h; c.http = &own }
}

// New makes a Client for the server at base, such as "http://localhost:5000". It does
// not connect yet.
func New(base string, options ...Option) (*Client, error) {
	u, err := url.Parse(strings.TrimRight(base, "/"))
	if err != nil {
		return nil, fmt.Errorf("the address of the server: %w", err)
	}
	if u.Scheme != "http" && u.Scheme != "https" || u.Host == "" {
		return nil, fmt.Errorf("the address of the server %q must look like http://host:port", base)
	}
	c := &Client{base: u, http: &http.Client{Transport: http.DefaultTransport.(*http.Transport).Clone()}}
	for _, option := range options {
		option(c)
	}
	if c.http.Jar == nil {
		c.http.Jar, _ = cookiejar.New(nil) // New never fails without options
	}
	// A redirect is an answer here: 303 after a sign-in, 303 to /login without a session.
	c.http.CheckRedirect = func(*http.Request, []*http.Request) error { return http.ErrUseLastResponse }
	return c, nil
}

// Close lets go of idle connections. Streams are closed by their own Close.
func (c *Client) Close() { c.http.CloseIdleConnections() }

// call sends body as JSON (nil: no body) and decodes the answer into into (nil: thrown away).
func (c *Client) call(ctx context.Context, method, path string, query url.Values, body, into any) error {
	ctx, cancel := context.WithTimeout(ctx, requestTimeout)
	defer cancel()
	var content io.Reader
	if body != nil {
		data, err := encode(body)
		if err != nil {
			return err
		}
		content = bytes.NewReader(data)
	}
	req, err := c.request(ctx, method, path, query, content)
	if err != nil {
		return err
	}
	req.Header.Set("Accept", "application/json")
	if body != nil {
		req.Header.Set("Content-Type", "application/json")
	}
	resp, err := c.http.Do(req)
	if err != nil {
		return err
	}
	defer resp.Body.Close()
	if resp.StatusCode < 200 || resp.StatusCode > 299 {
		return refusal(resp)
	}
	data, err := io.ReadAll(io.LimitReader(resp.Body, maxAnswerBytes+1))
	switch {
	case err != nil:
		return fmt.Errorf("the answer broke off: %w", err)
	case len(data) > maxAnswerBytes:
		return errors.New("the answer is too long")
	case into == nil:
		return nil
	}
	if err := json.Unmarshal(data, into); err != nil {
		return fmt.Errorf("an answer that cannot be read: %w", err)
	}
	return nil
}

// request builds a request that says who is asking. path is already escaped.
func (c *Client) request(ctx context.Context, method, path string, query url.Values, body io.Reader) (*http.Request, error) {
	address := c.base.String() + path
	if len(query) > 0 {
		address += "?" + query.Encode()
	}
	req, err := http.NewRequestWithContext(ctx, method, address, body)
	if err != nil {
		return nil, err
	}
	c.identify(req.Header)
	return req, nil
}

// identify sets the token, or else the server's own Origin: with a cookie (which the
// jar adds) the server takes nothing but GET without it, and no upgrade.
func (c *Client) identify(h http.Header) {
	if c.token != "" {
		h.Set("Authorization", "Bearer "+c.token)
		return
	}
	h.Set("Origin", c.base.Scheme+"://"+c.base.Host)
}

// encode is JSON without the escapes for HTML: they would make six bytes of each "<",
// and a text that fits would be too large.
func encode(v any) ([]byte, error) {
	var b bytes.Buffer
	e := json.NewEncoder(&b)
	e.SetEscapeHTML(false)
	if err := e.Encode(v); err != nil {
		return nil, err
	}
	return bytes.TrimSuffix(b.Bytes(), []byte("\n")), nil
}
