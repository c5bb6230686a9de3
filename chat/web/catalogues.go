package web

import (
	"encoding/json"
	"fmt"
	"html/template"
	"io/fs"
	"net/http"
	"net/url"
	"path"
	"slices"
	"strings"
	"time"

	"golang.org/x/text/language"
)

// Which language somebody is spoken to in: the one that he chose, or what his browser asks for.

// catalogues are all languages, English first.
type catalogues struct {
	all     []*catalogue
	matcher language.Matcher
}

// readCatalogues reads the catalogues (*.json), and the templates once for each.
func readCatalogues(texts, templates fs.FS) (*catalogues, error) {
	names, err := fs.Glob(texts, "*.json")
	if err != nil {
		return nil, err
	}
	l := &catalogues{}
	for _, name := range names {
		data, err := fs.ReadFile(texts, name)
		if err != nil {
			return nil, err
		}
		c := &catalogue{}
		if c.tag, err = language.Parse(strings.TrimSuffix(name, path.Ext(name))); err == nil {
			err = json.Unmarshal(data, &c.texts)
		}
		if err != nil {
			return nil, fmt.Errorf("%s: %w", name, err)
		}
		l.all = append(l.all, c)
	}
	slices.SortStableFunc(l.all, func(a, b *catalogue) int {
		switch language.English {
		case a.tag:
			return -1
		case b.tag:
			return 1
		}
		return strings.Compare(a.text("language.name"), b.text("language.name"))
	})
	var tags []language.Tag
	known := sentences(l.all[0])
	for _, c := range l.all {
		c.sentences = known
		tags = append(tags, c.tag)
		c.pages, err = template.New("").Funcs(template.FuncMap{
			"text": c.text, "marked": c.marked,
			"language":  c.tag.String,
			"languages": func() []*catalogue { return l.all },
		}).ParseFS(templates, "*.html")
		if err != nil {
			return nil, err
		}
	}
	l.matcher = language.NewMatcher(tags)
	return l, nil
}

// named finds a language by its tag; nil if there is none.
func (l *catalogues) named(tag string) *catalogue {
	for _, c := range l.all {
		if c.Tag() == tag {
			return c
		}
	}
	return nil
}

// languageCookie keeps the language that somebody chose. All chatds of a host share it, on purpose.
const languageCookie = "chatd-language"

// words are the texts in the language that the reader chose, or else in the best that his browser asks for.
func (h *Handler) words(r *http.Request) *catalogue {
	if chosen, err := r.Cookie(languageCookie); err == nil {
		if c := h.texts.named(chosen.Value); c != nil {
			return c
		}
	}
	_, i := language.MatchStrings(h.texts.matcher, r.Header.Values("Accept-Language")...)
	return h.texts.all[i]
}

// chooseLanguage keeps a choice, signed in or not, and shows the page again where it was made.
func (h *Handler) chooseLanguage(w http.ResponseWriter, r *http.Request) {
	form, err := readForm(w, r)
	if err != nil {
		h.formFailed(w, r, err)
		return
	}
	chosen := h.texts.named(form.Get("language"))
	if chosen == nil {
		words := h.words(r)
		h.errorPage(w, r, http.StatusBadRequest, words.text("page.failed"), words.text("page.no_language"))
		return
	}
	http.SetCookie(w, &http.Cookie{
		Name: languageCookie, Value: chosen.Tag(), Path: "/", MaxAge: int((365 * 24 * time.Hour).Seconds()),
		HttpOnly: true, SameSite: http.SameSiteLaxMode, Secure: h.scheme(r) == "https",
	})
	from, err := url.Parse(r.Referer()) // of this server, as the request is (sameOrigin)
	if err != nil {
		from = &url.URL{}
	}
	http.Redirect(w, r, orHome(nextPath(from.RequestURI())), http.StatusSeeOther)
}
