package client

import (
	"context"
	"fmt"
	"html"
	"net/http"
	"net/url"
	"regexp"
	"strings"
)

// SignIn takes a nickname and keeps the session that comes with it. A refusal is an
// *Error with the page's sentence: 409 taken, 422 malformed, 429 too many sign-ins.
func (c *Client) SignIn(ctx context.Context, nickname string) error {
	if err := c.form(ctx, "/login", url.Values{"nickname": {nickname}}); err != nil {
		return fmt.Errorf("sign in as %q: %w", nickname, err)
	}
	return nil
}

// SignOut ends the session. The server closes its streams within a second.
func (c *Client) SignOut(ctx context.Context) error {
	if err := c.form(ctx, "/logout", nil); err != nil {
		return fmt.Errorf("sign out: %w", err)
	}
	return nil
}

// form sends a form as the browser does. Success is the redirect to the next page.
func (c *Client) form(ctx context.Context, path string, fields url.Values) error {
	ctx, cancel := context.WithTimeout(ctx, requestTimeout)
	defer cancel()
	req, err := c.request(ctx, http.MethodPost, path, nil, strings.NewReader(fields.Encode()))
	if err != nil {
		return err
	}
	req.Header.Set("Content-Type", "application/x-www-form-urlencoded")
	resp, err := c.http.Do(req)
	if err != nil {
		return err
	}
	defer resp.Body.Close()
	if resp.StatusCode != http.StatusSeeOther {
		return refusal(resp)
	}
	return nil
}

// alert finds the sentence that a page of the server says about what was wrong: the text
// of its first element with role="alert". It is "" when there is none.
func alert(page string) string {
	found := alertElement.FindStringSubmatch(page)
	if found == nil {
		return ""
	}
	text := html.UnescapeString(tag.ReplaceAllString(found[1], ""))
	return strings.Join(strings.Fields(text), " ")
}

var (
	alertElement = regexp.MustCompile(`(?s)<[a-z]+[^>]*\brole="?alert"?[^>]*>(.*?)</(?:p|div|strong|output)>`)
	tag          = regexp.MustCompile(`<[^>]*>`)
)
